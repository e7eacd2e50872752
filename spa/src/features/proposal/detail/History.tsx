import type { Event, Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Instant } from '@/ui/Fact'
import { Icon, type IconName } from '@/ui/Icon'
import { Name } from '@/ui/Person'

const ICONS: Record<Event['kind'], IconName> = {
  created: 'draft',
  submitted: 'plus',
  approved: 'approve',
  completed: 'approve',
  returned: 'return',
  rejected: 'reject',
  withdrawn: 'withdraw',
  pulled_back: 'pullBack',
  commented: 'comment',
  circulated: 'person',
  acknowledged: 'approve',
  attachment_added: 'plus',
  attachment_removed: 'withdraw',
  attachment_refused: 'reject',
  message_retried: 'info',
  message_settled: 'info',
}

/** What happened and what was said, oldest first: comments are events among the others. */
export function History({ proposal }: { proposal: Proposal }) {
  const { t } = useLanguage()
  return (
    <ol className="history">
      {proposal.history.map((event, index) => (
        <li key={index} data-kind={event.kind}>
          <Icon name={ICONS[event.kind]} />
          <div>
            <p className="history-line">
              <strong>
                <Name of={event.person} />
              </strong>{' '}
              <span>{t(`history.kind.${event.kind}`)}</span>
              {event.kind === 'submitted' && event.revision > 1 && (
                <span className="revision">{t('detail.revision', { revision: event.revision })}</span>
              )}
              <About event={event} proposal={proposal} />{' '}
              <Instant at={event.at} />
            </p>
            {event.comment !== '' && <p className="history-comment prose">{event.comment}</p>}
          </div>
        </li>
      ))}
    </ol>
  )
}

/** Which file, or whom, an event is about: by name where it is one that the reader may see. */
function About({ event, proposal }: { event: Event; proposal: Proposal }) {
  const file = proposal.attachments.find(({ id }) => id === event.attachment)
  const viewer = proposal.viewers.find(({ person }) => person.id === event.viewer)
  if (!file && !viewer) return null
  return (
    <span className="history-about">
      {': '}
      {file ? file.name : viewer && <Name of={viewer.person} />}
    </span>
  )
}
