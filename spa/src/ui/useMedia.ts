import { useSyncExternalStore } from 'react'

/** Whether a media query holds, kept current. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    () => window.matchMedia(query).matches,
  )
}

/** Whether there is room for a table; the same figure is in styles/lists.css. */
export function useIsWide(): boolean {
  return useMedia('(min-width: 48rem)')
}
