/**
 * Do something to a proposal once, also where the answer is lost: the server is asked what became of it before anybody
 * is told that it failed, or does it again.
 */
import { Problem, leavesOpen } from '@/api/problem'
import { proposalNow } from '@/api/queries'
import type { Proposal } from '@/api/types'

/** Where there was no answer to the first question, there may be none to this one: nobody waits long for it. */
const LOOK_MS = 5_000

/** Proposals of which it is not known what became of the last thing that was done to them. */
const open = new Set<number>()

/** Resolves with the answer, or with the proposal as it is where `isDone` finds it done; else rejects with what went wrong. */
export async function surely(id: number, act: () => Promise<Proposal>, isDone: (found: Proposal) => boolean): Promise<Proposal> {
  try {
    const made = await act()
    open.delete(id)
    return made
  } catch (error) {
    if (leavesOpen(error)) open.add(id)
    // 409: it is no longer as it was. The attempt before, which had no answer, may be the reason.
    else if (!(error instanceof Problem && error.status === 409 && open.has(id))) throw error
    const found = await asItIs(id)
    if (found) open.delete(id)
    if (found && isDone(found)) return found
    throw error
  }
}

/** The proposal as the server has it now, or null where it does not say. */
export function asItIs(id: number): Promise<Proposal | null> {
  const look = proposalNow(id, AbortSignal.timeout(LOOK_MS)).catch(() => null)
  return Promise.race([look, new Promise<null>((resolve) => setTimeout(() => resolve(null), LOOK_MS))])
}
