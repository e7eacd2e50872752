"""What happens beside the page: timers that run, messages that nobody could deliver."""

import datetime as dt

from django.utils import timezone

from api.proposals.models import OutboxMessage, OutboxState, Proposal
from api.proposals.outbox import drain
from api.timers import HANDLERS


def work_off_messages() -> None:
    """Do with the outbox what the timer does."""
    drain(handlers=HANDLERS, clock=timezone.now, until=timezone.now() + dt.timedelta(minutes=1))


def give_up_a_message(*, kind: str = "mail", error: str = "mail_refused") -> OutboxMessage:
    """Write a message as one that failed for the last time."""
    now = timezone.now()
    return OutboxMessage.objects.create(
        kind=kind,
        dedupe_key=f"given up:{OutboxMessage.objects.count()}",
        created_at=now,
        next_attempt_at=now,
        state=OutboxState.DEAD,
        attempts=8,
        error=error,
        proposal=Proposal.objects.filter(revision__gt=0).earliest("pk"),
    )
