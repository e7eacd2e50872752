"""Who can sign in, who is invited, and whom nobody has invited yet: for administrators."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet

from api.organization.models import Invitation, Person
from api.organization.queries import search_people
from api.proposals.errors import AdministratorsOnly


class AccountState(StrEnum):
    """How a person stands to the door; an invitation that is pending comes first, also for who has a password."""

    UNINVITED = "uninvited"
    PENDING = "pending"
    EXPIRED = "expired"
    READY = "ready"


@dataclass(frozen=True)
class Account:
    """A person, and the latest invitation where there ever was one."""

    person: Person
    state: AccountState
    invitation: Invitation | None


def accounts(
    *, reader: Person, text: str, state: AccountState | None, at: dt.datetime, after: tuple[str, int] | None, limit: int
) -> list[Account]:
    """Return active people as `search_people` does, in one state where it is given; raises `AdministratorsOnly`."""
    if not reader.is_administrator:
        raise AdministratorsOnly()
    among = _in_state(state, at=at) if state else None
    return of(search_people(text, limit=limit, after=after, among=among), at=at)


def of(people: list[Person], *, at: dt.datetime) -> list[Account]:
    """Return the accounts of these people, with two statements for all."""
    rows = Invitation.objects.filter(person__in=people).order_by("id")
    latest = {row.person_id: row for row in rows}  # the last one stays
    return [Account(person, _state(person, latest.get(person.pk), at), latest.get(person.pk)) for person in people]


def _state(person: Person, invitation: Invitation | None, at: dt.datetime) -> AccountState:
    is_open = invitation is not None and bool(invitation.is_open)
    if invitation is not None and is_open and invitation.expires_at > at:
        return AccountState.PENDING
    if person.has_usable_password():
        return AccountState.READY
    return AccountState.EXPIRED if is_open else AccountState.UNINVITED


def _in_state(state: AccountState, *, at: dt.datetime) -> QuerySet[Person]:
    """Select the people whom `_state` says to be in this state."""
    open_ones = Invitation.objects.filter(person=OuterRef("pk"), is_open=True)
    pending, expired = Exists(open_ones.filter(expires_at__gt=at)), Exists(open_ones.filter(expires_at__lte=at))
    no_password = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    people = Person.objects.filter(is_active=True)
    match state:
        case AccountState.PENDING:
            return people.filter(pending)
        case AccountState.READY:
            return people.filter(~no_password, ~pending)
        case AccountState.EXPIRED:
            return people.filter(no_password, expired)
        case AccountState.UNINVITED:
            return people.filter(no_password, ~pending, ~expired)
