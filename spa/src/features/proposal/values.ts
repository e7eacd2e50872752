/**
 * What is in a form while somebody fills it in, and the content it becomes.
 *
 * Numbers are kept as they were typed: what is no number goes to the API as it is, whose sentence then names the
 * field, the value and the remedy.
 */
import type { Content } from '@/api/types'
import { formatNumber } from '@/language/format'
import { parseWholeNumber } from '@/language/numbers'

import type { Field, Form, Total } from './form'

export type Range = { from: string; to: string }
export type Row = { key: string; values: Values }
export type Value = string | number | Range | Row[] | null
export type Values = Record<string, Value>

let rows = 0

export function newRow(columns: Field[], values: Values = emptyValues(columns)): Row {
  rows += 1
  return { key: `row-${rows}-${Date.now()}`, values }
}

export function emptyValues(fields: Field[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, valueFrom(field, undefined)]))
}

/** Values for the fields of a form from a proposal's content. */
export function valuesFrom(fields: Field[], content: Content): Values {
  return Object.fromEntries(fields.map((field) => [field.name, valueFrom(field, content[field.name])]))
}

function valueFrom(field: Field, content: unknown): Value {
  switch (field.kind) {
    case 'integer':
      return typeof content === 'number' ? String(content) : ''
    case 'amount':
      return typeof content === 'number' ? formatNumber(content) : ''
    case 'person':
    case 'department':
      return typeof content === 'number' ? content : null
    case 'date_range': {
      const range = (content ?? {}) as Partial<Range>
      return { from: range.from ?? '', to: range.to ?? '' }
    }
    case 'line_items': {
      const given = Array.isArray(content) ? (content as Content[]) : []
      const made = given.map((row) => newRow(field.columns, valuesFrom(field.columns, row)))
      return made.length > 0 ? made : [newRow(field.columns)]
    }
    default:
      return typeof content === 'string' ? content : ''
  }
}

/** Leave out rows in which nothing was entered, so that the API's pointers count the rows that are shown. */
export function tidy(fields: Field[], values: Values): Values {
  const tidied = { ...values }
  for (const field of fields) {
    const value = values[field.name]
    if (field.kind !== 'line_items' || !Array.isArray(value)) continue
    const filled = value.filter((row) => Object.keys(contentFrom(field.columns, row.values)).length > 0)
    tidied[field.name] = filled.length > 0 ? filled : value.slice(0, 1)
  }
  return tidied
}

/** The content for the API: what was entered, without blanks and without what the server computes. */
export function contentFrom(fields: Field[], values: Values): Content {
  const content: Content = {}
  for (const field of fields) {
    if (field.computed) continue
    const value = contentOf(field, values[field.name] ?? null)
    if (value !== undefined) content[field.name] = value
  }
  return content
}

function contentOf(field: Field, value: Value): unknown {
  if (value === null || value === '') return undefined
  if (field.kind === 'integer' || field.kind === 'amount') {
    return typeof value === 'string' ? (parseWholeNumber(value) ?? value) : value
  }
  if (field.kind === 'line_items') {
    const filled = (Array.isArray(value) ? value : [])
      .map((row) => contentFrom(field.columns, row.values))
      .filter((row) => Object.keys(row).length > 0)
    return filled.length > 0 ? filled : undefined
  }
  if (field.kind === 'date_range') {
    const entered = Object.fromEntries(Object.entries(value as Range).filter(([, day]) => day !== ''))
    return Object.keys(entered).length > 0 ? entered : undefined
  }
  return value
}

/** The required fields in which nothing was entered, as JSON pointers within the content, with each label's field. */
export function missing(fields: Field[], values: Values, base = ''): { pointer: string; field: Field }[] {
  return fields.flatMap((field) => {
    const pointer = `${base}/${field.name}`
    const value = values[field.name] ?? null
    const entered = contentOf(field, value)
    if (field.required && !field.computed && (entered === undefined || isHalfRange(field, entered))) {
      // The first row's first column stands for a table in which nothing was entered.
      if (field.kind === 'line_items') return missing(field.columns, emptyValues(field.columns), `${pointer}/0`)
      return [{ pointer, field }]
    }
    if (field.kind !== 'line_items' || !Array.isArray(value)) return []
    return value.flatMap((row, index) =>
      Object.keys(contentFrom(field.columns, row.values)).length > 0
        ? missing(field.columns, row.values, `${pointer}/${index}`)
        : [],
    )
  })
}

function isHalfRange(field: Field, entered: unknown): boolean {
  return field.kind === 'date_range' && Object.keys(entered as object).length < 2
}

/** What the server will compute from these values, as far as they are numbers. */
export function runningTotal(form: Form, values: Values): number {
  const { total } = form
  if (!total) return 0
  if ('sum' in total) return total.sum.reduce((sum, name) => sum + (numberIn(values, name) ?? 0), 0)
  const value = values[total.items]
  if (!Array.isArray(value)) return 0
  return value.reduce((sum, row) => sum + (rowTotal(total, row.values) ?? 0), 0)
}

/** A row's product, or null while a factor is missing. */
export function rowTotal(total: Total, values: Values): number | null {
  if (!('multiply' in total)) return null
  return total.multiply.reduce<number | null>((product, name) => {
    const factor = numberIn(values, name)
    return product === null || factor === null ? null : product * factor
  }, 1)
}

function numberIn(values: Values, name: string): number | null {
  const value = values[name]
  return typeof value === 'string' ? parseWholeNumber(value) : null
}
