import { useEffect, useState } from 'react'

import { confirmFile } from '@/api/operations'
import type { Attachment } from '@/api/types'

import { useAttachmentCache } from './useFiles'

/** When to ask again about files that are being scanned, in milliseconds; after that, only when somebody presses. */
const PAUSES_MS = [4_000, 8_000, 16_000, 32_000]

/** While a scanner is at work, ask for its verdict a few times, ever more seldom. */
export function useRecheck(proposalId: number | null, attachments: readonly Attachment[]): void {
  const { onChange } = useAttachmentCache()
  const waiting = attachments.filter(({ state }) => state === 'quarantined').map(({ id }) => id)
  const [asked, setAsked] = useState({ of: '', times: 0 })
  const of = waiting.join()
  if (asked.of !== of) setAsked({ of, times: 0 })
  const pause = PAUSES_MS[asked.times]

  useEffect(() => {
    if (of === '' || proposalId === null || pause === undefined) return
    const timer = setTimeout(() => {
      void Promise.allSettled(of.split(',').map((id) => confirmFile(Number(id)).then((found) => onChange(proposalId, found)))).then(() =>
        setAsked((before) => ({ ...before, times: before.times + 1 })),
      )
    }, pause)
    return () => clearTimeout(timer)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `onChange` is new at each drawing and always does the same
  }, [of, proposalId, pause])
}
