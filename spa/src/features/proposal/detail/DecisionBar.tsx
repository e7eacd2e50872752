import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'

import type { Proposal, Verdict } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import type { IconName } from '@/ui/Icon'
import { useShortcuts } from '@/ui/keys'
import { useKeptText } from '@/ui/useKeptText'

import { AskFirst } from '@/ui/AskFirst'
import { useDecision } from './useDecision'

const ICONS: Record<Verdict, IconName> = { approve: 'approve', return: 'return', reject: 'reject' }

/**
 * The next proposal opens where the last one was: the second press of a double click must not approve it.
 * 600 ms: the slowest double click that Windows can be set to is 900 ms, its default 500.
 */
const REST_MS = 600

function useRest(): boolean {
  const [resting, setResting] = useState(true)
  useEffect(() => {
    const timer = setTimeout(() => setResting(false), REST_MS)
    return () => clearTimeout(timer)
  }, [])
  return resting
}

type DecisionBarProps = { proposal: Proposal; assignment: { id: number; step: number } }

/** Always in reach at the bottom: approve as it is; sending back and rejecting ask for a reason first. */
export function DecisionBar({ proposal, assignment }: DecisionBarProps) {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const id = useId()
  const [comment, setComment] = useKeptText(`decision.${proposal.id}`)
  const [asking, setAsking] = useState<Verdict | null>(null)
  const decision = useDecision(proposal, assignment.id)
  const resting = useRest()

  const ask = (verdict: Verdict) => {
    decision.reset()
    setAsking(verdict)
  }
  const carryOut = (verdict: Verdict) => decision.mutate({ verdict, comment: comment.trim() }, { onSuccess: () => setComment('') })
  const reload = () => {
    decision.reset()
    setAsking(null)
    void queries.invalidateQueries()
  }
  useShortcuts({ a: () => ask('approve'), b: () => ask('return'), r: () => ask('reject') })

  return (
    <section className="decision-bar" aria-label={t('decide.title')}>
      {decision.isError && !asking && (
        <Failure title={t('decide.failed')} error={decision.error} once retry={reload} retryLabel={t('decide.reload')} />
      )}
      <div className="decision-row">
        <div className="decision-comment">
          <label htmlFor={id} className="visually-hidden">
            {t('decide.comment')}
          </label>
          <textarea
            id={id}
            rows={1}
            placeholder={t('decide.commentHint')}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        </div>
        <div className="decision-buttons">
          <Button look="danger" icon={ICONS.reject} aria-keyshortcuts="r" busy={decision.isPending} onClick={() => ask('reject')}>
            {t('decide.verb.reject')}
          </Button>
          <Button icon={ICONS.return} aria-keyshortcuts="b" busy={decision.isPending} onClick={() => ask('return')}>
            {t('decide.verb.return')}
          </Button>
          <Button look="primary" icon={ICONS.approve} aria-keyshortcuts="a" busy={decision.isPending} resting={resting} onClick={() => carryOut('approve')}>
            {t('decide.verb.approve')}
          </Button>
        </div>
      </div>
      {asking && (
        <AskFirst
          title={t(`decide.ask.${asking}`, { title: proposal.title })}
          consequence={t(`decide.consequence.${asking}`)}
          verb={t(`decide.verb.${asking}`)}
          icon={ICONS[asking]}
          look={asking === 'reject' ? 'danger' : 'primary'}
          comment={{ label: t('decide.comment'), required: asking !== 'approve', value: comment, onChange: setComment }}
          error={decision.error}
          failed={t('decide.failed')}
          busy={decision.isPending}
          onConfirm={() => carryOut(asking)}
          onClose={() => setAsking(null)}
          onReload={reload}
        />
      )}
    </section>
  )
}
