import { Link } from 'wouter'

import type { InboxItem } from '@/api/types'
import { daysSince, formatAmount, formatInstant, nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Name } from '@/ui/Person'

type RowsProps = { items: InboxItem[]; onOpen: (id: number) => void }

/** After a week something is said to have waited long. */
const LONG_DAYS = 7

export function InboxTable({ items, onOpen }: RowsProps) {
  const { t, language } = useLanguage()
  return (
    <table className="rows">
      <caption className="visually-hidden">{t('inbox.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('column.title')}</th>
          <th scope="col">{t('column.applicant')}</th>
          <th scope="col" className="number">
            {t('column.amount')}
          </th>
          <th scope="col">{t('column.waiting')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.assignment_id}>
            <td>
              <span className="row-type">{nameOf(item.proposal.type, language)}</span>
              <TitleLink item={item} onOpen={onOpen} />
            </td>
            <td>
              <Who item={item} />
            </td>
            <td className="number">
              <Amount item={item} />
            </td>
            <td className="short">
              <Waiting item={item} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function InboxCards({ items, onOpen }: RowsProps) {
  const { t, language } = useLanguage()
  return (
    <ul className="cards" aria-label={t('inbox.caption')}>
      {items.map((item) => (
        <li key={item.assignment_id} className="card">
          <div className="card-line">
            <span className="row-type">{nameOf(item.proposal.type, language)}</span>
            <Waiting item={item} />
          </div>
          <TitleLink item={item} onOpen={onOpen} />
          <div className="card-line">
            <Who item={item} />
            <strong className="amount">
              <Amount item={item} />
            </strong>
          </div>
        </li>
      ))}
    </ul>
  )
}

function TitleLink({ item, onOpen }: { item: InboxItem; onOpen: (id: number) => void }) {
  const { id, title } = item.proposal
  return (
    <Link href={`/proposals/${id}`} className="row-title" data-row={id} onClick={() => onOpen(id)}>
      {title}
    </Link>
  )
}

function Who({ item }: { item: InboxItem }) {
  const { post } = item.proposal.applicant
  return (
    <span className="who">
      <Name of={item.proposal.applicant} />
      <span className="who-department">
        <Name of={{ name: post.department, name_en: post.department_en }} />
      </span>
    </span>
  )
}

function Amount({ item }: { item: InboxItem }) {
  const { t, language } = useLanguage()
  const { amount } = item.proposal
  if (amount === null) return <span className="none">{t('none')}</span>
  return <>{formatAmount(amount, language)}</>
}

/** How long it has waited, in days; the exact instant for whoever points at it. */
function Waiting({ item }: { item: InboxItem }) {
  const { t, language } = useLanguage()
  const days = daysSince(item.asked_at, new Date())
  return (
    <time dateTime={item.asked_at} title={formatInstant(item.asked_at, language)} className="waiting" data-long={days >= LONG_DAYS || undefined}>
      {days === 0 ? t('inbox.today') : t('inbox.days', { count: days })}
    </time>
  )
}
