/**
 * Which new form a tab is writing: two tabs with the same form are two proposals, a reload goes on with the same one.
 *
 * A form's key is held by a lock of the browser's (Web Locks) for as long as its tab is open. So what was typed in a
 * tab that was closed, and never reached the server, is found by the next tab that opens such a form, and by no other.
 */
import { newUuid } from '@/api/uuid'

import { keptNewForms } from '../kept'

export type NewForm = { key: string; release: () => void }

/** A tab that is being loaded anew may hold its lock for a moment longer. */
const OWN_PATIENCE_MS = 1000

function remembered(personId: number, type: string): string {
  return `cloister.new.${personId}.${type}`
}

/** Get hold of a new form of a type: this tab's own, else one that was left behind, else an empty one. */
export async function claimNewForm(personId: number, type: string): Promise<NewForm> {
  const own = sessionStorage.getItem(remembered(personId, type))
  const candidates = [...(own === null ? [] : [own]), ...keptNewForms(personId, type)]
  for (const key of candidates) {
    const release = await hold(key, key === own ? { signal: AbortSignal.timeout(OWN_PATIENCE_MS) } : { ifAvailable: true })
    if (release) return claimed(personId, type, { key, release })
  }
  const key = newUuid()
  return claimed(personId, type, { key, release: (await hold(key, { ifAvailable: true })) ?? (() => undefined) })
}

function claimed(personId: number, type: string, form: NewForm): NewForm {
  sessionStorage.setItem(remembered(personId, type), form.key)
  return form
}

/** The form has become a draft: the next new form of this tab is another one. */
export function leaveNewForm(personId: number, type: string): void {
  sessionStorage.removeItem(remembered(personId, type))
}

/** Take the lock of a form until it is released or the tab is closed; null where another tab has it. */
function hold(key: string, options: LockOptions): Promise<(() => void) | null> {
  // Without TLS there are no locks (secure contexts only): then a form belongs to whoever asks.
  if (!('locks' in navigator)) return Promise.resolve(() => undefined)
  return new Promise((resolve) => {
    navigator.locks
      .request(`cloister.new.${key}`, options, (lock) => {
        if (lock) return new Promise<void>((release) => resolve(release))
        resolve(null)
        return undefined
      })
      .catch(() => resolve(null)) // not granted in time
  })
}
