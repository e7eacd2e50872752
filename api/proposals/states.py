"""What can happen to a proposal, as one table.

Every state, every operation that leads from it, who may carry it out and where it leads. The operations ask
this table, `docs/states.md` is drawn from it, and a test shows that every state has an owner and a way on.
No Django here: the table is the same for any storage and any edge.
"""

from dataclasses import dataclass
from enum import StrEnum


class ProposalState(StrEnum):
    DRAFT = "draft"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class StepState(StrEnum):
    WAITING = "waiting"
    ACTIVE = "active"
    DONE = "done"
    SKIPPED = "skipped"
    VOID = "void"


class AssignmentState(StrEnum):
    """`waiting` until its step becomes active, `pending` while the person is asked."""

    WAITING = "waiting"
    PENDING = "pending"
    DECIDED = "decided"
    VOID = "void"
    REASSIGNED = "reassigned"


class Operation(StrEnum):
    """What a person does.

    `attach` adds and removes files; `complete` is the approval that leaves nobody to ask; `circulate` shows the
    proposal to others, who `acknowledge` it; `copy` begins another one with its content.
    """

    EDIT = "edit"
    ATTACH = "attach"
    SUBMIT = "submit"
    APPROVE = "approve"
    COMPLETE = "complete"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    PULL_BACK = "pull_back"
    COMMENT = "comment"
    CIRCULATE = "circulate"
    ACKNOWLEDGE = "acknowledge"
    COPY = "copy"


class Verdict(StrEnum):
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


class Role(StrEnum):
    """How a person stands to one proposal."""

    APPLICANT = "applicant"
    APPROVER = "approver"
    """Is asked now: has a pending assignment."""
    PARTICIPANT = "participant"
    """Applicant, anyone who is or was asked by a route of the proposal, or an administrator."""
    VIEWER = "viewer"
    """Someone it was circulated to."""
    READER = "reader"
    """Whoever may see it: participants and viewers."""
    NOBODY = "nobody"


@dataclass(frozen=True)
class Transition:
    operation: Operation
    source: ProposalState
    target: ProposalState
    role: Role
    condition: str = ""
    """What else must hold, in words for the document; the operation checks it."""


_S, _O = ProposalState, Operation
_SUBMITTABLE = "the route asks at least one person, and every file has passed its checks"

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_O.EDIT, _S.DRAFT, _S.DRAFT, Role.APPLICANT),
    Transition(_O.ATTACH, _S.DRAFT, _S.DRAFT, Role.APPLICANT, "storage for files is set up"),
    Transition(_O.SUBMIT, _S.DRAFT, _S.IN_PROGRESS, Role.APPLICANT, _SUBMITTABLE),
    Transition(_O.WITHDRAW, _S.DRAFT, _S.WITHDRAWN, Role.APPLICANT),
    Transition(_O.APPROVE, _S.IN_PROGRESS, _S.IN_PROGRESS, Role.APPROVER, "someone is still to be asked"),
    Transition(_O.COMPLETE, _S.IN_PROGRESS, _S.APPROVED, Role.APPROVER, "nobody is left to be asked"),
    Transition(_O.RETURN, _S.IN_PROGRESS, _S.RETURNED, Role.APPROVER),
    Transition(_O.REJECT, _S.IN_PROGRESS, _S.REJECTED, Role.APPROVER),
    Transition(_O.PULL_BACK, _S.IN_PROGRESS, _S.DRAFT, Role.APPLICANT, "nobody has decided on this revision"),
    Transition(_O.WITHDRAW, _S.IN_PROGRESS, _S.WITHDRAWN, Role.APPLICANT),
    Transition(_O.EDIT, _S.RETURNED, _S.RETURNED, Role.APPLICANT),
    Transition(_O.ATTACH, _S.RETURNED, _S.RETURNED, Role.APPLICANT, "storage for files is set up"),
    Transition(_O.SUBMIT, _S.RETURNED, _S.IN_PROGRESS, Role.APPLICANT, _SUBMITTABLE),
    Transition(_O.WITHDRAW, _S.RETURNED, _S.WITHDRAWN, Role.APPLICANT),
    *(Transition(_O.COMMENT, state, state, Role.READER) for state in _S if state is not _S.DRAFT),
    *(Transition(_O.CIRCULATE, state, state, Role.PARTICIPANT) for state in _S if state is not _S.DRAFT),
    *(Transition(_O.ACKNOWLEDGE, state, state, Role.VIEWER) for state in _S),
    Transition(_O.COPY, _S.DRAFT, _S.DRAFT, Role.APPLICANT),
    *(Transition(_O.COPY, state, state, Role.READER) for state in _S if state is not _S.DRAFT),
)

OWNERS: dict[ProposalState, Role] = {
    _S.DRAFT: Role.APPLICANT,
    _S.IN_PROGRESS: Role.APPROVER,
    _S.RETURNED: Role.APPLICANT,
    _S.APPROVED: Role.NOBODY,
    _S.REJECTED: Role.NOBODY,
    _S.WITHDRAWN: Role.NOBODY,
}
"""Who has to act for the proposal to move on; `nobody` marks an end."""

_TABLE = {(transition.operation, transition.source): transition for transition in TRANSITIONS}


def transition_for(operation: Operation, source: ProposalState) -> Transition | None:
    """Return what `operation` does to a proposal in `source`, or None where the table does not allow it."""
    return _TABLE.get((operation, source))


def describe() -> str:
    """Return `docs/states.md`: the diagram (Mermaid) and the table, made from the data above."""
    lines = [
        "# States of a proposal",
        "",
        "Made from `api/proposals/states.py` by `make documents`; do not edit.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {_S.DRAFT}",
    ]
    moves = [transition for transition in TRANSITIONS if transition.source != transition.target]
    lines += [f"    {move.source} --> {move.target}: {move.operation}" for move in moves]
    lines += [f"    {state} --> [*]" for state, owner in OWNERS.items() if owner is Role.NOBODY]
    lines += ["```", "", "| state | who acts next |", "|---|---|"]
    lines += [f"| {state} | {owner} |" for state, owner in OWNERS.items()]
    lines += ["", "| operation | from | to | by | if |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.operation} | {row.source} | {row.target} | {row.role} | {row.condition} |" for row in TRANSITIONS
    ]
    return "\n".join(lines) + "\n"
