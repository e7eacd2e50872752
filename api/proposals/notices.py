"""Whom to tell what: notices in the application, made from what happened to a proposal.

Made by the outbox's drain in the transaction that finishes the message, each with a key of its own: nobody is told the
same thing twice, whoever runs how often.
"""

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef

from api.organization.models import Person
from api.proposals import outbox
from api.proposals.models import Assignment, AuditEvent, Notice, NoticeKind, OutboxMessage, Proposal
from api.proposals.states import AssignmentState

ASKING = (NoticeKind.YOUR_TURN, NoticeKind.REMINDER)
"""Notices that ask for something; they are over when the proposal no longer waits for the person."""
MAIL = "mail"
"""Kind of the outbox message that sends one notice by e-mail."""

_TO_APPLICANT = {
    "proposal.completed": NoticeKind.COMPLETED,
    "proposal.returned": NoticeKind.RETURNED,
    "proposal.rejected": NoticeKind.REJECTED,
}


def tell(message: OutboxMessage, at: dt.datetime) -> None:
    """Make the notices that follow from one message about a proposal.

    Whoever is asked now learns that it is their turn, again after a return or a pull-back; the applicant learns of
    every decision that ends or returns the proposal, and of comments; a viewer that it was circulated. What no longer
    waits for someone is marked as read.
    """
    proposal = message.proposal
    if proposal is None:
        raise outbox.PermanentFailure("no_proposal")
    _forget_what_is_over(proposal, at=at)
    for assignment in Assignment.objects.filter(proposal=proposal, state=AssignmentState.PENDING):
        give(assignment.person_id, proposal, NoticeKind.YOUR_TURN, key=turn_key(assignment), at=at)
    event = message.payload["event"]
    actor_id, data = AuditEvent.objects.values_list("actor_id", "data").get(sequence=event)
    if message.kind in _TO_APPLICANT and proposal.applicant_id != actor_id:
        give(proposal.applicant_id, proposal, _TO_APPLICANT[message.kind], key=f"event:{event}", at=at)
    if message.kind == "proposal.circulated" and data["person_id"] != actor_id:
        give(data["person_id"], proposal, NoticeKind.CIRCULATED, key=f"circulated:{data['viewer_id']}", at=at)
    if message.kind == "proposal.commented":
        for person_id in sorted(_listeners(proposal) - {actor_id}):
            give(person_id, proposal, NoticeKind.COMMENTED, key=f"event:{event}:{person_id}", at=at)


def give(person_id: int, proposal: Proposal, kind: NoticeKind, *, key: str, at: dt.datetime) -> Notice | None:
    """Give one notice, and let it be sent by e-mail; None where `key` was given before."""
    notice, is_new = Notice.objects.get_or_create(
        dedupe_key=key, defaults={"person_id": person_id, "proposal": proposal, "kind": kind, "at": at}
    )
    if not is_new:
        return None
    if settings.MAIL_IS_ON:  # else a relay set later would send everything that ever happened
        outbox.enqueue(kind=MAIL, dedupe_key=f"mail:{notice.pk}", at=at, proposal=proposal, notice=notice.pk)
    return notice


def turn_key(assignment: Assignment) -> str:
    """Return the key of the notice by which someone learns that they are asked."""
    return f"turn:{assignment.pk}"


def _listeners(proposal: Proposal) -> set[int]:
    """Return who follows the talk about a proposal: its applicant and everyone who was asked so far."""
    asked = Assignment.objects.filter(proposal=proposal, asked_at__isnull=False)
    return {proposal.applicant_id, *asked.values_list("person_id", flat=True)}


def _forget_what_is_over(proposal: Proposal, *, at: dt.datetime) -> None:
    still_asked = Assignment.objects.filter(proposal=proposal, person=OuterRef("person"), state=AssignmentState.PENDING)
    Notice.objects.filter(proposal=proposal, kind__in=ASKING, read_at__isnull=True).exclude(Exists(still_asked)).update(
        read_at=at
    )


def mark_read(*, by: Person, at: dt.datetime, up_to: int) -> int:
    """Mark a person's notices as read up to an id; return how many were new to them."""
    return Notice.objects.filter(person=by, pk__lte=up_to, read_at__isnull=True).update(read_at=at)
