import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { meQuery, proposalQuery } from '@/api/queries'
import type { Proposal } from '@/api/types'
import { formatAmount, formatDate, nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Button, ButtonLink } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Page } from '@/ui/Page'
import { Person } from '@/ui/Person'
import { Skeleton } from '@/ui/Skeleton'
import { StateMark } from '@/ui/StateMark'

import { AttachmentList } from '../attachments/AttachmentList'
import { useUploads } from '../attachments/useFiles'
import { ContentView } from '../ContentView'
import { readForm } from '../form'
import { ReturnedWith } from '../ReturnedWith'
import { stepsOf } from '../route/model'
import { RouteView } from '../route/RouteView'
import { Acknowledge } from './Acknowledge'
import { ApplicantActions } from './ApplicantActions'
import { ChangedMeanwhile } from './ChangedMeanwhile'
import { CommentForm } from './CommentForm'
import { DecisionBar } from './DecisionBar'
import { History } from './History'
import { Viewers } from './Viewers'

/** One proposal: state and amount, what is asked, the route, what happened, and what I may do. */
export default function DetailPage({ id }: { id: number }) {
  const { t } = useLanguage()
  const proposal = useQuery(proposalQuery(id))
  if (proposal.data) return <Detail proposal={proposal.data} />
  return (
    <Page title={t('detail.title')} width="narrow">
      {proposal.isError ? (
        <>
          <Failure
            title={t('detail.failed')}
            error={proposal.error}
            retry={() => void proposal.refetch()}
            busy={proposal.isFetching}
          />
          <ButtonLink to="/">{t('missing.home')}</ButtonLink>
        </>
      ) : (
        <Skeleton lines={10} />
      )}
    </Page>
  )
}

function Detail({ proposal }: { proposal: Proposal }) {
  const { t, language } = useLanguage()
  const { data: me } = useQuery(meQuery)
  const form = readForm(proposal.form)
  const title = proposal.title === '' ? t('untitled') : proposal.title
  const isMine = me?.id === proposal.applicant.id
  // What somebody decides on is the revision that was shown first, not one that came in its place while they read.
  const [seen, setSeen] = useState(proposal.revision)
  return (
    <Page
      width="narrow"
      title={title}
      heading={
        <>
          <span className="overline">{nameOf(proposal.type, language)}</span>
          {title}
        </>
      }
      aside={
        <Button look="quiet" icon="print" onClick={() => window.print()}>
          {t('detail.print')}
        </Button>
      }
    >
      <p className="print-only print-title">{t(proposal.state === 'approved' ? 'detail.decision' : 'detail.application')}</p>
      <Summary proposal={proposal} />
      {proposal.state === 'returned' && <ReturnedWith proposal={proposal} />}
      {isMine && <ApplicantActions proposal={proposal} />}
      {me && <Acknowledge proposal={proposal} personId={me.id} />}
      <section className="section" aria-labelledby="content-title">
        <h2 id="content-title">{t('detail.content')}</h2>
        <ContentView form={form} content={proposal.content} references={proposal.references} />
      </section>
      <Files proposal={proposal} />
      {proposal.route.length > 0 && (
        <section className="section route-section" aria-labelledby="route-title">
          <h2 id="route-title">
            {t('route.title')}
            {proposal.revision > 1 && <span className="revision">{t('detail.revision', { revision: proposal.revision })}</span>}
          </h2>
          <RouteView steps={stepsOf(proposal)} applicant={proposal.applicant} submittedAt={proposal.submitted_at} />
        </section>
      )}
      <Viewers proposal={proposal} />
      <section className="section history-section" aria-labelledby="history-title">
        <h2 id="history-title">{t('history.title')}</h2>
        <History proposal={proposal} />
        {proposal.actions.includes('comment') && <CommentForm proposal={proposal} />}
      </section>
      {proposal.assignment &&
        (seen === proposal.revision ? (
          <DecisionBar key={proposal.assignment.id} proposal={proposal} assignment={proposal.assignment} />
        ) : (
          <ChangedMeanwhile revision={proposal.revision} onLook={() => setSeen(proposal.revision)} />
        ))}
    </Page>
  )
}

function Files({ proposal }: { proposal: Proposal }) {
  const { t } = useLanguage()
  const uploads = useUploads(proposal.id, null)
  if (proposal.attachments.length + uploads.length === 0) return null
  return (
    <section className="section files-section" aria-labelledby="files-title">
      <h2 id="files-title">{t('file.title')}</h2>
      <AttachmentList proposal={proposal} />
    </section>
  )
}

function Summary({ proposal }: { proposal: Proposal }) {
  const { t, language } = useLanguage()
  return (
    <div className="summary">
      <div className="summary-main">
        <StateMark state={proposal.state} />
        {proposal.amount !== null && <strong className="summary-amount">{formatAmount(proposal.amount, language)}</strong>}
      </div>
      <dl className="summary-facts">
        <div className="print-only">
          <dt>{t('detail.number')}</dt>
          <dd className="number-mark">
            {proposal.id}
            {proposal.revision > 1 && <span className="revision">{t('detail.revision', { revision: proposal.revision })}</span>}
          </dd>
        </div>
        {proposal.decision_number !== null && (
          <div>
            <dt>{t('detail.decisionNumber')}</dt>
            <dd className="number-mark">{proposal.decision_number}</dd>
          </div>
        )}
        <div>
          <dt>{t('column.applicant')}</dt>
          <dd>
            <Person of={proposal.applicant} />
          </dd>
        </div>
        {proposal.submitted_at !== null && (
          <div>
            <dt>{t('detail.submitted')}</dt>
            <dd>
              <time dateTime={proposal.submitted_at}>{formatDate(proposal.submitted_at, language)}</time>
            </dd>
          </div>
        )}
        {proposal.decided_at !== null && (
          <div>
            <dt>{t('detail.decided')}</dt>
            <dd>
              <time dateTime={proposal.decided_at}>{formatDate(proposal.decided_at, language)}</time>
            </dd>
          </div>
        )}
      </dl>
    </div>
  )
}
