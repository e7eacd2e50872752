import type { Content, References } from '@/api/types'
import { formatAmount, formatDate, formatNumber } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Name } from '@/ui/Person'

import type { Field, FieldOf, Form } from './form'
import { find } from './references'
import type { Range } from './values'

type ContentProps = { form: Form; content: unknown; references: References }

/** What was entered, to be read: in the form's order, fields that were left empty left out. */
export function ContentView({ form, content: read, references }: ContentProps) {
  const { language } = useLanguage()
  const content = read as Content // what the form describes (api/proposals/forms.py)
  const filled = form.fields.filter((field) => content[field.name] !== undefined)
  return (
    <dl className="content">
      {filled.map((field) => (
        <div key={field.name} data-kind={field.kind}>
          <dt>{field.label[language]}</dt>
          <dd>
            <FieldValue field={field} value={content[field.name]} references={references} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function FieldValue({ field, value, references }: { field: Field; value: unknown; references: References }) {
  const { t, language } = useLanguage()
  if (value === undefined) return <span className="none">{t('none')}</span>
  switch (field.kind) {
    case 'amount':
      return <span className={field.computed ? 'amount total' : 'amount'}>{formatAmount(Number(value), language)}</span>
    case 'integer':
      return <span className="amount">{formatNumber(Number(value))}</span>
    case 'date':
      return <time dateTime={written(value)}>{formatDate(written(value), language)}</time>
    case 'date_range': {
      const { from, to } = value as Partial<Range>
      return <>{t('range', { from: formatDate(from ?? '', language), to: formatDate(to ?? '', language) })}</>
    }
    case 'choice':
      return <>{field.options.find((option) => option.value === value)?.label[language] ?? written(value)}</>
    case 'person':
    case 'department': {
      const named = find(references, field.kind, Number(value))
      return named ? <Name of={named} /> : <>{written(value)}</>
    }
    case 'line_items':
      return <LineItems field={field} rows={value as Content[]} references={references} />
    default:
      return <span className="prose">{written(value)}</span>
  }
}

/** A value as text; one that is none, which a form of this page never holds, as it was sent. */
function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const isNumber = (field: Field) => field.kind === 'amount' || field.kind === 'integer'

function LineItems({ field, rows, references }: { field: FieldOf<'line_items'>; rows: Content[]; references: References }) {
  const { language } = useLanguage()
  return (
    <table className="items">
      <thead>
        <tr>
          {field.columns.map((column) => (
            <th key={column.name} scope="col" className={isNumber(column) ? 'number' : undefined}>
              {column.label[language]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {field.columns.map((column) => (
              <td key={column.name} className={isNumber(column) ? 'number' : undefined}>
                <FieldValue field={column} value={row[column.name]} references={references} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
