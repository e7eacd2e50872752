"""What must hold of a whole snapshot before any of it is taken over."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from api.organization.models import Department, Person, Post
from api.organization.ports import (
    BadLine,
    DepartmentRecord,
    Noun,
    OrganizationSnapshot,
    PersonRecord,
    PostRecord,
    Problem,
)
from api.organization.stored import Stored, key_of_record

type Record = DepartmentRecord | PersonRecord | PostRecord

RANK_MAX = 2_147_483_647  # PostgreSQL's integer
_MODELS: dict[type[Record], type[models.Model]] = {
    DepartmentRecord: Department,
    PersonRecord: Person,
    PostRecord: Post,
}
_REQUIRED = {
    DepartmentRecord: ("code", "name"),
    PersonRecord: ("employee_number", "username", "family_name", "given_name"),
    PostRecord: ("employee_number", "department_code", "title_code", "title"),
}
# Lengths of the columns that are the model's own; the others refer to a row and must be found there anyway.
_LENGTHS = {
    record: {
        field.name: field.max_length
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.max_length and field.name in record.__slots__
    }
    for record, model in _MODELS.items()
}


def find_problems(snapshot: OrganizationSnapshot, stored: Stored) -> tuple[BadLine, ...]:
    """Return everything that is wrong with the snapshot, what its source could not read included.

    In the order of files and lines. Empty: the snapshot can be taken over as it is.
    """
    problems = [
        *snapshot.problems,
        *_bad_values([*snapshot.departments, *snapshot.people, *snapshot.posts]),
        *_doubled(snapshot.departments, "code", lambda record: record.code),
        *_doubled(snapshot.people, "employee_number", lambda record: record.employee_number),
        # Nobody should have to know whether it was Sato or sato.
        *_doubled(snapshot.people, "username", lambda record: record.username.casefold()),
        *_doubled(snapshot.posts, "title_code", key_of_record),
        *_unknown_parents(snapshot, stored),
        *_cycles(snapshot, stored),
        *_posts_of_nobody(snapshot, stored),
        *_clashing_posts(snapshot, stored),
        *_owned_by_others(snapshot, stored),
        *_usernames_taken(snapshot, stored),
    ]
    order = {file: number for number, file in enumerate(dict.fromkeys(_files(snapshot)))}
    return tuple(sorted(problems, key=lambda bad: (order.get(bad.place.file, len(order)), bad.place.line or 0)))


def _files(snapshot: OrganizationSnapshot) -> Iterator[str]:
    """Yield the files' names in the order departments, people, posts, as far as any line tells them."""
    for records in (snapshot.departments, snapshot.people, snapshot.posts):
        yield from (record.place.file for record in records[:1])
    yield from (problem.place.file for problem in snapshot.problems)


def _bad_values(records: Iterable[Record]) -> Iterator[BadLine]:
    for record in records:
        for column in _REQUIRED[type(record)]:
            if not getattr(record, column):
                yield BadLine(place=record.place, code=Problem.EMPTY, column=column)
        for column, limit in _LENGTHS[type(record)].items():
            value = getattr(record, column)
            if len(value) > limit:
                values = {"limit": limit, "length": len(value)}
                yield BadLine(place=record.place, code=Problem.TOO_LONG, column=column, value=value, values=values)
        if isinstance(record, PersonRecord):
            yield from _bad_email(record)
            continue
        if record.valid_to and record.valid_to < record.valid_from:
            yield BadLine(
                place=record.place,
                code=Problem.TO_BEFORE_FROM,
                column="valid_to",
                value=record.valid_to.isoformat(),
                values={"valid_from": record.valid_from.isoformat()},
            )
        if isinstance(record, PostRecord) and not 0 <= record.rank <= RANK_MAX:
            yield BadLine(
                place=record.place,
                code=Problem.NUMBER_TOO_LARGE,
                column="rank",
                value=str(record.rank),
                values={"limit": RANK_MAX},
            )


def _bad_email(record: PersonRecord) -> Iterator[BadLine]:
    if not record.email:
        return
    try:
        validate_email(record.email)
    except ValidationError:
        yield BadLine(place=record.place, code=Problem.NOT_AN_EMAIL, column="email", value=record.email)


def _doubled[R: (DepartmentRecord, PersonRecord, PostRecord)](
    records: Iterable[R], column: str, key: Callable[[R], Any]
) -> Iterator[BadLine]:
    first: dict[Any, R] = {}
    for record in records:
        if not getattr(record, column):
            continue  # reported as empty
        known = first.setdefault(key(record), record)
        if known is not record:
            value = getattr(record, column)
            yield BadLine(place=record.place, code=Problem.DOUBLED, column=column, value=value, values=_line_of(known))


def _line_of(record: Record) -> dict[str, str | int]:
    return {"line": record.place.line or 0}


def _known(noun: Noun, snapshot: OrganizationSnapshot, stored: Stored) -> set[str]:
    """Return the codes or numbers that a line may refer to: of this snapshot, and of rows that others own."""
    rows: Iterable[Department | Person]
    if noun is Noun.DEPARTMENTS:
        named, rows = {record.code for record in snapshot.departments}, stored.departments.values()
        others = {row.code for row in rows if row.source != snapshot.source and row.is_active}
    else:
        named = {record.employee_number for record in snapshot.people}
        others = {
            row.employee_number for row in stored.people.values() if row.source != snapshot.source and row.is_active
        }
    return named | others | snapshot.unread.get(noun, frozenset())


def _unknown_parents(snapshot: OrganizationSnapshot, stored: Stored) -> Iterator[BadLine]:
    if Noun.DEPARTMENTS in snapshot.incomplete:
        return
    known = _known(Noun.DEPARTMENTS, snapshot, stored)
    for record in snapshot.departments:
        if record.parent_code and record.parent_code not in known:
            yield BadLine(
                place=record.place, code=Problem.UNKNOWN_PARENT, column="parent_code", value=record.parent_code
            )


def _cycles(snapshot: OrganizationSnapshot, stored: Stored) -> Iterator[BadLine]:
    """Yield one problem for each cycle, at the first of its lines, with all its members."""
    records = {record.code: record for record in snapshot.departments}
    parents = {
        row.code: row.parent.code if row.parent else ""
        for row in stored.departments.values()
        if row.source != snapshot.source
    }
    parents |= {record.code: record.parent_code for record in snapshot.departments if record.code}
    finished: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        code = start
        while code in parents and code not in finished and code not in path:
            path[code] = None
            code = parents[code]
        if code in path:
            members = list(path)[list(path).index(code) :]
            here = [records[member] for member in members if member in records]
            at = min(here, key=lambda record: record.place.line or 0)
            names = " → ".join([*members, members[0]])
            yield BadLine(
                place=at.place,
                code=Problem.CYCLE,
                column="parent_code",
                value=at.parent_code,
                values={"members": names},
            )
        finished.update(path)


def _posts_of_nobody(snapshot: OrganizationSnapshot, stored: Stored) -> Iterator[BadLine]:
    for noun, column, code in (
        (Noun.PEOPLE, "employee_number", Problem.UNKNOWN_PERSON),
        (Noun.DEPARTMENTS, "department_code", Problem.UNKNOWN_DEPARTMENT),
    ):
        if noun in snapshot.incomplete:
            continue
        known = _known(noun, snapshot, stored)
        for record in snapshot.posts:
            value = getattr(record, column)
            if value and value not in known:
                yield BadLine(place=record.place, code=code, column=column, value=value)


def _clashing_posts(snapshot: OrganizationSnapshot, stored: Stored) -> Iterator[BadLine]:
    """Yield posts that one person cannot hold at the same time: two primary ones, or the same one twice."""
    elsewhere = defaultdict(list)
    for post in stored.posts.values():
        if post.source != snapshot.source and post.is_active and post.is_primary:
            elsewhere[post.person.employee_number].append(post)
    by_person: dict[str, list[PostRecord]] = defaultdict(list)
    for record in snapshot.posts:
        if not record.employee_number:
            continue  # reported as empty
        earlier = by_person[record.employee_number]
        together = [other for other in earlier if _overlap(record, other)]
        same = [other for other in together if key_of_record(other)[:3] == key_of_record(record)[:3]]
        primary = [other for other in together if other.is_primary and record.is_primary]
        if any(other.valid_from == record.valid_from for other in same):
            pass  # reported as doubled
        elif same:
            yield BadLine(
                place=record.place,
                code=Problem.POST_OVERLAPS,
                column="valid_from",
                value=record.valid_from.isoformat(),
                values=_line_of(same[0]),
            )
        elif primary:
            yield BadLine(
                place=record.place,
                code=Problem.TWO_PRIMARY_POSTS,
                column="primary",
                value=record.employee_number,
                values=_line_of(primary[0]),
            )
        for post in elsewhere[record.employee_number]:
            if record.is_primary and _overlap(record, post):
                yield BadLine(
                    place=record.place,
                    code=Problem.PRIMARY_POST_ELSEWHERE,
                    column="primary",
                    value=record.employee_number,
                    values={"source": post.source, "post": f"{post.department.name} {post.title}"},
                )
        earlier.append(record)


def _overlap(one: PostRecord | Post, other: PostRecord | Post) -> bool:
    def last(post: PostRecord | Post) -> dt.date:
        return post.valid_to or dt.date.max

    return one.valid_from <= last(other) and other.valid_from <= last(one)


def _owned_by_others(snapshot: OrganizationSnapshot, stored: Stored) -> Iterator[BadLine]:
    owned: list[tuple[Record, str, Department | Person | Post | None]] = [
        *((record, "code", stored.departments.get(record.code)) for record in snapshot.departments),
        *((record, "employee_number", stored.people.get(record.employee_number)) for record in snapshot.people),
        *((record, "title_code", stored.posts.get(key_of_record(record))) for record in snapshot.posts),
    ]
    for record, column, row in owned:
        if row is not None and row.source != snapshot.source:
            yield BadLine(
                place=record.place,
                code=Problem.OWNED_BY_ANOTHER_SOURCE,
                column=column,
                value=getattr(record, column),
                values={"source": row.source},
            )


def _usernames_taken(snapshot: OrganizationSnapshot, stored: Stored) -> Iterator[BadLine]:
    """Yield usernames that someone has who is not in the snapshot, and so keeps it."""
    listed = {record.employee_number for record in snapshot.people} | snapshot.unread.get(Noun.PEOPLE, frozenset())
    all_listed = Noun.PEOPLE not in snapshot.incomplete
    kept = {
        person.username.casefold(): person
        for person in stored.people.values()
        if person.source != snapshot.source or (all_listed and person.employee_number not in listed)
    }
    for record in snapshot.people:
        holder = kept.get(record.username.casefold())
        if holder is None or holder.employee_number == record.employee_number:
            continue
        is_foreign = holder.source != snapshot.source
        yield BadLine(
            place=record.place,
            code=Problem.OWNED_BY_ANOTHER_SOURCE if is_foreign else Problem.USERNAME_TAKEN,
            column="username",
            value=record.username,
            values={"source": holder.source, "employee_number": holder.employee_number},
        )
