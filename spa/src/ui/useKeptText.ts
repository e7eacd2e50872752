import { useState } from 'react'

import { sessionState } from '@/api/session'

const PREFIX = 'cloister.text.'

/**
 * Text of one field, kept for this tab and person under `name`, so that a reload loses nothing; empty text is forgotten.
 * Whoever signs in next in the same tab does not find it.
 */
export function useKeptText(name: string): [string, (text: string) => void] {
  const key = `${PREFIX}${sessionState().session?.personId ?? 'nobody'}.${name}`
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '')
  const change = (next: string) => {
    if (next === '') sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, next)
    setText(next)
  }
  return [text, change]
}
