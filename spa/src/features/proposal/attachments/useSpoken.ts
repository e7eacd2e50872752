import { useState } from 'react'

import type { Attachment, AttachmentLimits } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'

import type { Upload } from './uploads'
import { useStateOf, useWhyNot } from './words'

/** What changed last with the files, as a sentence to be read out. How far a file is, is not: a bar says that. */
export function useSpoken(uploads: readonly Upload[], attachments: readonly Attachment[], limits: AttachmentLimits): string {
  const { t } = useLanguage()
  const whyNot = useWhyNot(limits)
  const stateOf = useStateOf()
  const [spoken, setSpoken] = useState('')

  const now = new Map<string, string>()
  for (const upload of uploads) {
    if (upload.phase === 'waiting') continue
    const state = upload.phase === 'failed' ? `${t('file.phase.failed')} ${whyNot(upload)}` : t(`file.phase.${upload.phase}`)
    now.set(`upload ${upload.key}`, t('file.spoken', { name: upload.file.name, state }))
  }
  for (const attachment of attachments) {
    if (attachment.state === 'expected') continue
    now.set(`attachment ${attachment.id}`, t('file.spoken', { name: attachment.name, state: stateOf(attachment) }))
  }
  // What is there when the screen is opened is read with the list.
  const [before, setBefore] = useState<ReadonlyMap<string, string>>(now)
  const changed = [...now].filter(([key, text]) => before.get(key) !== text).map(([, text]) => text)
  if (changed.length > 0) {
    setBefore(now)
    setSpoken(changed.join(' '))
  }
  return spoken
}
