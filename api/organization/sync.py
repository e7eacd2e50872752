"""Take over the organisation from its source: all of a snapshot, or none of it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, models, transaction

from api.organization.checks import find_problems
from api.organization.difference import OWNED, Change, Difference, Kind, compare
from api.organization.models import Department, Person, Post, SyncRun
from api.organization.ports import BadSnapshot, Noun, OrganizationSnapshot
from api.organization.stored import Stored, key_of_record, load

BATCH = 1000  # rows a statement
FEW, SHARE = 5, 0.1
"""More than `FEW` people, and more than this share of those whom the source has, do not leave on one day."""
# Any number that nothing else locks: the letters "org".
_LOCK = 0x6F7267


class MassDeactivation(Exception):
    """So many people would be deactivated that a wrong file is likelier: `leaving` of the source's `active` ones."""

    def __init__(self, *, leaving: int, active: int) -> None:
        self.leaving, self.active = leaving, active
        super().__init__(f"{leaving} of {active}")


class DifferenceMoved(Exception):
    """The snapshot no longer changes what somebody was shown: the organisation has changed since."""


@dataclass(frozen=True)
class Preview:
    """What a snapshot would change; `mass` where that needs to be confirmed by the number of people who leave."""

    difference: Difference
    mass: MassDeactivation | None


@transaction.atomic
def preview(*, snapshot: OrganizationSnapshot) -> Preview:
    """Return what `synchronize` would change, and change nothing. Raises `BadSnapshot` as it would."""
    difference, stored = _check_and_compare(snapshot)
    return Preview(difference, _mass_deactivation(difference, snapshot, stored))


@transaction.atomic
def synchronize(
    *,
    snapshot: OrganizationSnapshot,
    at: dt.datetime,
    by: Person | None,
    shown: str | None = None,
    deactivating: int | None = None,
) -> Difference:
    """Make the rows that the snapshot's source owns equal to it, and return what changed.

    What the snapshot no longer names becomes inactive; rows of other sources stay as they are. New people get a
    password that nobody can use. Synchronisations wait for one another. `by` is None for a command or a timer.

    `shown` is the digest of the difference that somebody has seen, `deactivating` how many people they know to leave.

    Raises `BadSnapshot` with every problem, `DifferenceMoved` where another difference than `shown` would be applied,
    and `MassDeactivation` where many leave and `deactivating` is not their number; then nothing has changed.
    """
    _wait_for_turn()
    difference, stored = _check_and_compare(snapshot)
    if shown is not None and shown != difference.digest():
        raise DifferenceMoved()
    mass = _mass_deactivation(difference, snapshot, stored)
    if mass is not None and deactivating != mass.leaving:
        raise mass
    if not difference.changes:
        return difference
    _take_over_departments(snapshot, stored, difference)
    _take_over_people(snapshot, stored, difference)
    _take_over_posts(snapshot, stored, difference)
    SyncRun.objects.create(source=snapshot.source, at=at, by=by, counts=difference.counts())
    return difference


def _wait_for_turn() -> None:
    """Hold back other synchronisations until this transaction ends. SQLite's transactions do so by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _check_and_compare(snapshot: OrganizationSnapshot) -> tuple[Difference, Stored]:
    stored = load()
    problems = find_problems(snapshot, stored)
    if problems:
        raise BadSnapshot(problems)
    return compare(snapshot, stored), stored


def _mass_deactivation(
    difference: Difference, snapshot: OrganizationSnapshot, stored: Stored
) -> MassDeactivation | None:
    active = sum(row.is_active and row.source == snapshot.source for row in stored.people.values())
    leaving = difference.leaving
    return MassDeactivation(leaving=leaving, active=active) if leaving > max(FEW, active * SHARE) else None


def _added(difference: Difference, noun: Noun) -> set[Any]:
    return {change.key for change in difference.of(noun, Kind.ADDED)}


def _updated(difference: Difference, noun: Noun) -> list[Change]:
    return [change for change in difference.changes if change.noun is noun and change.kind is not Kind.ADDED]


def _apply(change: Change, row: Department | Person | Post) -> None:
    """Set the fields of `change` on the row in memory; a department's parent is set elsewhere."""
    for field in change.fields:
        if field.name != "parent_code":
            setattr(row, field.name, field.new)
    if change.kind is not Kind.CHANGED:
        row.is_active = change.kind is Kind.REACTIVATED


def _take_over_departments(snapshot: OrganizationSnapshot, stored: Stored, difference: Difference) -> None:
    added = _added(difference, Noun.DEPARTMENTS)
    records = {record.code: record for record in snapshot.departments}
    new = Department.objects.bulk_create(
        (
            Department(
                code=record.code,
                name=record.name,
                name_en=record.name_en,
                valid_from=record.valid_from,
                valid_to=record.valid_to,
                source=snapshot.source,
            )
            for record in snapshot.departments
            if record.code in added
        ),
        batch_size=BATCH,
    )
    stored.departments.update({department.code: department for department in new})
    changed = [*new]
    for change in _updated(difference, Noun.DEPARTMENTS):
        row = stored.departments[change.key]
        _apply(change, row)
        changed.append(row)
    # Only now does every parent exist.
    for row in changed:
        if record := records.get(row.code):
            row.parent = stored.departments[record.parent_code] if record.parent_code else None
    with_parents = [row for row in changed if row.parent_id or row.code not in added]
    _update(Department, with_parents, ["name", "name_en", "parent", "valid_from", "valid_to", "search_text"])


def _take_over_people(snapshot: OrganizationSnapshot, stored: Stored, difference: Difference) -> None:
    changes = _updated(difference, Noun.PEOPLE)
    _park_usernames(changes, stored)
    people = []
    for change in changes:
        row = stored.people[change.key]
        _apply(change, row)
        people.append(row)
    _update(Person, people, [*OWNED[Noun.PEOPLE], "sort_key", "search_text"])
    added = _added(difference, Noun.PEOPLE)
    new = Person.objects.bulk_create(
        (
            Person(
                employee_number=record.employee_number,
                is_active=record.is_active,
                source=snapshot.source,
                password=_unusable_password(),
                **{name: getattr(record, name) for name in OWNED[Noun.PEOPLE]},
            )
            for record in snapshot.people
            if record.employee_number in added
        ),
        batch_size=BATCH,
    )
    stored.people.update({person.employee_number: person for person in new})


def _unusable_password() -> str:
    """Return what `make_password(None)` returns, without its 40 separate draws of a random letter for each person."""
    return UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)


def _park_usernames(changes: Iterable[Change], stored: Stored) -> None:
    """Free the usernames that pass from one person to another, since each statement must leave them unique."""
    holders = {person.username: person for person in stored.people.values()}
    wanted = {str(field.new) for change in changes for field in change.fields if field.name == "username"}
    parked = [holders[username] for username in wanted if username in holders]
    for person in parked:
        person.username = f"~{person.employee_number}"  # replaced before the transaction ends
    _update(Person, parked, ["username"])


def _take_over_posts(snapshot: OrganizationSnapshot, stored: Stored, difference: Difference) -> None:
    posts = []
    for change in _updated(difference, Noun.POSTS):
        row = stored.posts[change.key]
        _apply(change, row)
        posts.append(row)
    _update(Post, posts, list(OWNED[Noun.POSTS]))
    added = _added(difference, Noun.POSTS)
    Post.objects.bulk_create(
        (
            Post(
                person=stored.people[record.employee_number],
                department=stored.departments[record.department_code],
                title_code=record.title_code,
                title=record.title,
                rank=record.rank,
                is_primary=record.is_primary,
                valid_from=record.valid_from,
                valid_to=record.valid_to,
                source=snapshot.source,
            )
            for record in snapshot.posts
            if key_of_record(record) in added
        ),
        batch_size=BATCH,
    )


def _update(model: type[models.Model], rows: list[Any], fields: list[str]) -> None:
    """Write `is_active` and `fields` of rows that exist.

    An upsert that always finds its row. `bulk_update`, which writes a CASE for each field with a branch for each
    row, took 10 (SQLite) to 20 (PostgreSQL) times as long for 4,000 people.
    """
    model._default_manager.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[*fields, "is_active"],
    )
