import { useCallback, useEffect, useRef, useState } from 'react'

import { dropKept, keep, readKept, type Typed } from '../kept'

const SETTLE_MS = 250

type UseTyped = {
  typed: Typed
  /** Change what is typed; it is kept on this device a moment later. */
  change: (change: (typed: Typed) => Typed) => void
  /** When what is shown was typed earlier and found on this device: that time (ms), else null. */
  restoredAt: number | null
  /** The draft's version that it was typed into: an older one than the draft's where it was changed elsewhere since. */
  version: number
  /** Whether something is typed that was not saved. */
  isDirty: boolean
  /** The server has `sent`, tidied as `next`: forget what was kept here. What was typed since then stays, unsaved. */
  saved: (sent: Typed, next: Typed) => void
  /** Go back to what was saved. */
  discard: () => void
}

/** What is typed into one draft, kept on this device until it is saved. `newest` is the draft's version, 0 for a new one. */
export function useTyped(key: string, newest: number, initial: () => Typed): UseTyped {
  const [start] = useState(() => {
    const kept = readKept(key)
    const fresh = initial()
    // The form may have got another field since.
    return { kept, typed: kept ? { ...kept, values: { ...fresh.values, ...kept.values } } : fresh }
  })
  const [typed, setTyped] = useState<Typed>(start.typed)
  const [restoredAt, setRestoredAt] = useState(start.kept?.at ?? null)
  const [keptVersion, setKeptVersion] = useState(start.kept?.version ?? null)
  const [isDirty, setDirty] = useState(start.kept !== null)
  const version = keptVersion ?? newest
  /** What `typed` is by now: two changes in one event build on each other. */
  const latest = useRef(start.typed)
  const pending = useRef<Typed | null>(null)

  const flush = useCallback(() => {
    if (pending.current) keep(key, { ...pending.current, version, at: Date.now() })
    pending.current = null
  }, [key, version])

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
  const forget = () => {
    pending.current = null
    dropKept(key)
    setDirty(false)
    setRestoredAt(null)
    setKeptVersion(null)
  }
  return {
    typed,
    restoredAt,
    version,
    isDirty,
    change: (change) => {
      const next = change(latest.current)
      pending.current = next
      become(next)
      setDirty(true)
    },
    saved: (sent, next) => {
      const typedOn = latest.current !== sent
      forget()
      if (typedOn) setDirty(true)
      else become(next)
    },
    discard: () => {
      forget()
      become(initial())
    },
  }
}
