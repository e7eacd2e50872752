import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'

import { retryMessage, settleMessage } from '@/api/operations'
import type { Message } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { AskFirst } from '@/ui/AskFirst'
import { Button } from '@/ui/Button'
import { Fact, Instant } from '@/ui/Fact'
import { Failure } from '@/ui/Failure'
import { useNotices } from '@/ui/Notice'

/** Kinds that have a name of their own; one that a newer server has is shown as it is. */
const KINDS = ['mail', 'invitation', 'submitted', 'approved', 'completed', 'returned', 'rejected', 'withdrawn', 'pulled_back', 'commented', 'circulated'] as const
const ERRORS = ['no_handler', 'no_proposal', 'worker_died', 'mail_refused', 'restored'] as const

/** One message: what it was to do, why it was given up, and the two ways on. */
export function MessageRow({ message }: { message: Message }) {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const [isAsking, setAsking] = useState(false)
  const [comment, setComment] = useState('')
  const reload = () => queries.invalidateQueries({ queryKey: ['outbox'] })
  // The row goes then, and would take the focus with it.
  const leave = () => reload().then(() => document.querySelector<HTMLElement>('#main h1')?.focus())
  const kind = KINDS.find((one) => message.kind === one || message.kind === `proposal.${one}`)
  const error = ERRORS.find((one) => message.error === one)
  const name = kind ? t(`outbox.kind.${kind}`) : message.kind
  const retrying = useMutation({
    mutationFn: () => retryMessage(message.id),
    onSuccess: () => {
      tell({ text: t('outbox.retried', { name }) })
      return leave()
    },
  })
  const settling = useMutation({
    mutationFn: () => settleMessage(message.id, comment.trim()),
    onSuccess: () => {
      setAsking(false)
      tell({ text: t('outbox.settled', { name }) })
      return leave()
    },
  })
  return (
    <li className="card message">
      <div className="card-line">
        <strong>{name}</strong>
        <span className="row-type">{t('outbox.number', { id: message.id })}</span>
      </div>
      <dl className="summary-facts">
        <Fact label={t('outbox.created')}>
          <Instant at={message.created_at} />
        </Fact>
        <Fact label={t('outbox.attempts')}>{message.attempts}</Fact>
        {message.state === 'waiting' && (
          <Fact label={t('outbox.next')}>
            <Instant at={message.next_attempt_at} />
          </Fact>
        )}
        {message.error !== '' && (
          <Fact label={t('outbox.error')}>{error ? t(`outbox.because.${error}`) : <code>{message.error}</code>}</Fact>
        )}
        {message.proposal !== null && (
          <Fact label={t('detail.title')}>
            <Link href={`/proposals/${message.proposal}`}>{t('outbox.proposal', { id: message.proposal })}</Link>
          </Fact>
        )}
      </dl>
      {message.settlement !== '' && <p className="history-comment prose">{message.settlement}</p>}
      {retrying.isError && (
        <Failure title={t('outbox.notRetried')} error={retrying.error} retry={() => void reload()} retryLabel={t('decide.reload')} />
      )}
      {message.state === 'dead' && (
        <div className="message-actions">
          <Button aria-label={t('outbox.retryNamed', { name, id: message.id })} busy={retrying.isPending} onClick={() => retrying.mutate()}>
            {t('outbox.retry')}
          </Button>
          <Button look="quiet" aria-label={t('outbox.settleNamed', { name, id: message.id })} onClick={() => setAsking(true)}>
            {t('outbox.settle')}
          </Button>
        </div>
      )}
      {isAsking && (
        <AskFirst
          title={t('outbox.askSettle', { name })}
          consequence={t('outbox.consequence')}
          verb={t('outbox.settle')}
          icon="approve"
          look="primary"
          comment={{ label: t('outbox.how'), required: true, needed: t('outbox.howNeeded'), value: comment, onChange: setComment }}
          error={settling.error}
          failed={t('outbox.notSettled')}
          busy={settling.isPending}
          onConfirm={() => settling.mutate()}
          onClose={() => setAsking(false)}
          onReload={() => {
            setAsking(false)
            void reload()
          }}
        />
      )}
    </li>
  )
}
