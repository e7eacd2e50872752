"""What every operation does first and last: lock the proposal it may see, ask the table, record the change."""

import datetime as dt

from api.organization.models import Person
from api.proposals import audit, outbox, permissions
from api.proposals.errors import NoSuchProposal
from api.proposals.models import Proposal
from api.proposals.states import Operation, ProposalState, transition_for


def lock(*, proposal_id: int, by: Person) -> Proposal:
    """Return the proposal, locked until the transaction ends.

    Raises `NoSuchProposal` also where it exists but `by` may not see it: its existence is not told.
    """
    if not permissions.visible_to(by).filter(pk=proposal_id).exists():
        raise NoSuchProposal(proposal=proposal_id)
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("type", "form_version", "applicant", "post")
        .get(pk=proposal_id)
    )


def permit(operation: Operation, *, proposal: Proposal, by: Person, is_asked: bool = False) -> ProposalState:
    """Return the state the operation leads to; raises the domain's denial where it is not allowed."""
    roles = permissions.roles_of(by, proposal, is_asked=is_asked)
    denial = permissions.denial_of(operation, proposal=proposal, roles=roles)
    if denial is not None:
        raise denial
    transition = transition_for(operation, ProposalState(proposal.state))
    assert transition is not None  # noqa: S101  denial_of has just found it
    return transition.target


def record(kind: str, *, proposal: Proposal, by: Person, at: dt.datetime, **data: int | str) -> None:
    """Write the audit event of a change of state, and the outbox message that names it."""
    event = audit.record(kind=kind, at=at, by=by, proposal=proposal, revision=proposal.revision, **data)
    outbox.enqueue(
        kind=f"proposal.{kind}",
        dedupe_key=f"audit:{event.sequence}",
        at=at,
        proposal=proposal,
        lane=f"proposal:{proposal.pk}",
        event=event.sequence,
        revision=proposal.revision,
        decision_number=proposal.decision_number,
    )
