import { familyName, formatStamp } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'

import type { Verdict } from './model'

type SealProps = { kind: Verdict | 'submit'; at: string; person: { name: string; name_en: string } }

/**
 * A date stamp (データ印), as these companies press it on paper: what, when, who. The words beside it say the same,
 * so it is hidden from assistive technology. Names too long for the ring are squeezed, as engravers do.
 */
export function Seal({ kind, at, person }: SealProps) {
  const { t, language } = useLanguage()
  const name = familyName(person, language)
  const word = t(`seal.${kind}`)
  return (
    <svg className="seal" data-kind={kind} viewBox="0 0 72 72" aria-hidden="true" focusable="false">
      <circle cx="36" cy="36" r="33" />
      <path d="M6.2 26.5h59.6M6.2 45.5h59.6" />
      <text x="36" y="21" {...fit(word, 11, 38)}>
        {word}
      </text>
      <text x="36" y="40.5" fontSize="12">
        {formatStamp(at)}
      </text>
      <text x="36" y="59.5" {...fit(name, 12.5, 42)}>
        {name}
      </text>
    </svg>
  )
}

/** A text that would be wider than `most` is set smaller, and squeezed where that is not enough. */
function fit(text: string, size: number, most: number) {
  // Kana and kanji are as wide as high, letters about 0.62 of it.
  const wide = Array.from(text).reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e7f ? 1 : 0.62), 0)
  const fontSize = Math.max(size * 0.68, Math.min(size, most / wide))
  return { fontSize, ...(wide * fontSize > most && { textLength: most, lengthAdjust: 'spacingAndGlyphs' as const }) }
}
