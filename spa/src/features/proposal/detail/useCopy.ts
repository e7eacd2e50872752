import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'

import { copyProposal } from '@/api/operations'
import { proposalQuery } from '@/api/queries'
import type { Copied, Proposal } from '@/api/types'
import { newUuid } from '@/api/uuid'
import { nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { useNotices } from '@/ui/Notice'

/** Begin another proposal with the content of this one, and say what could not be taken over. */
export function useCopy(proposal: Proposal) {
  const { t, language } = useLanguage()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const { tell } = useNotices()
  // Kept until it worked: where the answer was lost, a second press does not make a second copy.
  const [key, setKey] = useState(newUuid)

  const leftOut = ({ left_out, files }: Copied) => {
    const fields = left_out.map(({ label, label_en }) => nameOf({ name: label, name_en: label_en }, language)).join(t('listSeparator'))
    return [
      ...(fields === '' ? [] : [t('applicant.copiedWithout', { fields })]),
      ...(files === 0 ? [] : [t('applicant.copiedFiles', { count: files })]),
    ]
  }
  return useMutation({
    mutationFn: () => copyProposal(proposal.id, key),
    onSuccess: (copied) => {
      setKey(newUuid())
      queries.setQueryData(proposalQuery(copied.proposal.id).queryKey, copied.proposal)
      void queries.invalidateQueries({ queryKey: ['proposals'] })
      tell({ text: [t('applicant.copied', { title: proposal.title }), ...leftOut(copied)].join(' ') })
      // Whoever went elsewhere before the answer came stays there, and finds the draft in the list.
      if (window.location.hash === `#/proposals/${proposal.id}`) navigate(`/proposals/${copied.proposal.id}/edit`)
    },
  })
}
