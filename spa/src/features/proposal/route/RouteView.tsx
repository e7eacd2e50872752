import type { ReactNode } from 'react'

import { formatDate } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Icon, type IconName } from '@/ui/Icon'
import { Name, Place, Title } from '@/ui/Person'

import type { RoutePerson, RouteStep } from './model'
import { Seal } from './Seal'

type Applicant = { name: string; name_en: string; post: { title: string; department: string; department_en: string } }

type RouteViewProps = {
  steps: RouteStep[]
  applicant: Applicant
  /** When it was submitted; null while it is only planned. */
  submittedAt: string | null
}

/** The route as a row of steps: who submitted, who is asked in turn, and the seal of whoever has decided. */
export function RouteView({ steps, applicant, submittedAt }: RouteViewProps) {
  const { t, language } = useLanguage()
  return (
    <ol className="route" aria-label={t('route.title')}>
      <li className="route-step" data-state={submittedAt === null ? 'planned' : 'done'}>
        <span className="route-name">{t('route.applicant')}</span>
        <span className="route-mark">
          {submittedAt === null ? (
            <Ring icon="draft" />
          ) : (
            <Seal kind="submit" at={submittedAt} person={applicant} />
          )}
        </span>
        <span className="route-person">
          <Name of={applicant} />
        </span>
        <span className="route-place">
          <Place of={applicant.post} />
        </span>
        <span className="route-state">
          {submittedAt === null ? t('route.beforeSubmission') : t('route.submitted', { date: formatDate(submittedAt, language) })}
        </span>
      </li>
      {steps.map((step) => (
        <StepView key={step.key} step={step} />
      ))}
    </ol>
  )
}

function StepView({ step }: { step: RouteStep }) {
  const { t } = useLanguage()
  return (
    <li className="route-step" data-state={step.state} aria-current={step.state === 'active' ? 'step' : undefined}>
      <span className="route-name">
        <Name of={step} />
      </span>
      {step.people.length === 0 ? (
        <>
          <span className="route-mark">
            <Ring icon="skip" />
          </span>
          <span className="route-state">
            {t('route.skipped')}
            {step.skipReason && <span className="route-reason">{t(`route.skip.${step.skipReason}`)}</span>}
          </span>
        </>
      ) : (
        step.people.map((person) => <PersonView key={person.key} asked={person} />)
      )}
      {step.people.length > 1 && (
        <span className="route-needed">{t('route.needed', { count: step.people.length, needed: step.needed })}</span>
      )}
    </li>
  )
}

function PersonView({ asked }: { asked: RoutePerson }) {
  const { t, language } = useLanguage()
  const { decision } = asked
  return (
    <>
      <span className="route-mark">
        {decision ? (
          <Seal kind={decision.verdict} at={decision.decided_at} person={asked.person} />
        ) : (
          <Ring icon={ICONS[asked.state]} />
        )}
      </span>
      <span className="route-person">
        <Name of={asked.person} />
      </span>
      <span className="route-place">
        <Title of={asked.title} />
      </span>
      <span className="route-state">
        {decision
          ? t(`route.verdict.${decision.verdict}`, { date: formatDate(decision.decided_at, language) })
          : t(`route.assignment.${asked.state}`)}
      </span>
    </>
  )
}

const ICONS: Record<RoutePerson['state'], IconName> = {
  waiting: 'person',
  pending: 'clock',
  decided: 'approve',
  void: 'withdraw',
  reassigned: 'skip',
}

/** The empty place of a seal. */
function Ring({ icon }: { icon: IconName }): ReactNode {
  return (
    <span className="ring">
      <Icon name={icon} />
    </span>
  )
}
