import { useEffect, useRef } from 'react'

import { useShortcuts } from '@/ui/keys'
import { lastMove } from '@/ui/navigation'

/** The row opened last, to be found again by whoever comes back to the list. */
let opened: number | null = null

/**
 * Rows of a list whose links carry `data-row`: j and k move between them, and whoever comes back finds the focus
 * on the row they opened.
 */
export function useRows(ids: readonly number[]): { onOpen: (id: number) => void } {
  const restored = useRef(false)

  const rows = () => [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const step = (by: number) => {
    const all = rows()
    const at = all.findIndex((row) => row === document.activeElement)
    const next = at === -1 ? (by > 0 ? 0 : all.length - 1) : at + by
    all[next]?.focus()
  }
  useShortcuts({ j: () => step(1), k: () => step(-1) })

  useEffect(() => {
    if (restored.current || ids.length === 0) return
    restored.current = true
    if (lastMove() === 'back') document.querySelector<HTMLElement>(`[data-row="${opened}"]`)?.focus()
  }, [ids])

  return {
    onOpen: (id) => {
      opened = id
    },
  }
}
