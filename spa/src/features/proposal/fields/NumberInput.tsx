import { formatNumber } from '@/language/format'
import { parseWholeNumber } from '@/language/numbers'
import { useLanguage } from '@/language/useLanguage'

type NumberInputProps = {
  id: string
  label?: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
  yen: boolean
  value: string
  onChange: (value: string) => void
}

/**
 * A whole number or an amount. A text field, because a number field refuses full-width digits and changes by the
 * mouse wheel; when left, an amount is shown with separators.
 */
export function NumberInput({ id, label, describedBy, invalid, required, yen, value, onChange }: NumberInputProps) {
  const { t } = useLanguage()
  return (
    <span className="number-field" data-yen={yen || undefined}>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        aria-required={required || undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => {
          const number = parseWholeNumber(value)
          if (number !== null) onChange(yen ? formatNumber(number) : String(number))
        }}
      />
      {yen && <span className="unit">{t('yen')}</span>}
    </span>
  )
}
