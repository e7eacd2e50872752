import { useState } from 'react'

const PREFIX = 'cloister.text.'

/** Text of one field, kept for this tab under `name`, so that a reload loses nothing; empty text is forgotten. */
export function useKeptText(name: string): [string, (text: string) => void] {
  const key = `${PREFIX}${name}`
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '')
  const change = (next: string) => {
    if (next === '') sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, next)
    setText(next)
  }
  return [text, change]
}
