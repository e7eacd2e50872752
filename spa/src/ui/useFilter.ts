import { useDeferredValue, useRef, useState, type RefObject } from 'react'

import { useShortcuts } from '@/ui/keys'

/** Fold what differs only in width, case or kana kind, so that "ﾉｰﾄ", "ノート" and "のーと" find each other. */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u30A1-\u30F6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
}

type Filter<T> = {
  text: string
  setText: (text: string) => void
  shown: T[]
  field: RefObject<HTMLInputElement | null>
}

/** Narrow down rows that are already here; `/` leads to the field. `words` are the texts that are searched. */
export function useFilter<T>(rows: T[], words: (row: T) => string[]): Filter<T> {
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const parts = fold(useDeferredValue(text)).split(/\s+/).filter(Boolean)
  useShortcuts({ '/': () => field.current?.focus() })
  const shown = parts.length === 0 ? rows : rows.filter((row) => {
    const all = fold(words(row).join('\n'))
    return parts.every((part) => all.includes(part))
  })
  return { text, setText, shown, field }
}
