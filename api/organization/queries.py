"""Read the organisation. Dates are dates in the company's zone: see `company_date`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from api.organization.folding import fold
from api.organization.models import Department, Person, Post, valid_on

WORDS = 5
"""Words of a search that count; nobody finds more by typing on."""


def company_date(at: dt.datetime) -> dt.date:
    """Return the date in the company's zone at an instant: validity begins and ends by it."""
    return timezone.localdate(at, timezone.get_default_timezone())


def posts_of(person: Person, *, on: dt.date) -> QuerySet[Post]:
    """Return the posts a person holds that day in departments that exist, the primary one first, then the highest."""
    return (
        Post.objects.filter(valid_on(on), valid_on(on, "department__"), person=person, is_active=True)
        .filter(department__is_active=True)
        .select_related("department")
        .order_by("-is_primary", "-rank", "id")
    )


def chief_posts(people: Iterable[Person], *, on: dt.date) -> dict[int, Post]:
    """Return for each person's id the post to show beside the name (see `posts_of`); one statement for all."""
    posts = (
        Post.objects.filter(valid_on(on), valid_on(on, "department__"), is_active=True)
        .filter(person__in=[person.pk for person in people])
        .filter(department__is_active=True)
        .select_related("department")
        .order_by("is_primary", "rank", "-id")
    )
    return {post.person_id: post for post in posts}  # the last one, the first of `posts_of`, stays


def department_path(department: Department) -> list[Department]:
    """Return the departments from the root to this one."""
    return department_paths([department])[department.pk]


def department_paths(departments: Iterable[Department]) -> dict[int, list[Department]]:
    """Return for each department's id the departments from the root to it, with one statement a level."""
    wanted = {department.pk: department for department in departments}
    known = dict(wanted)
    missing = {department.parent_id for department in known.values() if department.parent_id} - known.keys()
    while missing:
        found = Department.objects.in_bulk(missing)
        known |= found
        missing = {department.parent_id for department in found.values() if department.parent_id} - known.keys()
    paths = {}
    for pk in wanted:
        path: list[Department] = []
        above: int | None = pk
        while above is not None and known[above] not in path:  # no cycle is ever stored; never loop on one
            path.insert(0, known[above])
            above = known[above].parent_id
        paths[pk] = path
    return paths


def search_departments(text: str, *, on: dt.date, limit: int, after: str = "") -> list[Department]:
    """Return up to `limit` departments of that day in order of their codes, beginning after the code `after`.

    Each word of `text` is part of the code or of a name, however it is typed (see `folding`); blank finds all.
    """
    found = Department.objects.filter(valid_on(on), is_active=True, code__gt=after)
    for word in fold(text).split()[:WORDS]:
        found = found.filter(search_text__contains=word)
    return list(found.order_by("code")[:limit])


def search_people(
    text: str, *, limit: int, after: tuple[str, int] | None = None, among: QuerySet[Person] | None = None
) -> list[Person]:
    """Return up to `limit` active people in order of their reading, beginning after the key `after`.

    The key of a person is `(sort_key, id)`. Each word of `text` begins a name, a reading, the employee number or
    the username, however it is typed (see `folding`); blank finds all. `among` narrows them down.
    """
    found = Person.objects.filter(is_active=True) if among is None else among
    for word in fold(text).split()[:WORDS]:
        found = found.filter(search_text__contains=f" {word}")
    if after is not None:
        sort_key, id_ = after
        # The first condition is what the index can begin at.
        found = found.filter(Q(sort_key__gte=sort_key) & (Q(sort_key__gt=sort_key) | Q(pk__gt=id_)))
    return list(found.order_by("sort_key", "id")[:limit])
