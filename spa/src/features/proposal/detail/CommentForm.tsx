import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'

import { commentOnProposal } from '@/api/operations'
import { proposalQuery } from '@/api/queries'
import { sessionState } from '@/api/session'
import type { Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { useKeptText } from '@/ui/useKeptText'

import { asItIs, surely } from '../surely'

/** Say something about a proposal; what is typed is kept until it is sent. */
export function CommentForm({ proposal }: { proposal: Proposal }) {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const id = useId()
  const [body, setBody] = useKeptText(`comment.${proposal.id}`)
  const [isEmpty, setEmpty] = useState(false)
  /** What was sent and perhaps never answered, and how often it had been said before: it is not said twice. */
  const unanswered = useRef<{ text: string; before: number } | null>(null)
  const sending = useMutation({
    mutationFn: async (text: string) => {
      const open = unanswered.current
      unanswered.current = open?.text === text ? open : { text, before: timesSaid(proposal, text) }
      const { before } = unanswered.current
      const isSaid = (found: Proposal) => timesSaid(found, text) > before
      const found = open?.text === text ? await asItIs(proposal.id) : null
      const made = found && isSaid(found) ? found : await surely(proposal.id, () => commentOnProposal(proposal.id, text), isSaid)
      unanswered.current = null
      return made
    },
    onSuccess: (made) => {
      queries.setQueryData(proposalQuery(proposal.id).queryKey, made)
      setBody('')
    },
  })
  const send = () => {
    setEmpty(body.trim() === '')
    if (body.trim() === '') document.getElementById(id)?.focus()
    else sending.mutate(body)
  }
  return (
    <div className="comment-form">
      <label htmlFor={id}>{t(proposal.assignment ? 'comment.labelOnly' : 'comment.label')}</label>
      <textarea
        id={id}
        rows={2}
        value={body}
        aria-invalid={isEmpty || undefined}
        aria-describedby={isEmpty ? `${id}-error` : undefined}
        onChange={(event) => {
          setBody(event.target.value)
          setEmpty(false)
        }}
      />
      {isEmpty && (
        <p className="field-error" id={`${id}-error`}>
          {t('comment.empty')}
        </p>
      )}
      {sending.isError && <Failure title={t('comment.failed')} error={sending.error} once />}
      <Button icon="comment" busy={sending.isPending} onClick={send}>
        {t('comment.send')}
      </Button>
    </div>
  )
}

/** How often this person has said exactly this. */
function timesSaid({ history }: Proposal, text: string): number {
  const me = sessionState().session?.personId
  return history.filter(({ kind, person, comment }) => kind === 'commented' && person.id === me && comment === text.trim()).length
}
