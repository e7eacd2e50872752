import { describe, expect, it } from 'vitest'

import { parseWholeNumber } from '@/language/numbers'

describe('parseWholeNumber', () => {
  it.each([
    ['1500000', 1_500_000],
    ['1,500,000', 1_500_000],
    ['１，５００，０００', 1_500_000],
    ['１５００円', 1500],
    ['￥1,500', 1500],
    [' 12 000 ', 12_000],
    ['−5', -5],
    ['ー５', -5],
    ['0', 0],
  ])('reads %s', (typed, number) => {
    expect(parseWholeNumber(typed)).toBe(number)
  })

  it.each(['', '円', '12.5', '五百', '1e3', 'about 5', '9'.repeat(16)])('reads no number in "%s"', (typed) => {
    expect(parseWholeNumber(typed)).toBeNull()
  })
})
