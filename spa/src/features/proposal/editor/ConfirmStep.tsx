import { useQuery } from '@tanstack/react-query'

import { routePreviewQuery } from '@/api/queries'
import type { Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button, ButtonLink } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Person } from '@/ui/Person'
import { Skeleton } from '@/ui/Skeleton'

import { ContentView } from '../ContentView'
import type { Form } from '../form'
import { plannedSteps } from '../route/model'
import { RouteView } from '../route/RouteView'

type ConfirmStepProps = {
  proposal: Proposal
  form: Form
  error: unknown
  busy: boolean
  onSubmit: () => void
}

/** The second of two steps: who will be asked, what they will read, and the button that sends it. */
export function ConfirmStep({ proposal, form, error, busy, onSubmit }: ConfirmStepProps) {
  const { t } = useLanguage()
  const preview = useQuery(routePreviewQuery(proposal.id, proposal.version))
  return (
    <>
      <section className="section" aria-labelledby="who">
        <h2 id="who">{t('confirm.who')}</h2>
        <p className="lead">{t('confirm.whoText')}</p>
        {preview.isPending && <Skeleton lines={3} />}
        {preview.isError && (
          <Failure
            title={t('confirm.noRoute')}
            error={preview.error}
            retry={() => void preview.refetch()}
            busy={preview.isFetching}
          />
        )}
        {preview.data && <RouteView steps={plannedSteps(preview.data.steps)} applicant={proposal.applicant} submittedAt={null} />}
      </section>
      <section className="section" aria-labelledby="what">
        <h2 id="what">{t('confirm.what')}</h2>
        <dl className="content">
          <div>
            <dt>{t('form.title')}</dt>
            <dd>
              <strong>{proposal.title}</strong>
            </dd>
          </div>
          <div>
            <dt>{t('route.applicant')}</dt>
            <dd>
              <Person of={proposal.applicant} />
            </dd>
          </div>
        </dl>
        <ContentView form={form} content={proposal.content} references={proposal.references} />
      </section>
      {Boolean(error) && <Failure title={t('confirm.notSubmitted')} error={error} retry={onSubmit} busy={busy} />}
      <div className="form-actions">
        {preview.isSuccess && (
          <Button look="primary" busy={busy} onClick={onSubmit}>
            {t('confirm.submit')}
          </Button>
        )}
        <ButtonLink to={`/proposals/${proposal.id}/edit`}>{t('confirm.back')}</ButtonLink>
      </div>
    </>
  )
}
