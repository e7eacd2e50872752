import { useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'

import { proposalQuery } from '@/api/queries'
import type { Attachment, AttachmentLimits } from '@/api/types'

import { refusalOf } from './limits'
import { addUpload, allUploads, subscribeToUploads, type Target, type Upload } from './uploads'

/** Files on their way for one proposal, or for a new form that has no draft yet. */
export function useUploads(proposalId: number | null, place: string | null): Upload[] {
  const all = useSyncExternalStore(subscribeToUploads, allUploads)
  return all.filter(
    (upload) => (proposalId !== null && upload.proposalId === proposalId) || (place !== null && upload.place === place),
  )
}

/** What the page knows of a proposal's attachments, and how that changes. */
export function useAttachmentCache() {
  const queries = useQueryClient()
  const revise = (proposalId: number, change: (before: Attachment[]) => Attachment[]) => {
    queries.setQueryData(proposalQuery(proposalId).queryKey, (before) =>
      before && { ...before, attachments: change(before.attachments) },
    )
  }
  // Whatever was asked before may still be answered with what was so then: an answer on its way is dropped, a new one asked.
  const askAnew = (proposalId: number) => void queries.invalidateQueries({ queryKey: proposalQuery(proposalId).queryKey })
  return {
    known: (proposalId: number) => queries.getQueryData(proposalQuery(proposalId).queryKey)?.attachments ?? [],
    onChange: (proposalId: number, attachment: Attachment) => {
      revise(proposalId, (before) =>
        before.some(({ id }) => id === attachment.id)
          ? before.map((one) => (one.id === attachment.id ? attachment : one))
          : [...before, attachment],
      )
      if (attachment.state !== 'expected') askAnew(proposalId)
    },
    onGone: (proposalId: number, attachmentId: number) => {
      revise(proposalId, (before) => before.filter(({ id }) => id !== attachmentId))
      askAnew(proposalId)
    },
  }
}

/** Put files in line; what cannot be attached is listed with the reason. */
export function addFiles(files: readonly File[], target: Target, limits: AttachmentLimits, before: number): void {
  let count = before
  for (const file of files) {
    const refusal = refusalOf(file, limits, count)
    addUpload(file, target, refusal)
    if (refusal === null) count += 1
  }
}
