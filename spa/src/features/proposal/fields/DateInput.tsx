import { formatDate } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'

type DateInputProps = {
  id: string
  label?: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
  value: string
  onChange: (value: string) => void
}

/** The browser's own date field; beside it the date as it is written, with its weekday. */
export function DateInput({ id, label, describedBy, invalid, required, value, onChange }: DateInputProps) {
  const { language } = useLanguage()
  return (
    <span className="date-field">
      <input
        id={id}
        type="date"
        min="2000-01-01"
        max="2999-12-31"
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        aria-required={required || undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {value !== '' && <output className="date-written">{formatDate(value, language)}</output>}
    </span>
  )
}
