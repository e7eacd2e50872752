"""How long each kind of data is kept, and deleting what was kept long enough.

The timer does it at night, by the company's clock: what is due waits for hours without harm, and nobody is at work.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from knox.models import AuthToken

from api.organization.models import Invitation
from api.proposals.models import DraftKey
from api.proposals.operations import purging

NIGHT = range(2, 5)
"""Hours of the company's day in which the timer purges."""
DRAFT = dt.timedelta(days=2 * 365)
NOTICE = dt.timedelta(days=365)
MESSAGE = dt.timedelta(days=365)
SIGN_IN = dt.timedelta(days=30)
KEY = dt.timedelta(days=30)
INVITATION = dt.timedelta(days=365)
ATTEMPTS = (AccessAttempt, AccessFailureLog, AccessLog)
"""Where sign-ins are kept, by the user name that was typed."""


@dataclass(frozen=True)
class Kind:
    """Data that is deleted together. `due` selects what is by a time; `purge` deletes it and returns how many."""

    name: str
    stays: str
    due: Callable[[dt.datetime], list[QuerySet[Any]]]
    purge: Callable[[dt.datetime], int]


def _proposals(at: dt.datetime) -> QuerySet[Any]:
    return purging.ended_before(_years_before(at, settings.RETENTION_YEARS))


def _drafts(at: dt.datetime) -> QuerySet[Any]:
    return purging.abandoned_before(at - DRAFT)


def _sign_in(at: dt.datetime) -> list[QuerySet[Any]]:
    attempts = [model._default_manager.filter(attempt_time__lt=at - SIGN_IN).order_by("pk") for model in ATTEMPTS]
    return [*attempts, AuthToken.objects.filter(expiry__lt=at - SIGN_IN).order_by("pk")]


def _keys(at: dt.datetime) -> list[QuerySet[Any]]:
    return [DraftKey.objects.filter(proposal__created_at__lt=at - KEY).order_by("pk")]


def _invitations(at: dt.datetime) -> list[QuerySet[Any]]:
    return [Invitation.objects.filter(expires_at__lt=at - INVITATION).order_by("pk")]


def _rows(due: Callable[[dt.datetime], list[QuerySet[Any]]]) -> Callable[[dt.datetime], int]:
    return lambda at: sum(purging.purge_rows(rows) for rows in due(at))


def _notices(at: dt.datetime) -> list[QuerySet[Any]]:
    return [purging.notices_before(at - NOTICE)]


def _messages(at: dt.datetime) -> list[QuerySet[Any]]:
    return [purging.messages_before(at - MESSAGE)]


KINDS: tuple[Kind, ...] = (
    Kind(
        "proposal",
        "10 years after the proposal ended, or as long as `CLOISTER_RETENTION_YEARS` says",
        lambda at: [_proposals(at)],
        lambda at: purging.purge_proposals(_proposals(at), at=at),
    ),
    Kind(
        "draft",
        "2 years after a draft that was never submitted was last touched",
        lambda at: [_drafts(at)],
        lambda at: purging.purge_proposals(_drafts(at), at=at),
    ),
    Kind("notice", "1 year, once its proposal has ended", _notices, _rows(_notices)),
    Kind("message", "1 year after it was delivered or settled", _messages, _rows(_messages)),
    Kind("sign_in", "30 days after an attempt, or after a token ended", _sign_in, _rows(_sign_in)),
    Kind("invitation", "1 year after its link ended", _invitations, _rows(_invitations)),
    Kind("draft_key", "30 days after the draft was begun", _keys, _rows(_keys)),
)
NEVER_PURGED = {
    "employment": "until `manage.py anonymize_person` after the person has left",
    "audit": "for good: ids and digests only, without which the chain could not be verified",
}
"""What no timer deletes, and until when it stays."""


def due(*, at: dt.datetime) -> dict[str, int]:
    """Return how many rows of each kind would be deleted at `at`; nothing is."""
    return {kind.name: sum(rows.count() for rows in kind.due(at)) for kind in KINDS}


def purge(*, at: dt.datetime) -> dict[str, int]:
    """Delete what is due and return how many rows of each kind; those that go with a proposal are not counted."""
    return {kind.name: kind.purge(at) for kind in KINDS}


def purge_at_night(*, at: dt.datetime) -> dict[str, int] | None:
    """Purge in the company's night; None at any other hour."""
    hour = timezone.localtime(at, timezone.get_default_timezone()).hour
    return purge(at=at) if hour in NIGHT else None


def _years_before(at: dt.datetime, years: int) -> dt.datetime:
    """Return the same moment years before; of 29 February the day after."""
    local = at.astimezone(timezone.get_default_timezone())
    try:
        return local.replace(year=local.year - years)
    except ValueError:
        return local.replace(year=local.year - years, month=3, day=1)
