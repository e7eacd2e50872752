import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'

import { proposalQuery } from '@/api/queries'
import type { Attachment, AttachmentLimits } from '@/api/types'
import { formatSize } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'

import { accepted } from './limits'
import { AttachmentRow } from './AttachmentRow'
import { UploadRow } from './UploadRow'
import type { Upload } from './uploads'
import { addFiles, useAttachmentCache, useUploads } from './useFiles'
import { useRecheck } from './useRecheck'
import { useSpoken } from './useSpoken'

type AttachmentFieldProps = {
  /** Null for a new form that was never saved. */
  proposalId: number | null
  /** Names the draft while it has no id. */
  place: string
  limits: AttachmentLimits
  /** The draft's id; saves it first where it has none. */
  draft: () => Promise<number>
}

/** Files beside a draft: chosen or dropped, sent at once, each with its own progress and its own way on. */
export function AttachmentField({ proposalId, place, limits, draft }: AttachmentFieldProps) {
  const { t } = useLanguage()
  const id = useId()
  const chooser = useRef<HTMLInputElement>(null)
  const { data } = useQuery({ ...proposalQuery(proposalId ?? 0), enabled: proposalId !== null })
  const cache = useAttachmentCache()
  const uploads = useUploads(proposalId, place)
  const attachments = (data?.attachments ?? []).filter((one) => !uploads.some((upload) => isOf(upload, one)))
  const spoken = useSpoken(uploads, attachments, limits)
  useRecheck(proposalId, attachments)

  const add = (files: readonly File[]) => {
    const count = attachments.length + uploads.filter(({ refusal }) => refusal === null).length
    addFiles(files, { place, draft, ...cache }, limits, count)
  }
  // A row that goes takes the focus with it: whoever works by keyboard goes on at the button above.
  const rows = attachments.length + uploads.length
  const before = useRef(rows)
  useEffect(() => {
    if (rows < before.current && document.activeElement === document.body) document.getElementById(`${id}-choose`)?.focus()
    before.current = rows
  }, [rows, id])
  const choose = () => chooser.current?.click()
  return (
    <section className="field" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className="field-title">
        {t('file.title')}
      </h2>
      <p className="help" id={`${id}-help`}>
        {t('file.help', { most: limits.most, largest: formatSize(limits.largest) })}
      </p>
      <DropZone onDrop={add}>
        <Button id={`${id}-choose`} icon="attach" aria-describedby={`${id}-help`} onClick={choose}>
          {t('file.choose')}
        </Button>
        <span className="drop-hint">{t('file.drop')}</span>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          accept={accepted(limits)}
          onChange={(event) => {
            add([...(event.target.files ?? [])])
            event.target.value = '' // the same file may be chosen again
          }}
        />
      </DropZone>
      {rows > 0 && (
        <ul className="files" aria-labelledby={`${id}-title`}>
          {attachments.map((attachment) => (
            <AttachmentRow key={attachment.id} proposalId={proposalId ?? 0} attachment={attachment} mayChange onChooseAgain={choose} />
          ))}
          {uploads.map((upload) => (
            <UploadRow key={`upload ${upload.key}`} upload={upload} limits={limits} />
          ))}
        </ul>
      )}
      <p role="status" className="visually-hidden">
        {spoken}
      </p>
    </section>
  )
}

/** Whether an upload is about to bring an attachment: one that was interrupted is known by its name until it is read. */
function isOf(upload: Upload, attachment: Attachment): boolean {
  if (upload.attachmentId !== null || attachment.state !== 'expected') return upload.attachmentId === attachment.id
  return upload.file.name.normalize('NFC') === attachment.name && upload.file.size === attachment.size
}

/** Where files can be dropped. Beside it they are not taken, and do not take the page away either. */
function DropZone({ onDrop, children }: { onDrop: (files: File[]) => void; children: React.ReactNode }) {
  const zone = useRef<HTMLDivElement>(null)
  const [isOver, setOver] = useState(false)
  const latest = useRef(onDrop)
  useEffect(() => {
    latest.current = onDrop
  })
  useEffect(() => {
    const isInside = (event: DragEvent) => event.target instanceof Node && (zone.current?.contains(event.target) ?? false)
    const over = (event: DragEvent) => {
      event.preventDefault()
      setOver(isInside(event) && (event.dataTransfer?.types.includes('Files') ?? false))
    }
    const drop = (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      if (isInside(event)) latest.current([...(event.dataTransfer?.files ?? [])])
    }
    const leave = () => setOver(false)
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])
  return (
    <div ref={zone} className="drop" data-over={isOver || undefined}>
      {children}
    </div>
  )
}
