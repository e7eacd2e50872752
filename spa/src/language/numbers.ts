/** Numbers as people type them: full-width digits are digits, separators and currency signs are no content. */

/** Full-width forms folded (NFKC), separators, spaces and yen signs left out: "１，５００ 円" is "1500". */
export function normalizeNumber(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\u2212\u2010-\u2015ー]/g, '-')
    .replace(/[,、\s¥円\\]/g, '')
}

/** The whole number that was typed, or null where it is none. */
export function parseWholeNumber(typed: string): number | null {
  const digits = normalizeNumber(typed)
  return /^-?\d{1,15}$/.test(digits) ? Number(digits) : null
}
