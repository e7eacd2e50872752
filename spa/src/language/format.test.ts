import { describe, expect, it } from 'vitest'

import { daysSince, familyName, formatAmount, formatDate, formatInstant, formatStamp, nameOf } from '@/language/format'

describe('formatDate', () => {
  it('writes the weekday in Japanese', () => {
    expect(formatDate('2026-11-22', 'ja')).toBe('2026年11月22日(日)')
  })

  it('writes the month as a word in English', () => {
    expect(formatDate('2026-11-22', 'en')).toBe('22 Nov 2026')
  })

  it('takes the day that the instant has where its offset was written', () => {
    // 00:30 on the 1st in Tokyo is still the day before in London.
    expect(formatDate('2026-04-01T00:30:00+09:00', 'ja')).toBe('2026年4月1日(水)')
  })

  it('leaves alone what is no date', () => {
    expect(formatDate('not yet', 'en')).toBe('not yet')
  })
})

describe('formatInstant', () => {
  it('goes to the minute, ignoring fractions of seconds', () => {
    expect(formatInstant('2026-11-22T09:05:59.123456+09:00', 'ja')).toBe('2026年11月22日(日) 09:05')
    expect(formatInstant('2026-11-22T09:05:59.123456+09:00', 'en')).toBe('22 Nov 2026, 09:05')
  })
})

describe('formatStamp', () => {
  it('is what a date stamp shows', () => {
    expect(formatStamp('2026-04-01T09:00:00+09:00')).toBe('26.04.01')
  })
})

describe('formatAmount', () => {
  it.each([
    [0, '0円', '¥0'],
    [999, '999円', '¥999'],
    [1_500_000, '1,500,000円', '¥1,500,000'],
    [-12_000, '-12,000円', '-¥12,000'],
  ])('writes %d yen', (yen, japanese, english) => {
    expect(formatAmount(yen, 'ja')).toBe(japanese)
    expect(formatAmount(yen, 'en')).toBe(english)
  })
})

describe('daysSince', () => {
  const now = new Date(2026, 10, 22, 0, 5)

  it('counts calendar days: five minutes after midnight, the evening before is a day ago', () => {
    expect(daysSince(new Date(2026, 10, 21, 23, 50).toISOString(), now)).toBe(1)
  })

  it('is never negative, whatever the clocks say', () => {
    expect(daysSince(new Date(2026, 10, 23, 9, 0).toISOString(), now)).toBe(0)
  })
})

describe('names', () => {
  const hanako = { name: '田中 花子', name_en: 'Hanako Tanaka' }

  it('are Japanese where no English name is known', () => {
    expect(nameOf({ name: '田中 花子', name_en: '' }, 'en')).toBe('田中 花子')
  })

  it('have the family name first in Japanese and last in English', () => {
    expect(familyName(hanako, 'ja')).toBe('田中')
    expect(familyName(hanako, 'en')).toBe('Tanaka')
    expect(familyName({ name: '田中 花子', name_en: '' }, 'en')).toBe('田中')
  })
})
