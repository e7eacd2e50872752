import { useId, useState, type ReactNode } from 'react'

import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Failure } from '@/ui/Failure'
import type { IconName } from '@/ui/Icon'
import { isComposing } from '@/ui/keys'

type AskFirstProps = {
  title: string
  /** What will happen. */
  consequence: ReactNode
  verb: string
  icon: IconName
  look: 'primary' | 'danger'
  comment?: { label: string; required: boolean; /** Said where a required one is empty. */ needed?: string; value: string; onChange: (text: string) => void }
  /** Why it could not be done, where that is told here. */
  error?: unknown
  /** The heading of such a failure. */
  failed?: string
  busy: boolean
  onConfirm: () => void
  onClose: () => void
  /** Beside a failure: a way to see what is new. */
  onReload?: () => void
}

/** Ask once before something is done, naming what will happen, with the comment in focus. */
export function AskFirst({ title, consequence, verb, icon, look, comment, error, failed = '', busy, onConfirm, onClose, onReload }: AskFirstProps) {
  const { t } = useLanguage()
  const id = useId()
  const [isEmpty, setEmpty] = useState(false)
  const confirm = () => {
    if (comment?.required && comment.value.trim() === '') {
      setEmpty(true)
      document.getElementById(id)?.focus()
    } else {
      onConfirm()
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{consequence}</p>
      {comment && (
        <div className="field">
          <label htmlFor={id}>
            {comment.label} {comment.required && <span className="required">{t('form.required')}</span>}
          </label>
          {isEmpty && (
            <p className="field-error" id={`${id}-error`}>
              {comment.needed ?? t('decide.commentNeeded')}
            </p>
          )}
          <textarea
            id={id}
            rows={3}
            data-focus-first
            aria-required={comment.required || undefined}
            aria-invalid={isEmpty || undefined}
            aria-describedby={isEmpty ? `${id}-error` : undefined}
            value={comment.value}
            onChange={(event) => {
              comment.onChange(event.target.value)
              setEmpty(false)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isComposing(event.nativeEvent)) confirm()
            }}
          />
        </div>
      )}
      {Boolean(error) && <Failure title={failed} error={error} once retry={onReload} retryLabel={t('decide.reload')} />}
      <div className="dialog-actions">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look={look} icon={icon} busy={busy} onClick={confirm}>
          {verb}
        </Button>
      </div>
    </Dialog>
  )
}
