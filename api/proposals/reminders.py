"""Remind people of what has waited for several working days."""

import datetime as dt

from django.db import transaction

from api.organization.calendar import working_days_between
from api.organization.queries import company_date
from api.proposals import notices
from api.proposals.models import Assignment, Notice, NoticeKind, OutboxMessage, OutboxState
from api.proposals.states import AssignmentState

EVERY = 3
"""Working days between telling someone and the first reminder, and between one reminder and the next."""
BATCH = 500


def remind(*, at: dt.datetime) -> int:
    """Give every reminder that is due and was not given; return how many. Twice at once is harmless."""
    given = 0
    today = company_date(at)
    last = 0
    while True:
        waiting = list(
            Assignment.objects.filter(state=AssignmentState.PENDING, pk__gt=last)
            .select_related("proposal")
            .order_by("pk")[:BATCH]
        )
        if not waiting:
            return given
        last = waiting[-1].pk
        told = _told(waiting, at=at)
        with transaction.atomic():
            for assignment in waiting:
                if assignment.asked_at is None:  # the database forbids it of a pending one
                    continue
                since = told.get(assignment.pk, assignment.asked_at)
                turn = working_days_between(company_date(since), today) // EVERY
                if turn == 0:
                    continue
                key = f"reminder:{assignment.pk}:{turn}"
                reminder = notices.give(assignment.person_id, assignment.proposal, NoticeKind.REMINDER, key=key, at=at)
                given += reminder is not None


def _told(waiting: list[Assignment], *, at: dt.datetime) -> dict[int, dt.datetime]:
    """Return when people learned, or are about to learn, that it was their turn, by assignment.

    Where the outbox was held up that is later than they were asked: who learns it today is not reminded of it today.
    Whom it never tells, because the message was given up, is missing here.
    """
    keys = {notices.turn_key(assignment): assignment.pk for assignment in waiting}
    to_be_told = OutboxMessage.objects.filter(
        proposal__in={assignment.proposal_id for assignment in waiting}, state=OutboxState.WAITING
    )
    soon = set(to_be_told.values_list("proposal", flat=True))
    told = {assignment.pk: at for assignment in waiting if assignment.proposal_id in soon}
    given = Notice.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", "at")
    return told | {keys[key]: moment for key, moment in given}
