"""The links by which people come in: made from a token that only whoever holds the link knows.

A token is made when its link is shown or its letter leaves, never before: no table, message or log ever has it.
"""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from api.organization.models import Invitation, Person

MAIL = "invitation"
"""Kind of the outbox message by which a letter with the link leaves."""
LIFETIME = dt.timedelta(hours=72)


def open_ones() -> QuerySet[Invitation]:
    """Select invitations that are neither used nor revoked; they may have expired."""
    return Invitation.objects.filter(is_open=True)


def mint(invitation: Invitation) -> str | None:
    """Return a new token for the invitation, in place of an earlier one; None where it is open no more."""
    token = secrets.token_urlsafe(32)
    minted = open_ones().filter(pk=invitation.pk).update(token_hash=digest(token))
    return token if minted else None


def digest(token: str) -> str:
    """Return what is kept of a token. It is random in all its 256 bits: nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def usable(token: str, *, at: dt.datetime) -> QuerySet[Invitation]:
    """Select the invitation whose link this is, if it can be used at `at` by somebody who is employed."""
    return open_ones().filter(token_hash=digest(token), expires_at__gt=at, person__is_active=True)


def link(token: str, *, site: str = "") -> str:
    """Return the address that opens the screen. The token is in the fragment, which browsers send to no server."""
    return f"{site or settings.SITE_URL}#/invitation/{token}"


def weaknesses(password: str, person: Person) -> list[str]:
    """Return the codes of the rules that a password breaks, such as `password_too_short`."""
    found = []
    for validator in get_default_password_validators():
        try:
            validator.validate(password, person)
        except ValidationError as error:
            found.append(error.code or "password_not_accepted")
    return found


def shortest_password() -> int:
    """Return how many characters a password must have."""
    return next(
        (each.min_length for each in get_default_password_validators() if isinstance(each, MinimumLengthValidator)), 1
    )
