import { useLanguage } from '@/language/useLanguage'

import type { Field, FieldOf } from '../form'
import { find, type Named } from '../references'
import type { Range, Value } from '../values'
import { DateInput } from './DateInput'
import type { FormState } from './formState'
import { NumberInput } from './NumberInput'
import { DepartmentPicker, PersonPicker } from './Picker'

export type ControlProps = {
  id: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
  /** Where no visible label is tied to the control (tables). */
  label?: string
}

type FieldInputProps = ControlProps & {
  field: Exclude<Field, { kind: 'line_items' }>
  value: Value
  onChange: (value: Value) => void
  form: FormState
}

/** The control of one field, by its type. */
export function FieldInput({ field, value, onChange, form, ...control }: FieldInputProps) {
  const text = typeof value === 'string' ? value : ''
  const aria = {
    id: control.id,
    'aria-label': control.label,
    'aria-describedby': control.describedBy,
    'aria-invalid': control.invalid || undefined,
    'aria-required': control.required || undefined,
  }
  switch (field.kind) {
    case 'text':
      return <input {...aria} type="text" autoComplete="off" value={text} onChange={(event) => onChange(event.target.value)} />
    case 'long_text':
      return <textarea {...aria} rows={4} value={text} onChange={(event) => onChange(event.target.value)} />
    case 'integer':
    case 'amount':
      return <NumberInput {...control} yen={field.kind === 'amount'} value={text} onChange={onChange} />
    case 'date':
      return <DateInput {...control} value={text} onChange={onChange} />
    case 'date_range':
      return <RangeInput {...control} value={value as Range} onChange={onChange} />
    case 'choice':
      return <ChoiceInput {...control} field={field} value={text} onChange={onChange} />
    case 'person':
    case 'department': {
      const chosen = typeof value === 'number' ? find(form.references, field.kind, value) : null
      const onChoose = (named: Named | null) => {
        if (named) form.remember(field.kind, named)
        onChange(named?.id ?? null)
      }
      const Picker = field.kind === 'person' ? PersonPicker : DepartmentPicker
      return <Picker {...control} chosen={chosen} onChoose={onChoose} />
    }
  }
}

function RangeInput({ value, onChange, id, ...rest }: ControlProps & { value: Range; onChange: (value: Range) => void }) {
  const { t } = useLanguage()
  return (
    <div className="range-field">
      <DateInput {...rest} id={id} label={t('form.from')} value={value.from} onChange={(from) => onChange({ ...value, from })} />
      <span aria-hidden="true">{t('form.to')}</span>
      <DateInput {...rest} id={`${id}-to`} label={t('form.until')} value={value.to} onChange={(to) => onChange({ ...value, to })} />
    </div>
  )
}

/** Few choices stand side by side; many go into a list. */
const MOST_RADIOS = 6

type ChoiceProps = ControlProps & { field: FieldOf<'choice'>; value: string; onChange: (value: string) => void }

function ChoiceInput({ field, value, onChange, id, label, describedBy, invalid, required }: ChoiceProps) {
  const { t, language } = useLanguage()
  if (isRadios(field)) {
    const options = field.required ? field.options : [{ value: '', label: null }, ...field.options]
    return (
      <div className="radios">
        {options.map((option, index) => (
          <label key={option.value} className="radio">
            <input
              type="radio"
              name={id}
              id={index === 0 ? id : undefined}
              checked={value === option.value}
              onChange={() => onChange(option.value)}
            />
            {option.label ? option.label[language] : t('form.noChoice')}
          </label>
        ))}
      </div>
    )
  }
  return (
    <select
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={invalid || undefined}
      aria-required={required || undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{t('form.choose')}</option>
      {field.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label[language]}
        </option>
      ))}
    </select>
  )
}

/** The role of the group around a control of several parts; null where the control is one. */
export function groupOf(field: Field): 'group' | 'radiogroup' | null {
  if (isRadios(field)) return 'radiogroup'
  return field.kind === 'date_range' || field.kind === 'line_items' ? 'group' : null
}

function isRadios(field: Field): boolean {
  return field.kind === 'choice' && field.options.length <= MOST_RADIOS
}
