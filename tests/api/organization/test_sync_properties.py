"""What holds of any snapshot that is right, whatever it says."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from api.organization.difference import Kind
from api.organization.models import Department, Person, Post
from api.organization.ports import DepartmentRecord, OrganizationSnapshot, PostRecord
from api.organization.sync import synchronize
from tests.api.organization.snapshots import department, person, post, snapshot

NOON = dt.datetime(2026, 6, 15, 3, 0, tzinfo=dt.UTC)

# Any text a file can hold: no controls, no private characters, no half of a pair.
texts = st.text(st.characters(exclude_categories=("Cc", "Cn", "Co", "Cs", "Zl", "Zp")), max_size=12).map(str.strip)
names = texts.filter(bool)
days = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))


@st.composite
def organizations(draw: st.DrawFn) -> OrganizationSnapshot:
    """Draw a tree of departments, people, and posts that follow one another."""
    departments: list[DepartmentRecord] = []
    for number in range(draw(st.integers(1, 5))):
        parents = ["", *(record.code for record in departments)]
        departments.append(
            department(f"D{number}", draw(st.sampled_from(parents)), name=draw(names), name_en=draw(texts))
        )
    people = [
        person(
            f"P{number}",
            family_name=draw(names),
            given_name=draw(names),
            family_name_kana=draw(texts),
            is_active=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    posts: list[PostRecord] = []
    for record in people:
        begin = draw(days)
        for title in range(draw(st.integers(0, 3))):
            end = begin + dt.timedelta(days=draw(st.integers(0, 900)))
            code = draw(st.sampled_from(departments)).code
            rank = draw(st.integers(0, 100))
            posts.append(
                post(
                    record.employee_number,
                    code,
                    title_code=f"T{title}",
                    rank=rank,
                    valid_from=begin,
                    valid_to=end,
                    is_primary=draw(st.booleans()),
                )
            )
            begin = end + dt.timedelta(days=1)
    return snapshot(*draw(st.permutations(departments)), *people, *posts)


def smaller(draw: st.DrawFn, whole: OrganizationSnapshot) -> OrganizationSnapshot:
    """Draw a part of an organisation that is right by itself."""
    kept = {record.code for record in whole.departments if draw(st.booleans())}
    parents = {record.code: record.parent_code for record in whole.departments}
    while missing := {parents[code] for code in kept if parents[code]} - kept:
        kept |= missing
    people = tuple(record for record in whole.people if draw(st.booleans()))
    numbers = {record.employee_number for record in people}
    return replace(
        whole,
        departments=tuple(record for record in whole.departments if record.code in kept),
        people=people,
        posts=tuple(
            record
            for record in whole.posts
            if record.employee_number in numbers and record.department_code in kept and draw(st.booleans())
        ),
    )


@st.composite
def wholes_and_parts(draw: st.DrawFn) -> tuple[OrganizationSnapshot, OrganizationSnapshot]:
    whole = draw(organizations())
    return whole, smaller(draw, whole)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what one example writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestSynchronize:
    @settings(max_examples=40)
    @given(organizations())
    def test_changes_nothing_the_second_time(self, whole: OrganizationSnapshot) -> None:
        with undone():
            first = synchronize(snapshot=whole, at=NOON, by=None)
            second = synchronize(snapshot=whole, at=NOON, by=None)

            assert all(change.kind is Kind.ADDED for change in first.changes)
            assert second.changes == ()

    @settings(max_examples=40)
    @given(wholes_and_parts())
    def test_only_deactivates_when_less_is_there_and_brings_it_back(
        self, both: tuple[OrganizationSnapshot, OrganizationSnapshot]
    ) -> None:
        whole, part = both
        with undone():
            synchronize(snapshot=whole, at=NOON, by=None)
            counts = [model.objects.count() for model in (Department, Person, Post)]

            less = synchronize(snapshot=part, at=NOON, by=None)
            again = synchronize(snapshot=whole, at=NOON, by=None)

            assert {change.kind for change in less.changes} <= {Kind.DEACTIVATED}
            assert {change.kind for change in again.changes} <= {Kind.REACTIVATED}
            assert {change.key for change in again.changes} == {change.key for change in less.changes}
            assert [model.objects.count() for model in (Department, Person, Post)] == counts
