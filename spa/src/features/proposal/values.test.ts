import { describe, expect, it } from 'vitest'

import { readForm } from './form'
import { contentFrom, emptyValues, missing, newRow, rowTotal, runningTotal, tidy, valuesFrom, type Row } from './values'

const label = { ja: '欄', en: 'field' }
const form = readForm({
  type: 'object',
  required: ['purpose', 'items', 'period'],
  'x-order': ['purpose', 'items', 'period', 'payer', 'total'],
  'x-total': { name: 'total', items: 'items', multiply: ['quantity', 'price'] },
  properties: {
    payer: { type: 'integer', 'x-field': 'department', 'x-label': label },
    purpose: { type: 'string', 'x-field': 'long_text', 'x-label': label },
    period: { type: 'object', 'x-field': 'date_range', 'x-label': label },
    items: {
      type: 'array',
      maxItems: 50,
      'x-field': 'line_items',
      'x-label': label,
      items: {
        required: ['name', 'price'],
        'x-order': ['name', 'quantity', 'price'],
        properties: {
          name: { type: 'string', 'x-field': 'text', 'x-label': label },
          quantity: { type: 'integer', 'x-field': 'integer', 'x-label': label },
          price: { type: 'integer', 'x-field': 'amount', 'x-label': label },
        },
      },
    },
    total: { type: 'integer', 'x-field': 'amount', 'x-label': label, readOnly: true },
  },
})
const columns = form.fields.flatMap((field) => (field.kind === 'line_items' ? field.columns : []))

const laptop = { name: 'ノートPC', quantity: '５', price: '268,000' }
const blank = { name: '', quantity: '', price: '' }
const filled = (...rows: Row['values'][]) => ({
  ...emptyValues(form.fields),
  purpose: '更新',
  items: rows.map((values) => newRow(columns, values)),
  period: { from: '2026-04-01', to: '2026-04-03' },
  payer: 7,
})

describe('readForm', () => {
  it('keeps the order of the form', () => {
    expect(form.fields.map((field) => field.name)).toEqual(['purpose', 'items', 'period', 'payer', 'total'])
  })

  it('shows a type it does not know as text', () => {
    const later = readForm({ properties: { signature: { 'x-field': 'signature', 'x-label': label } } })
    expect(later.fields[0]?.kind).toBe('text')
  })
})

describe('contentFrom', () => {
  it('gives what the API wants: numbers as numbers, blanks and computed fields left out', () => {
    expect(contentFrom(form.fields, { ...filled(laptop, blank), purpose: '' })).toEqual({
      items: [{ name: 'ノートPC', quantity: 5, price: 268_000 }],
      period: { from: '2026-04-01', to: '2026-04-03' },
      payer: 7,
    })
  })

  it('leaves what is no number to the API, which says what is wrong with it', () => {
    const content = contentFrom(form.fields, filled({ ...laptop, price: 'about 5' }))
    expect(content.items).toEqual([{ name: 'ノートPC', quantity: 5, price: 'about 5' }])
  })

  it('is undone by valuesFrom', () => {
    const content = contentFrom(form.fields, filled(laptop))
    expect(contentFrom(form.fields, valuesFrom(form.fields, content))).toEqual(content)
  })
})

describe('tidy', () => {
  it('drops empty rows, so that the API counts the rows that are shown', () => {
    const tidied = tidy(form.fields, filled(blank, laptop, blank)).items as Row[]
    expect(tidied.map((row) => row.values)).toEqual([laptop])
  })

  it('keeps one row to write in', () => {
    expect(tidy(form.fields, filled(blank, blank)).items).toHaveLength(1)
  })
})

describe('missing', () => {
  const pointers = (values: Parameters<typeof missing>[1]) => missing(form.fields, values).map(({ pointer }) => pointer)

  it('names every required field that is empty, in a table the first row', () => {
    expect(pointers(emptyValues(form.fields))).toEqual(['/purpose', '/items/0/name', '/items/0/price', '/period'])
  })

  it('names the cells of a row that was begun', () => {
    expect(pointers(filled(laptop, { ...blank, name: '保証' }))).toEqual(['/items/1/price'])
  })

  it('counts half a range as missing', () => {
    expect(pointers({ ...filled(laptop), period: { from: '2026-04-01', to: '' } })).toEqual(['/period'])
  })

  it('is empty when everything required is there', () => {
    expect(pointers(filled(laptop))).toEqual([])
  })
})

describe('runningTotal', () => {
  it('sums the rows that are complete', () => {
    expect(runningTotal(form, filled(laptop, { ...blank, price: '100' }))).toBe(1_340_000)
  })

  it('sums named fields where the form says so', () => {
    const travel = { ...form, total: { name: 'total', sum: ['transport', 'lodging'] } }
    expect(runningTotal(travel, { transport: '１２，０００', lodging: '' })).toBe(12_000)
  })
})

describe('rowTotal', () => {
  it('is unknown while a factor is missing', () => {
    expect(form.total && rowTotal(form.total, { ...laptop, quantity: '' })).toBeNull()
  })
})
