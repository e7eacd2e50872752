/** Keys: what counts as typing, and shortcuts that never fire while somebody types. */
import { useEffect, useRef, useSyncExternalStore } from 'react'

type KeyLike = { isComposing: boolean; keyCode: number }

/**
 * Say whether a key belongs to an input method that is still composing. Key code 229 is what browsers send
 * where `isComposing` is already false for the Enter that ends a composition (UI Events, section 5.3.3).
 */
export function isComposing(event: KeyLike): boolean {
  return event.isComposing || event.keyCode === 229
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

// --- the switch: WCAG 2.1.4 asks that single-key shortcuts can be turned off -------------------------------
const KEY = 'cloister.shortcuts'
const listeners = new Set<() => void>()

const areOn = () => localStorage.getItem(KEY) !== 'off'

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useShortcutSwitch(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, areOn)
  const turn = (next: boolean) => {
    localStorage.setItem(KEY, next ? 'on' : 'off')
    listeners.forEach((listener) => listener())
  }
  return [on, turn]
}

/** While the component is shown, call `actions[key]` when that key alone is pressed outside fields and dialogs. */
export function useShortcuts(actions: Partial<Record<string, () => void>>): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!areOn() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (isComposing(event) || isTyping(event.target) || document.querySelector('dialog[open]')) return
      const action = latest.current[event.key]
      if (!action) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
