import { useMutation, useQueryClient } from '@tanstack/react-query'

import { acknowledgeProposal } from '@/api/operations'
import { proposalQuery } from '@/api/queries'
import type { Proposal } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Failure } from '@/ui/Failure'
import { Icon } from '@/ui/Icon'
import { useNotices } from '@/ui/Notice'

/** For whoever it was circulated to and who has not said yet that they have seen it. */
export function Acknowledge({ proposal, personId }: { proposal: Proposal; personId: number }) {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const acknowledging = useMutation({
    mutationFn: () => acknowledgeProposal(proposal.id),
    onSuccess: (made) => {
      queries.setQueryData(proposalQuery(proposal.id).queryKey, made)
      tell({ text: t('viewers.acknowledged') })
    },
  })
  const isNew = proposal.viewers.some(({ person, seen_at }) => person.id === personId && seen_at === null)
  if (!isNew || !proposal.actions.includes('acknowledge')) return null
  return (
    <>
      <div className="hint acknowledge">
        <Icon name="eye" />
        <p>{t('viewers.forYou')}</p>
        <Button look="primary" busy={acknowledging.isPending} onClick={() => acknowledging.mutate()}>
          {t('viewers.acknowledge')}
        </Button>
      </div>
      {acknowledging.isError && <Failure title={t('viewers.notAcknowledged')} error={acknowledging.error} />}
    </>
  )
}
