/**
 * A form as this page draws it, read from the JSON Schema that the API sends (`x-` keywords: api/proposals/forms.py).
 *
 * A field type that this page does not know is shown as text: a form published later than the page stays usable,
 * and the API checks what is typed anyway.
 */
import type { Language } from '@/language'

export type Words = Record<Language, string>
export type Option = { value: string; label: Words }

type Common = { name: string; label: Words; help: Words | null; required: boolean; computed: boolean }
export type Field = Common &
  (
    | { kind: 'text' | 'long_text'; maxLength: number | null }
    | { kind: 'integer' | 'amount' }
    | { kind: 'date' | 'date_range' }
    | { kind: 'person' | 'department' }
    | { kind: 'choice'; options: Option[] }
    | { kind: 'line_items'; columns: Field[]; maxRows: number }
  )
export type FieldOf<Kind extends Field['kind']> = Extract<Field, { kind: Kind }>

/** How the amount that decides the route is computed: by the server; here only to show it while typing. */
export type Total = { name: string } & ({ sum: string[] } | { items: string; multiply: string[] })

export type Form = { fields: Field[]; total: Total | null }

type Schema = {
  properties?: Record<string, Schema>
  items?: Schema
  required?: string[]
  readOnly?: boolean
  maxLength?: number
  maxItems?: number
  'x-field'?: string
  'x-label'?: Words
  'x-help'?: Words
  'x-options'?: Option[]
  'x-order'?: string[]
  'x-total'?: Total
}

export function readForm(schema: unknown): Form {
  const form = schema as Schema
  return { fields: readFields(form), total: form['x-total'] ?? null }
}

function readFields(schema: Schema): Field[] {
  const properties = schema.properties ?? {}
  const order = schema['x-order'] ?? Object.keys(properties)
  return order.flatMap((name) => {
    const field = properties[name]
    return field ? [readField(name, field, schema.required?.includes(name) ?? false)] : []
  })
}

function readField(name: string, schema: Schema, required: boolean): Field {
  const common: Common = {
    name,
    label: schema['x-label'] ?? { ja: name, en: name },
    help: schema['x-help'] ?? null,
    required,
    computed: schema.readOnly ?? false,
  }
  const kind = schema['x-field']
  switch (kind) {
    case 'integer':
    case 'amount':
      return { ...common, kind }
    case 'date':
    case 'date_range':
      return { ...common, kind }
    case 'person':
    case 'department':
      return { ...common, kind }
    case 'choice':
      return { ...common, kind, options: schema['x-options'] ?? [] }
    case 'line_items':
      return { ...common, kind, columns: readFields(schema.items ?? {}), maxRows: schema.maxItems ?? 50 }
    default:
      return { ...common, kind: kind === 'long_text' ? 'long_text' : 'text', maxLength: schema.maxLength ?? null }
  }
}
