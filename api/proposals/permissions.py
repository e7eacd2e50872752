"""Who may do what to a proposal: the one place that answers, as a `Denial` or None."""

from django.db.models import Q, QuerySet

from api.organization.models import Person
from api.proposals.errors import NotAllowed, ProposalError, WrongState
from api.proposals.models import Assignment, Proposal, Viewer
from api.proposals.states import AssignmentState, Operation, ProposalState, Role, transition_for

type Denial = ProposalError
"""The error that an operation would raise."""


def visible_to(person: Person) -> QuerySet[Proposal]:
    """Select the proposals a person may see.

    Applicants see their own; whoever was asked on any revision, or had it circulated to them, sees it once it is, or
    was, submitted; administrators see all but drafts that never were.
    """
    if person.is_administrator:
        return Proposal.objects.filter(Q(applicant=person) | Q(revision__gt=0))
    asked = Assignment.objects.filter(person=person, asked_at__isnull=False).values("proposal")
    circulated = Viewer.objects.filter(person=person).values("proposal")
    return Proposal.objects.filter(Q(applicant=person) | Q(pk__in=asked) | Q(pk__in=circulated, revision__gt=0))


def roles_of(person: Person, proposal: Proposal, *, is_asked: bool) -> frozenset[Role]:
    """Return how a person who may see the proposal stands to it."""
    roles = {Role.READER}
    if proposal.applicant_id == person.pk:
        roles |= {Role.APPLICANT, Role.PARTICIPANT}
    if is_asked:
        roles |= {Role.APPROVER, Role.PARTICIPANT}
    if Role.PARTICIPANT not in roles and (person.is_administrator or _was_asked(person, proposal)):
        roles.add(Role.PARTICIPANT)
    if Viewer.objects.filter(proposal=proposal, person=person).exists():
        roles.add(Role.VIEWER)
    return frozenset(roles)


def _was_asked(person: Person, proposal: Proposal) -> bool:
    return Assignment.objects.filter(person=person, proposal=proposal, asked_at__isnull=False).exists()


def denial_of(operation: Operation, *, proposal: Proposal, roles: frozenset[Role]) -> Denial | None:
    """Return why a person in `roles` may not do this now, or None where it is allowed."""
    transition = transition_for(operation, ProposalState(proposal.state))
    if transition is None:
        return WrongState(state=proposal.state, operation=operation.value)
    if transition.role not in roles:
        return NotAllowed(role=transition.role.value, operation=operation.value)
    return None


def pending_assignment(person: Person, proposal: Proposal) -> Assignment | None:
    """Return the assignment by which the proposal waits for this person, if it does."""
    return (
        Assignment.objects.filter(proposal=proposal, person=person, state=AssignmentState.PENDING)
        .order_by("step__order")
        .first()
    )
