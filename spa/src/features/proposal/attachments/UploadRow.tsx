import { Problem } from '@/api/problem'
import type { AttachmentLimits } from '@/api/types'
import { formatSize } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'

import { FileRow } from './FileRow'
import { cancelUpload, retryUpload, type Upload } from './uploads'
import { useWhyNot } from './words'

/** Refusals, the page's own and the server's, that trying again with the same file cannot change. */
const FINAL = new Set(['too_large', 'wrong_kind'])
const FINAL_PROBLEMS = new Set(['attachment_name_invalid', 'attachment_type_refused', 'attachment_empty', 'attachment_too_large'])

function isFinal({ refusal, error }: Upload): boolean {
  return (refusal !== null && FINAL.has(refusal)) || (error instanceof Problem && FINAL_PROBLEMS.has(error.code))
}

/** A file on its way: how far it is, what stopped it, and what can be done about that. */
export function UploadRow({ upload, limits }: { upload: Upload; limits: AttachmentLimits }) {
  const { t } = useLanguage()
  const whyNot = useWhyNot(limits)
  const { file, phase, done } = upload
  const failed = phase === 'failed'
  const moves = phase === 'reading' || phase === 'sending'
  return (
    <FileRow
      name={file.name}
      size={file.size}
      isBad={failed}
      done={moves ? done : null}
      state={
        phase === 'sending'
          ? t('file.sending', { sent: formatSize(Math.round(done * file.size)), percent: Math.floor(done * 100) })
          : t(`file.phase.${phase}`)
      }
      actions={
        <>
          {failed && !isFinal(upload) && (
            <Button look="secondary" aria-label={t('file.retryNamed', { name: file.name })} onClick={() => retryUpload(upload.key)}>
              {t('failure.retry')}
            </Button>
          )}
          <Button look="quiet" aria-label={t(failed ? 'file.dismissNamed' : 'file.cancelNamed', { name: file.name })} onClick={() => cancelUpload(upload.key)}>
            {t(failed ? 'file.dismiss' : 'file.cancel')}
          </Button>
        </>
      }
    >
      {failed && <p className="file-error">{whyNot(upload)}</p>}
    </FileRow>
  )
}
