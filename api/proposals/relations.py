"""How people stand to a proposal, and what each of them sees and does: the permissions, as one table.

What an operation needs is said by `states.TRANSITIONS`; here is who sees a proposal at all, and which of its roles each
relation has. docs/permissions.md is made from both, and a test walks every endpoint for every relation in every
situation and expects exactly this (tests/api/rest/test_permissions.py). No Django here.
"""

from enum import StrEnum

from api.proposals.states import Operation, ProposalState, Role, transition_for


class Relation(StrEnum):
    """How a person who is signed in stands to one proposal. Whoever stands to it in several ways may what any may."""

    APPLICANT = "applicant"
    ASKED = "asked"
    """Is asked to decide now."""
    WAS_ASKED = "was_asked"
    """Was asked by some revision, and is not now."""
    PLANNED = "planned"
    """Stands on the route and was not asked yet."""
    VIEWER = "viewer"
    """It was circulated to them."""
    ADMINISTRATOR = "administrator"
    COLLEAGUE = "colleague"
    """None of the others."""


class Situation(StrEnum):
    """Where a proposal is: its state, and for a draft whether it was ever submitted."""

    NEVER_SUBMITTED = "never_submitted"
    PULLED_BACK = "pulled_back"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def state(self) -> ProposalState:
        is_draft = self in {Situation.NEVER_SUBMITTED, Situation.PULLED_BACK}
        return ProposalState.DRAFT if is_draft else ProposalState(self.value)


_EVERY = frozenset(Situation)
_SUBMITTED = _EVERY - {Situation.NEVER_SUBMITTED}

SEES: dict[Relation, frozenset[Situation]] = {
    Relation.APPLICANT: _EVERY,
    Relation.ASKED: frozenset({Situation.IN_PROGRESS}),
    Relation.WAS_ASKED: _SUBMITTED,
    Relation.PLANNED: frozenset(),
    Relation.VIEWER: _SUBMITTED,
    Relation.ADMINISTRATOR: _SUBMITTED,
    Relation.COLLEAGUE: frozenset(),
}
"""In which situations a proposal is seen. To everyone else it does not exist: the answer is that of a wrong number."""

ROLES: dict[Relation, frozenset[Role]] = {
    Relation.APPLICANT: frozenset({Role.APPLICANT, Role.PARTICIPANT, Role.READER}),
    Relation.ASKED: frozenset({Role.APPROVER, Role.PARTICIPANT, Role.READER}),
    Relation.WAS_ASKED: frozenset({Role.PARTICIPANT, Role.READER}),
    Relation.PLANNED: frozenset(),
    Relation.VIEWER: frozenset({Role.VIEWER, Role.READER}),
    Relation.ADMINISTRATOR: frozenset({Role.PARTICIPANT, Role.READER}),
    Relation.COLLEAGUE: frozenset(),
}
"""Which roles of the table of states a relation has, where it sees the proposal."""

IMPOSSIBLE: frozenset[tuple[Relation, Situation]] = frozenset(
    {(Relation.ASKED, situation) for situation in _EVERY - {Situation.IN_PROGRESS}}
    | {(relation, Situation.NEVER_SUBMITTED) for relation in (Relation.WAS_ASKED, Relation.PLANNED, Relation.VIEWER)}
    | {(Relation.PLANNED, Situation.APPROVED)}
)
"""What cannot be: nobody is asked by a draft, and everyone on the route was by what is approved."""


class Answer(StrEnum):
    """What becomes of an operation."""

    DONE = "done"
    UNSEEN = "unseen"
    """As if there were no such proposal."""
    NOT_ALLOWED = "not_allowed"
    WRONG_STATE = "wrong_state"


def answer_to(operation: Operation, relation: Relation, situation: Situation) -> Answer:
    """Return what becomes of an operation by a person in this relation."""
    if situation not in SEES[relation]:
        return Answer.UNSEEN
    transition = transition_for(operation, situation.state)
    if transition is None:
        return Answer.WRONG_STATE
    return Answer.DONE if transition.role in ROLES[relation] else Answer.NOT_ALLOWED


def tables() -> list[str]:
    """Return the lines of docs/permissions.md that come from here."""
    head = "| " + " | ".join(["", *Situation]) + " |"
    rule = "|---" * (len(Situation) + 1) + "|"
    lines = ["## Who sees a proposal", "", head, rule]
    for relation in Relation:
        cells = [_sight(relation, situation) for situation in Situation]
        lines.append("| " + " | ".join([relation, *cells]) + " |")
    lines += ["", "## Who does what", "", head, rule]
    for relation in Relation:
        cells = [_deeds(relation, situation) for situation in Situation]
        lines.append("| " + " | ".join([relation, *cells]) + " |")
    return lines


def _sight(relation: Relation, situation: Situation) -> str:
    if (relation, situation) in IMPOSSIBLE:
        return "–"
    if situation not in SEES[relation]:
        return "no"
    writes = relation is Relation.APPLICANT and answer_to(Operation.EDIT, relation, situation) is Answer.DONE
    return "working copy" if writes else "latest revision"


def _deeds(relation: Relation, situation: Situation) -> str:
    if (relation, situation) in IMPOSSIBLE:
        return "–"
    told = [operation for operation in Operation if operation is not Operation.COMPLETE]  # an approval like others
    return ", ".join(one for one in told if answer_to(one, relation, situation) is Answer.DONE)
