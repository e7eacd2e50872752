import { useQuery } from '@tanstack/react-query'

import { meQuery } from '@/api/queries'
import type { Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'

import { AttachmentRow } from './AttachmentRow'
import { UploadRow } from './UploadRow'
import { useUploads } from './useFiles'

/** Files beside a proposal, to be read. */
export function AttachmentList({ proposal, place = null }: { proposal: Proposal; place?: string | null }) {
  const { t } = useLanguage()
  const { data: me } = useQuery(meQuery)
  const uploads = useUploads(proposal.id, place)
  const limits = me?.attachments
  const onTheirWay = new Set(uploads.map(({ attachmentId }) => attachmentId))
  const attachments = proposal.attachments.filter(({ id }) => !onTheirWay.has(id))
  return (
    <>
      {uploads.length > 0 && (
        <p className="lead" role="status">
          {t('file.onTheirWay', { count: uploads.length })}
        </p>
      )}
      <ul className="files" aria-label={t('file.title')}>
        {attachments.map((attachment) => (
          <AttachmentRow key={attachment.id} proposalId={proposal.id} attachment={attachment} mayChange={false} />
        ))}
        {limits && uploads.map((upload) => <UploadRow key={`upload ${upload.key}`} upload={upload} limits={limits} />)}
      </ul>
    </>
  )
}
