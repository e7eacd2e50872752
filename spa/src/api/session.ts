/**
 * The signed-in person's token, shared by every tab through localStorage.
 *
 * Three situations matter: signed in; signed out (here or in another tab); expired, where the page stays as it
 * is, a dialog asks for the password, and the calls that failed wait for it.
 */

/** What is kept: enough to call the API and to greet; the rest comes from `/api/me`. */
export type Session = {
  token: string
  personId: number
  username: string
}

export type SessionState = { session: Session | null; expired: boolean }

/** A call that was waiting for a new sign-in will not be made: the person signed out, or another one signed in. */
export class SignedOut extends Error {}

const KEY = 'cloister.session'

type Waiter = { personId: number; resume: (session: Session) => void; abandon: (reason: SignedOut) => void }

let state: SessionState = { session: read(), expired: false }
let waiters: Waiter[] = []
const listeners = new Set<() => void>()

function read(): Session | null {
  try {
    // Whether the token still counts is the server's to say: this machine's clock may be wrong.
    const session = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Session | null
    return session?.token ? session : null
  } catch {
    return null // not what this page wrote: sign in
  }
}

function become(next: SessionState): void {
  state = next
  const { session } = next
  if (!next.expired) {
    const waiting = waiters
    waiters = []
    for (const waiter of waiting) {
      if (session?.personId === waiter.personId) waiter.resume(session)
      else waiter.abandon(new SignedOut())
    }
  }
  listeners.forEach((listener) => listener())
}

export function sessionState(): SessionState {
  return state
}

export function subscribeToSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function keepSession(session: Session): void {
  localStorage.setItem(KEY, JSON.stringify(session))
  become({ session, expired: false })
}

export function forgetSession(): void {
  localStorage.removeItem(KEY)
  become({ session: null, expired: false })
}

/** Wait until the person whose `token` was refused has signed in again; rejects with `SignedOut` otherwise. */
export function renewedSession(refused: Session): Promise<Session> {
  const { session } = state
  if (!session) return Promise.reject(new SignedOut())
  if (session.token !== refused.token) {
    return session.personId === refused.personId ? Promise.resolve(session) : Promise.reject(new SignedOut())
  }
  return new Promise((resume, abandon) => {
    waiters.push({ personId: refused.personId, resume, abandon })
    if (!state.expired) become({ session, expired: true })
  })
}

window.addEventListener('storage', (event) => {
  // A null key means that the whole storage was cleared.
  if (event.key === KEY || event.key === null) become({ session: read(), expired: false })
})
