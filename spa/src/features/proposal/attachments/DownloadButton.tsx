import { useMutation } from '@tanstack/react-query'

import { downloadAddress } from '@/api/operations'
import type { Attachment } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { useReason } from '@/ui/Failure'

/**
 * Download a file. Its address is asked for at each press: one that was kept could have ended, by itself or with the
 * credentials that signed it.
 */
export function useDownload() {
  return useMutation({
    mutationFn: downloadAddress,
    onSuccess: (address) => {
      const link = document.createElement('a')
      link.href = address
      // The store says that it is a download, and under which name; this only keeps the page from taking it for a place to go.
      link.download = ''
      link.click()
    },
  })
}

export function DownloadButton({ attachment, downloading }: { attachment: Attachment; downloading: ReturnType<typeof useDownload> }) {
  const { t } = useLanguage()
  return (
    <Button
      look="quiet"
      icon="download"
      busy={downloading.isPending}
      aria-label={t('file.downloadNamed', { name: attachment.name })}
      onClick={() => downloading.mutate(attachment.id)}
    >
      {t('file.download')}
    </Button>
  )
}

export function DownloadFailure({ downloading }: { downloading: ReturnType<typeof useDownload> }) {
  const { t } = useLanguage()
  const reason = useReason()
  if (!downloading.isError) return null
  return (
    <p className="file-error" role="alert">
      {t('file.notDownloaded')} {reason(downloading.error)}
    </p>
  )
}
