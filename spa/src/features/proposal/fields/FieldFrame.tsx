import type { ReactNode } from 'react'

import { useLanguage } from '@/language/useLanguage'
import { Icon } from '@/ui/Icon'

/** The DOM id of the control that a JSON pointer names, so that an error can lead to it. */
export function controlId(pointer: string): string {
  return `field${pointer.replaceAll('/', '-')}`
}

type FrameProps = {
  pointer: string
  label: string
  help?: string | null
  required: boolean
  error: string | undefined
  /** A control of several parts is a group with a legend. */
  group?: 'group' | 'radiogroup' | null
  children: (ids: { id: string; describedBy: string | undefined }) => ReactNode
}

/** Label, help, error and control of one field, tied together for assistive technology. */
export function FieldFrame({ pointer, label, help, required, error, group = null, children }: FrameProps) {
  const { t } = useLanguage()
  const id = controlId(pointer)
  const describedBy = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  const name = (
    <>
      {label} {required && <span className="required">{t('form.required')}</span>}
    </>
  )
  const inside = (
    <>
      {help && (
        <p className="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {error && <FieldError id={`${id}-error`} label={label} text={error} />}
      {children({ id, describedBy })}
    </>
  )
  return group ? (
    <fieldset
      className="field"
      role={group}
      data-invalid={error !== undefined || undefined}
      aria-invalid={group === 'radiogroup' && error !== undefined ? true : undefined}
      aria-required={group === 'radiogroup' && required ? true : undefined}
      aria-describedby={describedBy}
    >
      <legend>{name}</legend>
      {inside}
    </fieldset>
  ) : (
    <div className="field" data-invalid={error !== undefined || undefined}>
      <label htmlFor={id}>{name}</label>
      {inside}
    </div>
  )
}

/** The sentence beside its field, without the field's name: that stands above it already. */
export function FieldError({ id, label, text }: { id: string; label: string; text: string }) {
  const name = [`${label}: `, `「${label}」を`].find((start) => text.startsWith(start)) ?? ''
  return (
    <p className="field-error" id={id}>
      <Icon name="warning" />
      {text.slice(name.length)}
    </p>
  )
}
