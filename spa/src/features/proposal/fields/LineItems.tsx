import { useEffect, useRef } from 'react'

import { formatAmount } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'
import { useIsWide } from '@/ui/useMedia'

import type { Field, FieldOf, Total } from '../form'
import { newRow, rowTotal, type Row, type Value } from '../values'
import { controlId, FieldError, FieldFrame } from './FieldFrame'
import { FieldInput } from './FieldInput'
import type { FormState } from './formState'

type LineItemsProps = {
  field: FieldOf<'line_items'>
  pointer: string
  total: Total | null
  rows: Row[]
  state: FormState
  onChange: (rows: Row[]) => void
}

type RowProps = {
  field: FieldOf<'line_items'>
  row: Row
  number: number
  base: string
  total: Total | null
  state: FormState
  onChange: (name: string, value: Value) => void
  onRemove: (() => void) | null
}

const isNumber = (column: Field) => column.kind === 'amount' || column.kind === 'integer'

/** Rows that can be added and removed: a table where there is room for one, a group of fields a row where not. */
export function LineItems({ field, pointer, total, rows, state, onChange }: LineItemsProps) {
  const { t, language } = useLanguage()
  const wide = useIsWide()
  const place = useRef<HTMLDivElement>(null)
  /** The row to go to when rows came or went. */
  const next = useRef<number | null>(null)
  const multiplies = total !== null && 'items' in total && total.items === field.name ? total : null

  useEffect(() => {
    if (next.current === null) return
    const row = place.current?.querySelectorAll('[data-item]')[Math.min(next.current, rows.length - 1)]
    next.current = null
    row?.querySelector<HTMLElement>('input, textarea, select')?.focus()
  }, [rows.length])

  const drawn = rows.map((row, index) => ({
    key: row.key,
    field,
    row,
    number: index + 1,
    base: `${pointer}/${index}`,
    total: multiplies,
    state,
    onChange: (name: string, value: Value) =>
      onChange(rows.map((one) => (one.key === row.key ? { ...one, values: { ...one.values, [name]: value } } : one))),
    onRemove:
      rows.length > 1
        ? () => {
            next.current = index
            onChange(rows.filter((one) => one.key !== row.key))
          }
        : null,
  }))

  return (
    <div ref={place} className="line-items">
      {wide ? (
        <table className="item-table">
          <thead>
            <tr>
              {field.columns.map((column) => (
                <th key={column.name} scope="col" data-kind={column.kind} className={isNumber(column) ? 'number' : undefined}>
                  {column.label[language]} {column.required && <span className="required">{t('form.required')}</span>}
                </th>
              ))}
              {multiplies && (
                <th scope="col" className="number">
                  {t('form.rowTotal')}
                </th>
              )}
              <td />
            </tr>
          </thead>
          <tbody>
            {drawn.map(({ key, ...row }) => (
              <TableRow key={key} {...row} />
            ))}
          </tbody>
        </table>
      ) : (
        drawn.map(({ key, ...row }) => <RowGroup key={key} {...row} />)
      )}
      {rows.length < field.maxRows && (
        <Button
          icon="plus"
          look="quiet"
          onClick={() => {
            next.current = rows.length
            onChange([...rows, newRow(field.columns)])
          }}
        >
          {t('form.addRow')}
        </Button>
      )}
    </div>
  )
}

function TableRow(props: RowProps) {
  const { field, row, number, base, total, state } = props
  const { t, language } = useLanguage()
  return (
    <tr data-item>
      {field.columns.map((column) => {
        const pointer = `${base}/${column.name}`
        const error = state.errors.get(pointer)
        const id = controlId(pointer)
        return (
          <td key={column.name} data-kind={column.kind} data-invalid={error !== undefined || undefined}>
            <ColumnInput
              {...props}
              column={column}
              id={id}
              describedBy={error && `${id}-error`}
              label={t('form.cell', { column: column.label[language], number })}
            />
            {error && <FieldError id={`${id}-error`} label={column.label[language]} text={error} />}
          </td>
        )
      })}
      {total && (
        <td className="number">
          <RowTotal total={total} row={row} />
        </td>
      )}
      <td>
        <RemoveRow {...props} />
      </td>
    </tr>
  )
}

function RowGroup(props: RowProps) {
  const { field, row, number, base, total, state } = props
  const { t, language } = useLanguage()
  return (
    <fieldset className="item-group" data-item>
      <legend>{t('form.row', { number })}</legend>
      <RemoveRow {...props} />
      {field.columns.map((column) => {
        const pointer = `${base}/${column.name}`
        return (
          <FieldFrame
            key={column.name}
            pointer={pointer}
            label={column.label[language]}
            required={column.required}
            error={state.errors.get(pointer)}
          >
            {(ids) => <ColumnInput {...props} {...ids} column={column} />}
          </FieldFrame>
        )
      })}
      {total && (
        <p className="item-total">
          <span>{t('form.rowTotal')}</span> <RowTotal total={total} row={row} />
        </p>
      )}
    </fieldset>
  )
}

type ColumnProps = RowProps & { column: Field; id: string; describedBy: string | undefined; label?: string }

function ColumnInput({ column, id, describedBy, label, row, base, state, onChange }: ColumnProps) {
  if (column.kind === 'line_items') return null // forms of forms do not exist (api/proposals/forms.py)
  return (
    <FieldInput
      id={id}
      describedBy={describedBy}
      {...(label !== undefined && { label })}
      invalid={state.errors.has(`${base}/${column.name}`)}
      required={column.required}
      field={column}
      value={row.values[column.name] ?? null}
      form={state}
      onChange={(value) => onChange(column.name, value)}
    />
  )
}

function RowTotal({ total, row }: { total: Total; row: Row }) {
  const { t, language } = useLanguage()
  const amount = rowTotal(total, row.values)
  return <output className="amount">{amount === null ? t('none') : formatAmount(amount, language)}</output>
}

function RemoveRow({ number, onRemove }: RowProps) {
  const { t } = useLanguage()
  if (!onRemove) return null
  return (
    <button type="button" className="icon-button" aria-label={t('form.removeRow', { number })} onClick={onRemove}>
      <Icon name="remove" />
    </button>
  )
}
