import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'

import { commentOnProposal } from '@/api/operations'
import { proposalQuery } from '@/api/queries'
import type { Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { useKeptText } from '@/ui/useKeptText'

/** Say something about a proposal; what is typed is kept until it is sent. */
export function CommentForm({ proposal }: { proposal: Proposal }) {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const id = useId()
  const [body, setBody] = useKeptText(`comment.${proposal.id}`)
  const [isEmpty, setEmpty] = useState(false)
  const sending = useMutation({
    mutationFn: (text: string) => commentOnProposal(proposal.id, text),
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
      {sending.isError && <Failure title={t('comment.failed')} error={sending.error} />}
      <Button icon="comment" busy={sending.isPending} onClick={send}>
        {t('comment.send')}
      </Button>
    </div>
  )
}
