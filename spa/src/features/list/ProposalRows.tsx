import { Link } from 'wouter'

import type { ProposalRow } from '@/api/types'
import { formatAmount, formatDate, nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Name } from '@/ui/Person'
import { StateMark } from '@/ui/StateMark'

type RowsProps = { rows: ProposalRow[]; showApplicant: boolean; onOpen: (id: number) => void }

export function ProposalTable({ rows, showApplicant, onOpen }: RowsProps) {
  const { t, language } = useLanguage()
  return (
    <table className="rows">
      <caption className="visually-hidden">{t('list.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('column.title')}</th>
          {showApplicant && <th scope="col">{t('column.applicant')}</th>}
          <th scope="col" className="number">
            {t('column.amount')}
          </th>
          <th scope="col">{t('column.state')}</th>
          <th scope="col">{t('column.created')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <span className="row-type">{nameOf(row.type, language)}</span>
              <TitleLink row={row} onOpen={onOpen} />
            </td>
            {showApplicant && (
              <td>
                <Name of={row.applicant} />
              </td>
            )}
            <td className="number">
              <Amount row={row} />
            </td>
            <td>
              <Standing row={row} />
            </td>
            <td className="short">
              <time dateTime={row.created_at}>{formatDate(row.created_at, language)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function ProposalCards({ rows, showApplicant, onOpen }: RowsProps) {
  const { t, language } = useLanguage()
  return (
    <ul className="cards" aria-label={t('list.caption')}>
      {rows.map((row) => (
        <li key={row.id} className="card">
          <div className="card-line">
            <span className="row-type">{nameOf(row.type, language)}</span>
            <time dateTime={row.created_at} className="waiting">
              {formatDate(row.created_at, language)}
            </time>
          </div>
          <TitleLink row={row} onOpen={onOpen} />
          {showApplicant && <Name of={row.applicant} />}
          <div className="card-line">
            <Standing row={row} />
            <strong className="amount">
              <Amount row={row} />
            </strong>
          </div>
        </li>
      ))}
    </ul>
  )
}

function TitleLink({ row, onOpen }: { row: ProposalRow; onOpen: (id: number) => void }) {
  const { t } = useLanguage()
  return (
    <Link href={`/proposals/${row.id}`} className="row-title" data-row={row.id} onClick={() => onOpen(row.id)}>
      {row.title === '' ? t('untitled') : row.title}
    </Link>
  )
}

function Amount({ row }: { row: ProposalRow }) {
  const { t, language } = useLanguage()
  if (row.amount === null) return <span className="none">{t('none')}</span>
  return <>{formatAmount(row.amount, language)}</>
}

/** The state, and what a reader asks next: who has it now, or under which number it was decided. */
function Standing({ row }: { row: ProposalRow }) {
  const { t } = useLanguage()
  return (
    <span className="standing">
      <StateMark state={row.state} />
      {row.waiting_for.length > 0 && (
        <span className="standing-more">
          {t('list.waitingFor')}{' '}
          {row.waiting_for.map((person, index) => (
            <span key={index}>
              {index > 0 && t('listSeparator')}
              <Name of={person} />
            </span>
          ))}
        </span>
      )}
      {row.decision_number !== null && <span className="standing-more number-mark">{row.decision_number}</span>}
    </span>
  )
}
