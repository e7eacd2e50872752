import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'

import { decide } from '@/api/operations'
import { inboxQuery, proposalQuery } from '@/api/queries'
import type { Proposal, Verdict } from '@/api/types'
import { useLanguage } from '@/language/useLanguage'
import { useNotices } from '@/ui/Notice'

import { surely } from '../surely'

/**
 * Decide, and open what waits next. The decision shows at once; when the API refuses it, the page goes back to what
 * it was and says why.
 */
export function useDecision(proposal: Proposal, assignmentId: number) {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const { tell } = useNotices()
  const key = proposalQuery(proposal.id).queryKey

  return useMutation({
    mutationFn: ({ verdict, comment }: { verdict: Verdict; comment: string }) =>
      surely(
        proposal.id,
        () => decide(assignmentId, { verdict, comment, revision: proposal.revision }),
        (found) => isDecided(found, assignmentId, verdict, comment),
      ),
    onMutate: async ({ verdict, comment }) => {
      await queries.cancelQueries({ queryKey: key })
      queries.setQueryData(key, withDecision(proposal, assignmentId, verdict, comment))
      return { before: proposal }
    },
    onError: (_error, _decision, context) => queries.setQueryData(key, context?.before),
    onSuccess: async (decided, { verdict }) => {
      queries.setQueryData(key, decided)
      void queries.invalidateQueries({ queryKey: ['proposals'] })
      const before = queries.getQueryData(inboxQuery.queryKey)?.pages.flatMap((page) => page.results) ?? []
      const place = before.findIndex((item) => item.assignment_id === assignmentId)
      await queries.refetchQueries({ queryKey: inboxQuery.queryKey })
      const waiting = queries.getQueryData(inboxQuery.queryKey)?.pages.flatMap((page) => page.results) ?? []
      const left = waiting.filter((item) => item.assignment_id !== assignmentId)
      const next = left[place === -1 || place >= left.length ? 0 : place]
      const done = decided.decision_number
        ? t('decide.completed', { title: proposal.title, number: decided.decision_number })
        : t(`decide.done.${verdict}`, { title: proposal.title })
      tell({ text: done, link: { to: `/proposals/${proposal.id}`, label: t('decide.see') } })
      // Whoever went elsewhere before the answer came stays there.
      if (window.location.hash === `#/proposals/${proposal.id}`) navigate(next ? `/proposals/${next.proposal.id}` : '/')
    },
  })
}

function isDecided(found: Proposal, assignmentId: number, verdict: Verdict, comment: string): boolean {
  const mine = found.route.flatMap(({ assignments }) => assignments).find(({ id }) => id === assignmentId)
  return mine?.state === 'decided' && mine.decision?.verdict === verdict && mine.decision.comment === comment
}

/** The proposal as it will look: the step bears the decision. State and what follows are the API's to say. */
function withDecision(proposal: Proposal, assignmentId: number, verdict: Verdict, comment: string): Proposal {
  const decision = { verdict, comment, decided_at: new Date().toISOString() }
  return {
    ...proposal,
    route: proposal.route.map((step) => ({
      ...step,
      assignments: step.assignments.map((assignment) =>
        assignment.id === assignmentId ? { ...assignment, state: 'decided' as const, decision } : assignment,
      ),
    })),
  }
}
