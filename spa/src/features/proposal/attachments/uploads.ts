/**
 * Files on their way to the store. They belong to no screen: whoever looks at another page meanwhile still sends them.
 *
 * Every step can be repeated: a file is announced once, a broken sending begins again with a new form, and where an
 * answer was lost the server is asked first whether the file has arrived.
 */
import { announceFile, confirmFile, removeFile, renewForm } from '@/api/operations'
import { NoAnswer, Problem } from '@/api/problem'
import { sessionState, subscribeToSession } from '@/api/session'
import type { Attachment, UploadForm } from '@/api/types'

import { StoreRefused, send } from './send'
import { digestOf } from './sha256'

export type Phase = 'waiting' | 'reading' | 'sending' | 'checking' | 'failed'

/** Why a file was not even tried, or could not be read: to be said in the page's own words. */
export type Refusal = 'too_large' | 'wrong_kind' | 'over_count' | 'unreadable' | 'no_draft'

export type Upload = {
  readonly key: number
  readonly file: File
  /** Whose files these are: the proposal's id, or the new form's key before it has one. */
  readonly place: string
  readonly proposalId: number | null
  readonly attachmentId: number | null
  readonly phase: Phase
  /** Share of the present phase that is done, 0 to 1. */
  readonly done: number
  /** What went wrong: `Problem`, `NoAnswer`, `StoreRefused`, or a refusal; null unless `failed`. */
  readonly error: unknown
  readonly refusal: Refusal | null
}

/** What an upload needs of the screen that begins it; it outlives the screen. */
export type Target = {
  place: string
  /** The draft's id; saves it first where it has none. */
  draft: () => Promise<number>
  /** Attachments of the draft as they are known here. */
  known: (proposalId: number) => Attachment[]
  /** An attachment is new, or has changed. */
  onChange: (proposalId: number, attachment: Attachment) => void
  /** An attachment is gone. */
  onGone: (proposalId: number, attachmentId: number) => void
}

type Task = { target: Target; given: AbortController; sha256: string | null }

/** More at once would only share the same line. */
const AT_ONCE = 2

let uploads: readonly Upload[] = []
let keys = 0
const tasks = new Map<number, Task>()
const listeners = new Set<() => void>()

export function allUploads(): readonly Upload[] {
  return uploads
}

export function subscribeToUploads(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function become(next: readonly Upload[]): void {
  uploads = next
  listeners.forEach((listener) => listener())
}

const find = (key: number) => uploads.find((upload) => upload.key === key)

function change(key: number, changes: Partial<Upload>): void {
  become(uploads.map((upload) => (upload.key === key ? { ...upload, ...changes } : upload)))
}

function drop(key: number): void {
  tasks.delete(key)
  become(uploads.filter((upload) => upload.key !== key))
  begin()
}

/** Put a file in line; with `refusal` it is only shown, with the reason. */
export function addUpload(file: File, target: Target, refusal: Refusal | null): void {
  keys += 1
  const phase = refusal ? 'failed' : 'waiting'
  tasks.set(keys, { target, given: new AbortController(), sha256: null })
  const place = { place: target.place, proposalId: null, attachmentId: null }
  become([...uploads, { ...place, key: keys, file, phase, done: 0, error: null, refusal }])
  begin()
}

/** Go on with a file that failed. */
export function retryUpload(key: number): void {
  const task = tasks.get(key)
  if (!task || find(key)?.phase !== 'failed') return
  task.given = new AbortController()
  change(key, { phase: 'waiting', done: 0, error: null, refusal: null })
  begin()
}

/** Give a file up, wherever it is on its way. */
export function cancelUpload(key: number): void {
  const upload = find(key)
  const task = tasks.get(key)
  if (!upload || !task) return
  task.given.abort()
  drop(key)
  const { attachmentId, proposalId } = upload
  if (attachmentId === null || proposalId === null) return
  // What cannot be told now is given up by the server a day later, and shown until then with a way to remove it.
  removeFile(attachmentId).then(
    () => task.target.onGone(proposalId, attachmentId),
    () => undefined,
  )
}

function begin(): void {
  const active = uploads.filter(({ phase }) => phase !== 'waiting' && phase !== 'failed').length
  const [next] = uploads.filter(({ phase }) => phase === 'waiting')
  if (!next || active >= AT_ONCE) return
  change(next.key, { phase: 'reading' })
  void run(next.key).then(begin)
  begin()
}

async function run(key: number): Promise<void> {
  const task = tasks.get(key)
  const upload = find(key)
  if (!task || !upload) return
  const { signal } = task.given
  try {
    const proposalId = upload.proposalId ?? (await task.target.draft().catch(refuse('no_draft')))
    signal.throwIfAborted()
    change(key, { proposalId })
    const tell = (done: number) => {
      if (!signal.aborted) change(key, { done })
    }
    task.sha256 ??= await digestOf(upload.file, signal, (bytes) => tell(bytes / upload.file.size)).catch(refuse('unreadable', signal))
    const arrived = await bring(key, task, proposalId, task.sha256, tell)
    task.target.onChange(proposalId, arrived)
    drop(key)
  } catch (error) {
    if (signal.aborted) return
    const refused = error instanceof Refused
    change(key, { phase: 'failed', error: refused ? error.cause : error, refusal: refused ? error.refusal : null })
  }
}

/** Take a file to the store, from wherever it had come to, and have it checked. */
async function bring(key: number, task: Task, proposalId: number, sha256: string, tell: (done: number) => void): Promise<Attachment> {
  const upload = find(key)
  if (!upload) throw new DOMException('given up', 'AbortError')
  const { file } = upload
  const { signal } = task.given
  let id = upload.attachmentId ?? begunBefore(task.target.known(proposalId), file, sha256)
  let form: UploadForm | null = null
  if (id !== null) {
    change(key, { attachmentId: id, phase: 'checking' })
    const found = await whereItIs(id)
    if (found.kind === 'arrived') return found.attachment
    form = found.form
    if (form === null) id = null
  }
  if (id === null || form === null) {
    const offer = await announceFile(proposalId, { name: file.name, content_type: file.type, size: file.size, sha256 })
    ;({ id } = offer.attachment)
    form = offer.upload
    task.target.onChange(proposalId, offer.attachment)
    // Given up while it was announced: taken back, so that no trace of it stays.
    if (signal.aborted) await removeFile(id).then(() => task.target.onGone(proposalId, offer.attachment.id))
    signal.throwIfAborted()
  }
  change(key, { attachmentId: id, phase: 'sending', done: 0 })
  const sendBy = (by: UploadForm) => send(by, file, signal, (bytes) => tell(bytes / file.size))
  try {
    await sendBy(form)
  } catch (error) {
    // A form that ended, or whose credentials did: once more with a new one.
    if (!(error instanceof StoreRefused)) throw error
    await sendBy((await renewForm(id)).upload)
  }
  change(key, { phase: 'checking', done: 1 })
  return confirmFile(id)
}

/** A file that was announced before this page was loaded anew, chosen once more: it goes on where it was. */
function begunBefore(known: Attachment[], file: File, sha256: string): number | null {
  const taken = new Set(uploads.map(({ attachmentId }) => attachmentId))
  const same = known.find((one) => one.state === 'expected' && one.sha256 === sha256 && one.size === file.size && !taken.has(one.id))
  return same?.id ?? null
}

type Whereabouts = { kind: 'arrived'; attachment: Attachment } | { kind: 'awaited'; form: UploadForm | null }

/** Whether an announced file has arrived after all; where not, a new form for it, or null where the server gave it up. */
async function whereItIs(id: number): Promise<Whereabouts> {
  try {
    return { kind: 'arrived', attachment: await confirmFile(id) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.code === 'no_such_attachment') return { kind: 'awaited', form: null }
    if (error.code !== 'attachment_not_arrived') throw error
    return { kind: 'awaited', form: (await renewForm(id)).upload }
  }
}

class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal, cause: unknown) {
    super(refusal, { cause })
    this.refusal = refusal
  }
}

function refuse(refusal: Refusal, signal?: AbortSignal) {
  return (cause: unknown): never => {
    throw signal?.aborted ? cause : new Refused(refusal, cause)
  }
}

// What failed for want of a connection goes on by itself when there is one.
window.addEventListener('online', () => {
  for (const { key, error } of uploads) if (error instanceof NoAnswer) retryUpload(key)
})

window.addEventListener('beforeunload', (event) => {
  if (uploads.some(({ phase }) => phase !== 'failed')) event.preventDefault()
})

let personId = sessionState().session?.personId
subscribeToSession(() => {
  const now = sessionState().session?.personId
  if (now === personId) return
  personId = now
  // Another person: nothing of the one before is sent on.
  for (const { given } of tasks.values()) given.abort()
  tasks.clear()
  become([])
})
