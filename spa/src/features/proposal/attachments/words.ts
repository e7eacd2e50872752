import type { Attachment, AttachmentLimits } from '@/api/types'
import { formatSize } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { useReason } from '@/ui/Failure'

import { StoreRefused } from './send'
import type { Upload } from './uploads'

/** Why a file did not get through, as a sentence: what, and what to do. */
export function useWhyNot(limits: AttachmentLimits): (upload: Upload) => string {
  const { t } = useLanguage()
  const reason = useReason()
  return ({ refusal, error }) => {
    if (refusal !== null) {
      const kinds = limits.kinds.map(({ extension }) => extension).join(t('listSeparator'))
      return t(`file.refusal.${refusal}`, { largest: formatSize(limits.largest), most: limits.most, kinds })
    }
    return error instanceof StoreRefused ? t('file.storeRefused') : reason(error)
  }
}

/** How an attachment stands, as a sentence. */
export function useStateOf(): (attachment: Attachment) => string {
  const { t } = useLanguage()
  return ({ state, reason }) => (state === 'refused' ? t(`file.reason.${reason ?? 'wrong_digest'}`) : t(`file.state.${state}`))
}
