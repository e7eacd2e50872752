import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import { createProposal, saveProposal, type Draft } from '@/api/operations'
import { NoAnswer, Problem } from '@/api/problem'
import { proposalQuery } from '@/api/queries'
import { sessionState, SignedOut } from '@/api/session'
import type { Content, Proposal } from '@/api/types'

import type { Form } from '../form'
import { keptKey, type Typed } from '../kept'
import { contentFrom, tidy } from '../values'
import type { useTyped } from './useTyped'

/** After this long without a key, what was typed goes to the server. */
const SETTLE_MS = 1500
/** Pauses before trying again by itself, in milliseconds; the last one repeats. */
const PAUSES_MS = [5_000, 15_000, 60_000]

/** How it stands with saving by itself; `at`: milliseconds since 1970. */
export type Standing =
  | { kind: 'nothing' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: number }
  /** Only on this device: the server did not answer, or something typed cannot be saved as it is yet. */
  | { kind: 'kept'; because: 'no_answer' | 'not_valid' }
  /** The server refused, and only the person can decide what to do. */
  | { kind: 'refused'; error: unknown }

type SaverOf = {
  personId: number
  typeCode: string
  form: Form
  /** The draft as it was read, or null for a new one. */
  proposal: Proposal | null
  draft: ReturnType<typeof useTyped>
  /** Key of a new form, by which the server knows its first save again. */
  newForm: string
  onBegun: (id: number) => void
}

/** `asked`: the person pressed a button, so rows left empty go; `quiet`: nothing on the screen may move. */
type Wish = { asked: boolean; version?: number }

type Edited = Draft & { version: number }

/** Saves one draft, one save after the other: by itself while somebody types, and when asked to. */
export function useSaver({ personId, typeCode, form, proposal, draft, newForm, onBegun }: SaverOf) {
  const queries = useQueryClient()
  const [base, setBase] = useState(proposal)
  const [standing, setStanding] = useState<Standing>({ kind: 'nothing' })
  const [failures, setFailures] = useState(0)
  const newest = useRef(proposal)
  /** What was sent and never answered: it may have been saved all the same. */
  const unanswered = useRef<Edited | null>(null)
  const chain = useRef<Promise<unknown>>(Promise.resolve())

  const send = async ({ asked, version }: Wish): Promise<Proposal> => {
    // Whoever signed out meanwhile must not save in the name of whoever signed in.
    if (sessionState().session?.personId !== personId) throw new SignedOut()
    const { typed: sent, version: typedInto, isDirty } = draft.latest()
    const before = newest.current
    if (before && !asked && !isDirty) return before // a save that was asked for was faster
    const next: Typed = asked ? { ...sent, values: tidy(form.fields, sent.values) } : sent
    const body = { post: next.post, title: next.title, content: contentFrom(form.fields, next.values) }
    const made = before ? await saveOver(before.id, { ...body, version: version ?? typedInto }) : await begun(body)
    newest.current = made
    draft.saved(sent, next, { key: keptKey(personId, made.id), version: made.version })
    setBase(made)
    queries.setQueryData(proposalQuery(made.id).queryKey, made)
    void queries.invalidateQueries({ queryKey: ['proposals'] })
    if (!before) onBegun(made.id)
    return made
  }

  /** Begin the draft, once: where the answer to an earlier attempt was lost, what it began is saved over. */
  const begun = async (body: Draft): Promise<Proposal> => {
    const { made, isNew } = await createProposal({ ...body, type: typeCode, key: newForm })
    return isNew ? made : saveProposal(made.id, { ...body, version: made.version })
  }

  /** Save a draft; where the answer to the save before was lost, and it is that which made the draft newer, save over it. */
  const saveOver = async (id: number, edited: Edited): Promise<Proposal> => {
    try {
      return await saveProposal(id, edited)
    } catch (error) {
      if (error instanceof NoAnswer) unanswered.current = edited
      const mine = unanswered.current
      if (!(error instanceof Problem) || error.code !== 'stale_draft' || mine?.version !== edited.version) throw error
      const found = await queries.query({ ...proposalQuery(id), staleTime: 0 })
      if (!holds(found, mine)) throw error
      return saveProposal(id, { ...edited, version: found.version })
    }
  }

  /** Save after whatever is being saved already. Rejects with what went wrong. */
  const save = (wish: Wish): Promise<Proposal> => {
    const saving = chain.current.catch(() => undefined).then(() => send(wish))
    chain.current = saving
    saving.then(
      () => {
        setStanding({ kind: 'saved', at: Date.now() })
        setFailures(0)
      },
      () => undefined,
    )
    return saving
  }

  const saveQuietly = () => {
    setStanding({ kind: 'saving' })
    save({ asked: false }).catch((error: unknown) => {
      setStanding(standingAfter(error))
      setFailures((before) => before + 1)
    })
  }

  const { typed, isDirty, isTouched } = draft
  const isWorth = base !== null || typed.title.trim() !== '' || Object.keys(contentFrom(form.fields, typed.values)).length > 0
  const wants = isDirty && isTouched && isWorth && standing.kind !== 'refused'
  const latest = useRef({ saveQuietly, wants })
  useEffect(() => {
    latest.current = { saveQuietly, wants }
  })

  useEffect(() => {
    if (!wants) return
    const timer = setTimeout(() => latest.current.saveQuietly(), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [typed, wants])

  const waits = wants && standing.kind === 'kept' && standing.because === 'no_answer'
  useEffect(() => {
    if (!waits) return
    const again = () => latest.current.saveQuietly()
    const timer = setTimeout(again, PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1])
    window.addEventListener('online', again)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('online', again)
    }
  }, [waits, failures])

  // Whoever goes to another screen in the midst of a word has it saved as well.
  useEffect(
    () => () => {
      if (latest.current.wants) latest.current.saveQuietly()
    },
    [],
  )

  return {
    base,
    standing,
    save,
    /** Take a refusal back, so that saving by itself goes on. */
    forgive: () => setStanding({ kind: 'nothing' }),
    /** The draft's id, saved first where it never was. */
    begin: async (): Promise<number> => (newest.current ?? (await save({ asked: false }))).id,
  }
}

function standingAfter(error: unknown): Standing {
  if (!(error instanceof Problem)) return { kind: 'kept', because: 'no_answer' }
  return error.errors.length > 0 ? { kind: 'kept', because: 'not_valid' } : { kind: 'refused', error }
}

/** Whether a draft is what was sent: saved once over the version it was meant for. The server adds what it computes. */
function holds(found: Proposal, sent: Edited): boolean {
  const content = found.content as Content
  return (
    found.version === sent.version + 1 &&
    found.title === sent.title.split(/\s+/).filter(Boolean).join(' ') &&
    Object.entries(sent.content).every(([name, value]) => includes(content[name], value))
  )
}

function includes(found: unknown, sent: unknown): boolean {
  if (typeof sent !== 'object' || sent === null) return found === sent
  if (typeof found !== 'object' || found === null) return false
  return Object.entries(sent).every(([name, value]) => includes((found as Record<string, unknown>)[name], value))
}
