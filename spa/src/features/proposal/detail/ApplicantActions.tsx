import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'

import { pullBackProposal, withdrawProposal } from '@/api/operations'
import { inboxQuery, proposalQuery } from '@/api/queries'
import type { Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { AskFirst } from '@/ui/AskFirst'
import { Button, ButtonLink } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { useNotices } from '@/ui/Notice'
import { useKeptText } from '@/ui/useKeptText'

import { surely } from '../surely'
import { useCopy } from './useCopy'

/** What the applicant may do: go on writing, pull back, withdraw, begin another one like it. */
export function ApplicantActions({ proposal }: { proposal: Proposal }) {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const { tell } = useNotices()
  const [isAsking, setAsking] = useState(false)
  const [comment, setComment] = useKeptText(`withdraw.${proposal.id}`)

  const keepAnswer = (made: Proposal) => {
    queries.setQueryData(proposalQuery(proposal.id).queryKey, made)
    void queries.invalidateQueries({ queryKey: ['proposals'] })
    void queries.invalidateQueries({ queryKey: inboxQuery.queryKey })
  }
  const pullingBack = useMutation({
    mutationFn: () => surely(proposal.id, () => pullBackProposal(proposal.id), ({ state }) => state === 'draft'),
    onSuccess: (made) => {
      keepAnswer(made)
      tell({ text: t('applicant.pulledBack', { title: made.title }) })
      navigate(`/proposals/${proposal.id}/edit`)
    },
  })
  const withdrawing = useMutation({
    mutationFn: () => surely(proposal.id, () => withdrawProposal(proposal.id, comment.trim()), ({ state }) => state === 'withdrawn'),
    onSuccess: (made) => {
      keepAnswer(made)
      setAsking(false)
      setComment('')
      tell({ text: t('applicant.withdrawn', { title: proposal.title }) })
    },
  })
  const copying = useCopy(proposal)
  const reload = () => {
    pullingBack.reset()
    withdrawing.reset()
    setAsking(false)
    void queries.invalidateQueries()
  }

  const may = (action: Proposal['actions'][number]) => proposal.actions.includes(action)
  return (
    <>
      <div className="applicant-actions">
        {may('edit') && (
          <ButtonLink to={`/proposals/${proposal.id}/edit`} icon="draft" look="primary">
            {t(proposal.state === 'returned' ? 'applicant.correct' : 'applicant.edit')}
          </ButtonLink>
        )}
        {may('pull_back') && (
          <Button icon="pullBack" busy={pullingBack.isPending} onClick={() => pullingBack.mutate()}>
            {t('applicant.pullBack')}
          </Button>
        )}
        {may('withdraw') && (
          <Button icon="withdraw" look="quiet" onClick={() => setAsking(true)}>
            {t('applicant.withdraw')}
          </Button>
        )}
        {may('copy') && (
          <Button icon="copy" look="quiet" busy={copying.isPending} onClick={() => copying.mutate()}>
            {t('applicant.copy')}
          </Button>
        )}
      </div>
      {copying.isError && <Failure title={t('applicant.notCopied')} error={copying.error} />}
      {pullingBack.isError && (
        <Failure
          title={t('applicant.notPulledBack')}
          error={pullingBack.error}
          once
          retry={reload}
          retryLabel={t('decide.reload')}
        />
      )}
      {isAsking && (
        <AskFirst
          title={t('applicant.askWithdraw', { title: proposal.title === '' ? t('untitled') : proposal.title })}
          consequence={t('applicant.withdrawConsequence')}
          verb={t('applicant.withdraw')}
          icon="withdraw"
          look="danger"
          comment={{ label: t('applicant.withdrawReason'), required: false, value: comment, onChange: setComment }}
          error={withdrawing.error}
          failed={t('applicant.notWithdrawn')}
          busy={withdrawing.isPending}
          onConfirm={() => withdrawing.mutate()}
          onClose={() => setAsking(false)}
          onReload={reload}
        />
      )}
    </>
  )
}
