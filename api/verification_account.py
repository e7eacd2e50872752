"""The account by which a deployed stage is verified: one person in a department of their own, for an hour.

It begins drafts and attaches files, as anyone may. Nobody is asked to approve anything of it, and whatever it made goes
with it; of what it did the audit trail keeps ids and digests, as of every draft that was purged. The trail points at
its row for good: the row stays then, as nobody who could sign in, and is taken again for the next verification.
"""

import datetime as dt
import logging
import re

from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import transaction
from django.db.models import ProtectedError
from knox.models import AuthToken

from api.organization.models import Department, Person, Post
from api.organization.queries import company_date
from api.proposals.models import AuditEvent, Proposal
from api.proposals.operations import purging
from api.retention import ATTEMPTS

NAME = re.compile(r"verify-[0-9a-f]{12}")
"""User name, number and department code of such an account, and of nobody else."""
LASTS = dt.timedelta(hours=1)

_log = logging.getLogger(__name__)


class NotAnAccount(Exception):
    """`name` is no name of an account for verification."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name!r} is not verify- and twelve digits of 0-9 a-f.")


class NotAHash(Exception):
    """What was given is no password hash that this application checks passwords by."""


class StillNeeded(Exception):
    """Something holds the account: files whose bytes cannot be deleted now, or what was made together with others.

    It can no longer sign in; the timer tries again.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} cannot sign in any more, but not all that it made could be removed now.")


@transaction.atomic
def open_account(*, name: str, password_hash: str, at: dt.datetime) -> Person:
    """Make the account, or give the one that is there this password.

    `password_hash` is as Django writes it: the password itself comes nowhere near events or logs. Raises
    `NotAnAccount` and `NotAHash`.
    """
    if not NAME.fullmatch(name):
        raise NotAnAccount(name)
    try:
        identify_hasher(password_hash)
    except ValueError as error:
        raise NotAHash() from error
    today = company_date(at)
    until = today + dt.timedelta(days=1)  # past midnight, if it comes to that
    department, _ = Department.objects.get_or_create(
        code=name,
        defaults={"name": "接続確認", "name_en": "Verification", "valid_from": today, "valid_to": until},
    )
    fields = {"password": password_hash, "is_active": True}
    if not Person.objects.filter(username=name).exists():
        _take_again(name, at=at)
    person, _ = Person.objects.update_or_create(
        username=name,
        employee_number=name,
        defaults=fields,
        create_defaults=fields
        | {"family_name": "接続確認", "given_name": "用", "name_en": "Verification", "created_at": at},
    )
    Post.objects.get_or_create(
        person=person,
        department=department,
        title_code="verify",
        valid_from=today,
        defaults={"title": "確認用", "rank": 0, "is_primary": True, "valid_to": until},
    )
    return person


def close_account(*, name: str, at: dt.datetime) -> bool:
    """Remove the account with all that it made; False where there is none. Raises `NotAnAccount`, `StillNeeded`."""
    if not NAME.fullmatch(name):
        raise NotAnAccount(name)
    person = Person.objects.filter(username=name, employee_number=name).first()
    if person is None or _is_spare(person):
        return False
    AuthToken.objects.filter(user=person).delete()
    Person.objects.filter(pk=person.pk).update(is_active=False)
    purging.purge_proposals(Proposal.objects.filter(applicant=person, revision=0).order_by("id"), at=at)
    try:
        with transaction.atomic():
            for model in ATTEMPTS:
                model._default_manager.filter(username__iexact=name).delete()
            Post.objects.filter(person=person).delete()
            Department.objects.filter(code=name).delete()
            if AuditEvent.objects.filter(actor=person).exists():
                Person.objects.filter(pk=person.pk).update(password=make_password(None))
            else:
                person.delete()
    except ProtectedError as error:
        raise StillNeeded(name) from error
    return True


def _is_spare(person: Person) -> bool:
    """Say whether only the row is left: nobody who could sign in, and without a post."""
    return not person.is_active and not person.has_usable_password()


def _take_again(name: str, *, at: dt.datetime) -> None:
    """Give a row that was left to the account `name`; whoever opens another at this moment takes another one."""
    left = Person.objects.filter(username__startswith="verify-", is_active=False).order_by("id")
    for row in left:
        if NAME.fullmatch(row.username) and _is_spare(row):
            unchanged = Person.objects.filter(pk=row.pk, username=row.username, is_active=False)
            if unchanged.update(username=name, employee_number=name, is_active=True, created_at=at):
                return


def close_expired(*, at: dt.datetime) -> int:
    """Remove the accounts that nobody removed within their hour; return how many."""
    old = Person.objects.filter(username__startswith="verify-", created_at__lt=at - LASTS)
    closed = 0
    for name in old.order_by("id").values_list("username", flat=True):
        if not NAME.fullmatch(name):
            continue
        try:
            closed += close_account(name=name, at=at)
        except StillNeeded as error:
            _log.warning("%s", error)
    return closed
