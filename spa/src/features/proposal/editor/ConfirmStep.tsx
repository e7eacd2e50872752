import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import { proposalQuery, routePreviewQuery } from '@/api/queries'
import type { Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button, ButtonLink } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Icon } from '@/ui/Icon'
import { Person } from '@/ui/Person'
import { Skeleton } from '@/ui/Skeleton'

import { AttachmentList } from '../attachments/AttachmentList'
import { useUploads } from '../attachments/useFiles'
import { ContentView } from '../ContentView'
import type { Form } from '../form'
import { plannedSteps } from '../route/model'
import { RouteView } from '../route/RouteView'

type ConfirmStepProps = {
  proposal: Proposal
  /** Names the draft to files that are on their way. */
  place: string
  form: Form
  error: unknown
  busy: boolean
  onSubmit: () => void
}

/** The second of two steps: who will be asked, what they will read, and the button that sends it. */
export function ConfirmStep({ proposal, place, form, error, busy, onSubmit }: ConfirmStepProps) {
  const { t } = useLanguage()
  const preview = useQuery(routePreviewQuery(proposal.id, proposal.version))
  // Files come and go beside the draft: what is known now, not when it was saved.
  const { data: live = proposal } = useQuery(proposalQuery(proposal.id))
  const uploads = useUploads(proposal.id, place)
  const areRunning = uploads.some(({ phase }) => phase !== 'failed')
  const [isWanted, setWanted] = useState(false)
  const isUnfinished = isWanted && !areRunning && uploads.length > 0
  const isReady = isWanted && uploads.length === 0
  const latest = useRef(onSubmit)
  useEffect(() => {
    latest.current = onSubmit
  })
  useEffect(() => {
    if (isReady) latest.current()
  }, [isReady])
  const submit = () => {
    if (isReady) onSubmit()
    else setWanted(true)
  }
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
      {live.attachments.length + uploads.length > 0 && (
        <section className="section" aria-labelledby="files">
          <h2 id="files">{t('file.title')}</h2>
          <AttachmentList proposal={live} place={place} />
        </section>
      )}
      {isUnfinished && (
        <div className="failure" role="alert">
          <Icon name="warning" />
          <div>
            <p className="failure-title">{t('file.unfinished')}</p>
            <p>{t('file.unfinishedText')}</p>
          </div>
        </div>
      )}
      {Boolean(error) && <Failure title={t('confirm.notSubmitted')} error={error} once retry={onSubmit} busy={busy} />}
      <div className="form-actions">
        {preview.isSuccess && (
          <Button look="primary" busy={busy || (isWanted && areRunning)} onClick={submit}>
            {t('confirm.submit')}
          </Button>
        )}
        <ButtonLink to={`/proposals/${proposal.id}/edit`}>{t('confirm.back')}</ButtonLink>
        <p role="status" className="saved-mark">
          {isWanted && areRunning && t('file.wait')}
        </p>
      </div>
    </>
  )
}
