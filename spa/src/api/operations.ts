/** What changes something: one function a verb; each returns what the API answers, or throws (see problem.ts). */
import { client, strangersClient } from '@/api/client'
import { answer } from '@/api/problem'
import type { components } from '@/api/schema.gen'
import { forgetSession, keepSession, sessionState } from '@/api/session'
import type { Attachment, Content, Copied, Me, Message, Proposal, UploadForm, Verdict } from '@/api/types'

export async function signIn(credentials: { username: string; password: string }): Promise<Me> {
  return beSignedIn(await answer(strangersClient.POST('/api/session', { body: credentials })))
}

/** Keep what the API answers to whoever has just proved who they are. */
export function beSignedIn(made: components['schemas']['Session']): Me {
  keepSession({
    token: made.token,
    personId: made.person.id,
    username: made.person.username,
  })
  return made.person
}

/** Sign out in every tab. The token is also revoked on the server, as far as it can be reached. */
export async function signOut(): Promise<void> {
  const { session } = sessionState()
  forgetSession()
  if (!session) return
  const headers = { Authorization: `Bearer ${session.token}` }
  await strangersClient.DELETE('/api/session', { headers }).catch(() => undefined)
}

export function chooseLanguage(language: Me['language']): Promise<Me> {
  return answer(client.PATCH('/api/me', { body: { language } }))
}

/** What a person writes in a draft. */
export type Draft = { post: number; title: string; content: Content }

/**
 * Begin a draft. `key` is chosen by the page (a UUID): sent again, the draft is not made again, and `isNew` says that
 * what was sent this time was not written.
 */
export async function createProposal(draft: Draft & { type: string; key: string }): Promise<{ made: Proposal; isNew: boolean }> {
  const call = client.POST('/api/proposals', { body: draft })
  const made = await answer(call)
  return { made, isNew: (await call).response.status === 201 }
}

/** Begin a proposal of one's own with the content of another; `key` as for a new one. */
export function copyProposal(id: number, key: string): Promise<Copied> {
  return answer(client.POST('/api/proposals/{proposal_id}/copy', { params: { path: { proposal_id: id } }, body: { key } }))
}

/** Save a draft; `version` is the one that was read (409 `stale_draft` when another one was saved since). */
export function saveProposal(id: number, draft: Draft & { version: number }): Promise<Proposal> {
  return answer(client.PATCH('/api/proposals/{proposal_id}', { params: { path: { proposal_id: id } }, body: draft }))
}

export function submitProposal(id: number, version: number): Promise<Proposal> {
  return answer(client.POST('/api/proposals/{proposal_id}/submit', { params: { path: { proposal_id: id } }, body: { version } }))
}

export function withdrawProposal(id: number, comment: string): Promise<Proposal> {
  return answer(client.POST('/api/proposals/{proposal_id}/withdraw', { params: { path: { proposal_id: id } }, body: { comment } }))
}

export function pullBackProposal(id: number): Promise<Proposal> {
  return answer(client.POST('/api/proposals/{proposal_id}/pull-back', { params: { path: { proposal_id: id } } }))
}

export function commentOnProposal(id: number, body: string): Promise<Proposal> {
  return answer(client.POST('/api/proposals/{proposal_id}/comments', { params: { path: { proposal_id: id } }, body: { body } }))
}

/** Show a proposal to people who do not decide. */
export function circulateProposal(id: number, people: number[]): Promise<Proposal> {
  return answer(client.POST('/api/proposals/{proposal_id}/viewers', { params: { path: { proposal_id: id } }, body: { people } }))
}

/** Say that one has seen what was circulated. */
export function acknowledgeProposal(id: number): Promise<Proposal> {
  return answer(client.POST('/api/proposals/{proposal_id}/seen', { params: { path: { proposal_id: id } } }))
}

/** Mark notices as read up to the newest that was shown; returns how many are unread. */
export async function readNotices(upTo: number): Promise<number> {
  const { unread } = await answer(client.POST('/api/notices/read', { body: { up_to: upTo } }))
  return unread
}

/** Let a message that was given up be tried again. */
export function retryMessage(id: number): Promise<Message> {
  return answer(client.POST('/api/outbox/{message_id}/retry', { params: { path: { message_id: id } } }))
}

/** Record that what a message was to do was done by hand, and how. */
export function settleMessage(id: number, comment: string): Promise<Message> {
  return answer(client.POST('/api/outbox/{message_id}/settle', { params: { path: { message_id: id } }, body: { comment } }))
}

/** `revision` is the one the person saw: 409 `stale_revision` when there is a newer one. */
export function decide(
  assignmentId: number,
  decision: { verdict: Verdict; revision: number; comment: string },
): Promise<Proposal> {
  return answer(
    client.POST('/api/assignments/{assignment_id}/decision', { params: { path: { assignment_id: assignmentId } }, body: decision }),
  )
}

export type NewFile = { name: string; content_type: string; size: number; sha256: string }
type Offer = { attachment: Attachment; upload: UploadForm }

/** Say which file is coming; the answer's form takes it to the store. */
export function announceFile(proposalId: number, file: NewFile): Promise<Offer> {
  return answer(
    client.POST('/api/proposals/{proposal_id}/attachments', { params: { path: { proposal_id: proposalId } }, body: file }),
  )
}

/** A new form for a file that has not arrived: 409 `attachment_not_expected` where it has. */
export function renewForm(attachmentId: number): Promise<Offer> {
  return answer(client.POST('/api/attachments/{attachment_id}/upload', { params: { path: { attachment_id: attachmentId } } }))
}

/** Have the server check what arrived: 409 `attachment_not_arrived` where nothing has. */
export function confirmFile(attachmentId: number): Promise<Attachment> {
  return answer(client.POST('/api/attachments/{attachment_id}/confirm', { params: { path: { attachment_id: attachmentId } } }))
}

export async function removeFile(attachmentId: number): Promise<void> {
  await answer(client.DELETE('/api/attachments/{attachment_id}', { params: { path: { attachment_id: attachmentId } } }))
}

/** An address to download a file from, signed anew at each call: it soon ends. */
export async function downloadAddress(attachmentId: number): Promise<string> {
  const { url } = await answer(
    client.GET('/api/attachments/{attachment_id}/download', { params: { path: { attachment_id: attachmentId } } }),
  )
  return url
}
