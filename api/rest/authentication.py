"""Sign-in by token: `Authorization: Bearer ...`, valid until the working day ends."""

import datetime as dt
from typing import Any

from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.models import AuthToken

from api.organization.models import Person

DAY_ENDS_AT = dt.time(4, 0)
SHORTEST_SESSION = dt.timedelta(hours=4)


def end_of_working_day(at: dt.datetime) -> dt.datetime:
    """Return the first 04:00 in the company's zone that is at least four hours after `at`.

    Nobody who signs in in the morning is asked again that day, and nobody near 04:00 twice within minutes.
    """
    zone = timezone.get_default_timezone()
    earliest = (at + SHORTEST_SESSION).astimezone(zone)
    end = dt.datetime.combine(earliest.date(), DAY_ENDS_AT, zone)
    return end if end >= earliest else dt.datetime.combine(earliest.date() + dt.timedelta(days=1), DAY_ENDS_AT, zone)


def issue_token(*, person: Person, at: dt.datetime) -> tuple[str, dt.datetime]:
    """Return a new token and when it ends; the database keeps only its digest."""
    expires_at = end_of_working_day(at)
    row, token = AuthToken.objects.create(person, expiry=expires_at - at)
    return token, row.expiry


class BearerAuthentication(TokenAuthentication):  # type: ignore[misc]  # knox has no types
    """Knox's authentication, naming its scheme where a caller has none."""

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"
