"""Decide on a proposal: approve it, send it back, or reject it."""

import datetime as dt

from django.db import transaction

from api.organization.models import Person
from api.proposals import numbering
from api.proposals.errors import AlreadyDecided, CommentNeeded, NoSuchAssignment, StaleRevision, WrongState
from api.proposals.models import Assignment, Decision, Proposal, Revision, Step
from api.proposals.operations import _shared
from api.proposals.operations.submission import activate_next_step, void_route
from api.proposals.states import AssignmentState, Operation, ProposalState, StepState, Verdict

_RECORDED_AS = {Verdict.APPROVE: "approved", Verdict.RETURN: "returned", Verdict.REJECT: "rejected"}


@transaction.atomic
def decide(
    *, assignment_id: int, verdict: Verdict, revision: int, by: Person, at: dt.datetime, comment: str = ""
) -> Proposal:
    """Record one decision on one assignment, and move the proposal on.

    `revision` is the one the person saw. Raises `NoSuchAssignment` when this person is not asked by it,
    `StaleRevision` when another revision was submitted since, `AlreadyDecided` when someone (or the same person in
    another window) was first, `CommentNeeded` when a return or rejection does not say why.
    """
    comment = comment.strip()
    if verdict is not Verdict.APPROVE and not comment:
        raise CommentNeeded()
    asked = Assignment.objects.filter(pk=assignment_id, person=by, asked_at__isnull=False)
    proposal_id = asked.values_list("proposal_id", flat=True).first()
    if proposal_id is None:
        raise NoSuchAssignment(assignment=assignment_id)
    proposal = _shared.lock(proposal_id=proposal_id, by=by)
    if proposal.applicant_id == by.pk:
        # No route asks the applicant; this holds even if one ever did.
        raise NoSuchAssignment(assignment=assignment_id)
    if revision != proposal.revision:
        raise StaleRevision(seen=revision, current=proposal.revision)

    # The count of a conditional UPDATE, not something read before, says who was first.
    pending = Assignment.objects.filter(pk=assignment_id, state=AssignmentState.PENDING)
    if pending.update(state=AssignmentState.DECIDED) != 1:
        if proposal.state == ProposalState.IN_PROGRESS or Decision.objects.filter(assignment=assignment_id).exists():
            raise AlreadyDecided()
        raise WrongState(state=proposal.state, operation=verdict.value)

    current = Revision.objects.get(proposal=proposal, number=proposal.revision)
    step = Step.objects.get(assignments=assignment_id)
    decision = Decision.objects.create(
        assignment_id=assignment_id,
        revision=current,
        verdict=verdict,
        comment=comment,
        decided_by=by,
        decided_at=at,
    )
    operation = Operation(verdict.value)
    if verdict is Verdict.APPROVE and _finish_step(step) and not activate_next_step(current, at=at):
        operation = Operation.COMPLETE
    proposal.state = _shared.permit(operation, proposal=proposal, by=by, is_asked=True)
    if operation is Operation.COMPLETE:
        proposal.decision_number = numbering.next_number(type_=proposal.type, at=at)
    if proposal.state in {ProposalState.APPROVED, ProposalState.REJECTED}:
        proposal.decided_at = at
    if proposal.state != ProposalState.IN_PROGRESS:
        void_route(proposal)
    proposal.updated_at = at
    proposal.save()
    kind = "completed" if operation is Operation.COMPLETE else _RECORDED_AS[verdict]
    _shared.record(kind, proposal=proposal, by=by, at=at, decision_id=decision.pk, step=step.order)
    return proposal


def _finish_step(step: Step) -> bool:
    """Close the step when enough have approved; whoever else it asked is no longer asked."""
    approvals = Decision.objects.filter(assignment__step=step, verdict=Verdict.APPROVE).count()
    if approvals < step.needed:
        return False
    step.assignments.filter(state=AssignmentState.PENDING).update(state=AssignmentState.VOID)
    step.state = StepState.DONE
    step.save(update_fields=["state"])
    return True
