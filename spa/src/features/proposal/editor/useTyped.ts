import { useCallback, useEffect, useRef, useState } from 'react'

import { dropKept, keep, readKept, type Typed } from '../kept'

const SETTLE_MS = 250

/** Where something typed belongs: the key it is kept under here, and the draft's version it was typed into. */
type Place = { key: string; version: number }

type UseTyped = {
  typed: Typed
  /** Change what is typed; it is kept on this device a moment later. */
  change: (change: (typed: Typed) => Typed) => void
  /** When what is shown was typed earlier and found on this device: that time (ms), else null. */
  restoredAt: number | null
  /** Whether something is typed that was not saved. */
  isDirty: boolean
  /** Whether anything was typed since this was opened: what was only found again is nobody's wish yet. */
  isTouched: boolean
  /** What is typed by now, into which version, and whether it is saved; for callbacks, which outlive what was drawn. */
  latest: () => { typed: Typed; version: number; isDirty: boolean }
  /** The server has `sent`, tidied as `next`: forget what was kept here. What was typed since then stays, unsaved. */
  saved: (sent: Typed, next: Typed, place: Place) => void
  /** Go back to what was saved. */
  discard: () => void
}

/**
 * What is typed into one draft, kept on this device until it is saved.
 *
 * `place.version` is the draft's newest, 0 for a new one; what was found on this device keeps the one it was typed into.
 */
export function useTyped(place: Place, initial: () => Typed): UseTyped {
  const [start] = useState(() => {
    const kept = readKept(place.key)
    const fresh = initial()
    // The form may have got another field since.
    const typed = kept ? { ...kept, values: { ...fresh.values, ...kept.values } } : fresh
    return { typed, restoredAt: kept?.at ?? null, place: { key: place.key, version: kept?.version ?? place.version } }
  })
  const [typed, setTyped] = useState<Typed>(start.typed)
  const [restoredAt, setRestoredAt] = useState(start.restoredAt)
  const [isDirty, setDirty] = useState(start.restoredAt !== null)
  const [isTouched, setTouched] = useState(false)
  /** What `typed` is by now: two changes in one event build on each other. */
  const latest = useRef(start.typed)
  const at = useRef<Place>(start.place)
  const pending = useRef<Typed | null>(null)
  const dirty = useRef(start.restoredAt !== null)

  const flush = useCallback(() => {
    if (pending.current) keep(at.current.key, { ...pending.current, version: at.current.version, at: Date.now() })
    pending.current = null
  }, [])

  useEffect(() => {
    if (!isDirty || !pending.current) return
    const timer = setTimeout(flush, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [typed, isDirty, flush])

  useEffect(() => {
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [flush])

  const become = (next: Typed) => {
    latest.current = next
    setTyped(next)
  }
  const mark = (next: boolean) => {
    dirty.current = next
    setDirty(next)
    setTouched(next)
  }
  const forget = () => {
    pending.current = null
    dropKept(at.current.key)
    mark(false)
    setRestoredAt(null)
  }
  return {
    typed,
    restoredAt,
    isDirty,
    isTouched,
    latest: () => ({ typed: latest.current, version: at.current.version, isDirty: dirty.current }),
    change: (change) => {
      const next = change(latest.current)
      pending.current = next
      become(next)
      mark(true)
    },
    saved: (sent, next, newest) => {
      const typedOn = latest.current !== sent ? latest.current : null
      forget()
      at.current = newest
      if (typedOn) {
        pending.current = typedOn
        flush()
        mark(true)
      } else if (next !== sent) {
        become(next)
      }
    },
    discard: () => {
      forget()
      at.current = { ...at.current, version: place.version }
      become(initial())
    },
  }
}
