import { describe, expect, it } from 'vitest'

import { accepted, refusalOf } from './limits'

const limits = { largest: 100, most: 2, kinds: [{ extension: 'pdf', content_type: 'application/pdf' }] }

describe('refusalOf', () => {
  it('lets pass what is allowed, to the byte, whatever the case of its extension', () => {
    expect(refusalOf({ name: '見積書.PDF', size: 100 }, limits, 1)).toBeNull()
  })

  it.each([
    [{ name: '見積書.pdf', size: 101 }, 0, 'too_large'],
    [{ name: 'pdf', size: 1 }, 0, 'wrong_kind'],
    [{ name: '見積書.pdf.exe', size: 1 }, 0, 'wrong_kind'],
    [{ name: '見積書.pdf', size: 1 }, 2, 'over_count'],
  ])('refuses %o beside %d others as %s', (file, count, refusal) => {
    expect(refusalOf(file, limits, count)).toBe(refusal)
  })
})

describe('accepted', () => {
  it('names extensions as a file chooser takes them', () => {
    expect(accepted(limits)).toBe('.pdf')
  })
})
