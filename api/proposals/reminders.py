"""Remind people of what has waited for several working days."""

import datetime as dt

from django.db import transaction

from api.organization.calendar import working_days_between
from api.organization.queries import company_date
from api.proposals import notices
from api.proposals.models import Assignment, NoticeKind
from api.proposals.states import AssignmentState

EVERY = 3
"""Working days between asking and the first reminder, and between one reminder and the next."""
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
        with transaction.atomic():
            for assignment in waiting:
                if assignment.asked_at is None:  # the database forbids it of a pending one
                    continue
                turn = working_days_between(company_date(assignment.asked_at), today) // EVERY
                if turn == 0:
                    continue
                key = f"reminder:{assignment.pk}:{turn}"
                reminder = notices.give(assignment.person_id, assignment.proposal, NoticeKind.REMINDER, key=key, at=at)
                given += reminder is not None
