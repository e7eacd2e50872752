/** A route to be drawn: of a proposal on its way, or of one that is about to be submitted. */
import type { Proposal, PlannedStep, Step } from '@/api/types'

export type Verdict = 'approve' | 'reject' | 'return'

export type RoutePerson = {
  key: string
  person: { name: string; name_en: string }
  title: string
  state: Step['assignments'][number]['state']
  decision: { verdict: Verdict; comment: string; decided_at: string } | null
}

export type RouteStep = {
  key: string
  /** The department whose head is asked. */
  name: string
  name_en: string
  state: Step['state']
  skipReason: Step['skip_reason']
  /** Of several people, how many must approve. */
  needed: number
  people: RoutePerson[]
}

export function stepsOf(proposal: Proposal): RouteStep[] {
  return proposal.route.map((step) => ({
    key: String(step.id),
    name: step.name,
    name_en: step.name_en,
    state: step.state,
    skipReason: step.skip_reason,
    needed: step.needed,
    people: step.assignments.map((assignment) => ({
      key: String(assignment.id),
      person: assignment.person,
      title: assignment.title,
      state: assignment.state,
      decision: assignment.decision,
    })),
  }))
}

export function plannedSteps(steps: PlannedStep[]): RouteStep[] {
  return steps.map((step, index) => ({
    key: String(index),
    name: step.name,
    name_en: step.name_en,
    state: step.skip_reason === null ? 'waiting' : 'skipped',
    skipReason: step.skip_reason,
    needed: step.needed,
    people: step.asked.map((asked, place) => ({
      key: String(place),
      person: asked.person,
      title: asked.title,
      state: 'waiting',
      decision: null,
    })),
  }))
}
