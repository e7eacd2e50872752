"""What an administrator does with messages that could not be delivered."""

import datetime as dt

from django.db import transaction

from api.organization.models import Person
from api.proposals import audit
from api.proposals.errors import AdministratorsOnly, NoSuchMessage, NotDead, SettlementNeeded
from api.proposals.models import OutboxMessage, OutboxState


@transaction.atomic
def retry_message(*, message_id: int, by: Person, at: dt.datetime) -> OutboxMessage:
    """Let a dead message be tried again from the beginning; raises `NotDead` for any other."""
    message = _locked_dead(message_id, by=by)
    message.state, message.attempts, message.error = OutboxState.WAITING, 0, ""
    message.next_attempt_at = at
    message.save()
    audit.record(kind="message_retried", at=at, by=by, proposal=message.proposal, message_id=message.pk)
    return message


@transaction.atomic
def settle_message(*, message_id: int, comment: str, by: Person, at: dt.datetime) -> OutboxMessage:
    """Record that a person has done by hand what a dead message was to do; `comment` says how.

    What waits behind it in its lane goes on. Raises `SettlementNeeded` and `NotDead`.
    """
    if not comment.strip():
        raise SettlementNeeded()
    message = _locked_dead(message_id, by=by)
    message.state, message.finished_at = OutboxState.SETTLED, at
    message.settlement = comment.strip()
    message.save()
    audit.record(kind="message_settled", at=at, by=by, proposal=message.proposal, message_id=message.pk)
    return message


def _locked_dead(message_id: int, *, by: Person) -> OutboxMessage:
    if not by.is_administrator:
        raise AdministratorsOnly()
    message = OutboxMessage.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
    if message is None:
        raise NoSuchMessage(message=message_id)
    if message.state != OutboxState.DEAD:
        raise NotDead(message=message_id, state=message.state)
    return message
