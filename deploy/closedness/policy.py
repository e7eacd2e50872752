"""IAM policies against requests: the only place of this project that decides one.

    decide(request, resource=document)  ->  Decision(Answer.ALLOWED | DENIED | CANNOT_TELL, reasons, doubts)

Covers what policies of buckets, APIs, endpoints, roles, keys, topics and queues use: Effect, Principal, Action and
Resource with their Not- forms, conditions (`conditions`), policy variables. What it does not know it refuses: the
answer is then CANNOT_TELL, with the reason, never a guess. Service control policies and session policies are not seen;
they can only narrow what is allowed here.

Source: IAM User Guide, "Policy evaluation logic", "IAM JSON policy element reference".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from deploy.closedness.patterns import either, every
from deploy.closedness.request import ANONYMOUS, Principal, Request
from deploy.closedness.statements import Document, Policy, Reason, statements, texts

__all__ = [
    "ANONYMOUS",
    "Answer",
    "Decision",
    "Document",
    "Principal",
    "Reason",
    "Request",
    "decide",
    "statements",
    "texts",
]


class Answer(Enum):
    """What a set of policies says to a request."""

    ALLOWED = "allowed"
    DENIED = "denied"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Decision:
    """The answer, the statements that led to it, and what could not be told on the way."""

    answer: Answer
    reasons: tuple[Reason, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the request passes, for sure."""
        return self.answer is Answer.ALLOWED


def decide(
    request: Request,
    *,
    identity: Sequence[Document] | None = None,
    resource: Document | None = None,
    endpoint: Document | None = None,
    boundary: Document | None = None,
    account: str = "",
) -> Decision:
    """Decide a request to a resource of `account`.

    `identity` are the caller's own policies; None stands for a caller whose account allows it everything. `resource`
    is the resource's policy, `endpoint` that of the VPC endpoint on the way, `boundary` the caller's permissions
    boundary; None: there is none.
    """
    own = [Policy(document, f"identity {place}", request) for place, document in enumerate(identity or ())]
    others = {
        name: Policy(document, name, request, bounded=boundary is not None) if document is not None else None
        for name, document in (("resource", resource), ("endpoint", endpoint), ("boundary", boundary))
    }
    every_policy = [*own, *(policy for policy in others.values() if policy)]
    denied = either(policy.effect("Deny") for policy in every_policy)

    given, door, bound = others["resource"], others["endpoint"], others["boundary"]
    by_resource = given.effect("Allow") if given else False
    if request.principal.kind != "aws":
        allowed = by_resource
    else:
        bounded = bound.effect("Allow") if bound else True
        by_identity = True if identity is None else either(policy.effect("Allow") for policy in own)
        if request.principal.account != account:
            allowed = every([by_identity, bounded, by_resource])
        else:
            # A boundary does not limit what a resource's policy gives to a user; for roles it depends on how the
            # policy names them, which is left open. Source: IAM User Guide, "Evaluating effective permissions with
            # boundaries".
            past = True if ":user/" in request.principal.arn else either([bounded, None])
            direct = every([given.direct(), past]) if given else False
            allowed = either([every([by_identity, bounded]), direct])
    if door:
        allowed = every([allowed, door.effect("Allow")])

    doubts = tuple(dict.fromkeys(doubt for policy in every_policy for doubt in policy.doubts))
    if denied:
        return Decision(Answer.DENIED, _reasons(every_policy, "Deny"), doubts)
    if allowed is False:
        return Decision(Answer.DENIED, (), doubts)
    if denied is None or allowed is None:
        return Decision(Answer.CANNOT_TELL, (), doubts)
    return Decision(Answer.ALLOWED, _reasons(every_policy, "Allow"), doubts)


def _reasons(policies: Sequence[Policy], effect: str) -> tuple[Reason, ...]:
    return tuple(reason for policy in policies for reason in policy.reasons(effect))
