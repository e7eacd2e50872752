import { formatAmount } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'

import type { Field, Form } from '../form'
import { runningTotal, type Row, type Value, type Values } from '../values'
import { FieldFrame } from './FieldFrame'
import { FieldInput, groupOf } from './FieldInput'
import type { FormState } from './formState'
import { LineItems } from './LineItems'

type FormFieldsProps = {
  form: Form
  values: Values
  state: FormState
  onChange: (name: string, value: Value) => void
}

/** All fields of a form, in its order. */
export function FormFields({ form, values, state, onChange }: FormFieldsProps) {
  return form.fields.map((field) => {
    const pointer = `/content/${field.name}`
    const value = values[field.name] ?? null
    if (field.computed) return <ComputedField key={field.name} field={field} form={form} values={values} />
    return (
      <LabelledField key={field.name} field={field} pointer={pointer} state={state}>
        {(ids) =>
          field.kind === 'line_items' ? (
            <LineItems
              field={field}
              pointer={pointer}
              total={form.total}
              rows={value as Row[]}
              state={state}
              onChange={(rows) => onChange(field.name, rows)}
            />
          ) : (
            <FieldInput
              {...ids}
              field={field}
              value={value}
              invalid={errorOf(state, pointer) !== undefined}
              required={field.required}
              form={state}
              onChange={(next) => onChange(field.name, next)}
            />
          )
        }
      </LabelledField>
    )
  })
}

type LabelledProps = {
  field: Field
  pointer: string
  state: FormState
  children: (ids: { id: string; describedBy: string | undefined }) => React.ReactNode
}

function LabelledField({ field, pointer, state, children }: LabelledProps) {
  const { language } = useLanguage()
  return (
    <FieldFrame
      pointer={pointer}
      label={field.label[language]}
      help={field.help?.[language] ?? null}
      required={field.required}
      error={errorOf(state, pointer)}
      group={groupOf(field)}
    >
      {children}
    </FieldFrame>
  )
}

/** A range's own error, or that of one of its ends. */
function errorOf(state: FormState, pointer: string): string | undefined {
  return state.errors.get(pointer) ?? state.errors.get(`${pointer}/from`) ?? state.errors.get(`${pointer}/to`)
}

/** An amount that the server computes: shown while typing, so that nobody is surprised. */
function ComputedField({ field, form, values }: { field: Field; form: Form; values: Values }) {
  const { t, language } = useLanguage()
  return (
    <div className="computed" role="group" aria-label={field.label[language]}>
      <span className="computed-label">{field.label[language]}</span>
      <output className="amount">{formatAmount(runningTotal(form, values), language)}</output>
      <span className="help">{t('form.computed')}</span>
    </div>
  )
}
