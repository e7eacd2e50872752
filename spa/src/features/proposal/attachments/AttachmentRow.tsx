import { useMutation } from '@tanstack/react-query'

import { confirmFile, removeFile } from '@/api/operations'
import type { Attachment } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { useReason } from '@/ui/Failure'

import { DownloadButton, DownloadFailure, useDownload } from './DownloadButton'
import { FileRow } from './FileRow'
import { useAttachmentCache } from './useFiles'
import { useStateOf } from './words'

type AttachmentRowProps = {
  proposalId: number
  attachment: Attachment
  /** Where it may be taken out: who writes the draft. */
  mayChange: boolean
  /** Opens the file chooser, for a file that was interrupted. */
  onChooseAgain?: () => void
}

/** An attachment that the server knows: to be downloaded, taken out, or sent once more. */
export function AttachmentRow({ proposalId, attachment, mayChange, onChooseAgain }: AttachmentRowProps) {
  const { t } = useLanguage()
  const reason = useReason()
  const stateOf = useStateOf()
  const cache = useAttachmentCache()
  const downloading = useDownload()
  const removing = useMutation({
    mutationFn: () => removeFile(attachment.id),
    onSuccess: () => cache.onGone(proposalId, attachment.id),
  })
  const checking = useMutation({
    mutationFn: () => confirmFile(attachment.id),
    onSuccess: (checked) => cache.onChange(proposalId, checked),
  })
  const { name, state } = attachment
  return (
    <FileRow
      name={name}
      size={attachment.size}
      isBad={state === 'refused' || state === 'expected'}
      state={state === 'available' && !mayChange ? null : stateOf(attachment)}
      actions={
        <>
          {state === 'expected' && onChooseAgain && (
            <Button aria-label={t('file.chooseAgainNamed', { name })} onClick={onChooseAgain}>
              {t('file.chooseAgain')}
            </Button>
          )}
          {state === 'quarantined' && mayChange && (
            <Button look="quiet" busy={checking.isPending} aria-label={t('file.checkNamed', { name })} onClick={() => checking.mutate()}>
              {t('file.check')}
            </Button>
          )}
          {state === 'available' && <DownloadButton attachment={attachment} downloading={downloading} />}
          {mayChange && (
            <Button look="quiet" busy={removing.isPending} aria-label={t('file.removeNamed', { name })} onClick={() => removing.mutate()}>
              {t('file.remove')}
            </Button>
          )}
        </>
      }
    >
      <DownloadFailure downloading={downloading} />
      {removing.isError && (
        <p className="file-error" role="alert">
          {t('file.notRemoved')} {reason(removing.error)}
        </p>
      )}
      {checking.isError && (
        <p className="file-error" role="alert">
          {reason(checking.error)}
        </p>
      )}
    </FileRow>
  )
}
