"""Write a made-up company: departments, the people in them and the posts they hold."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from api.management.seed.departments import Level, Plan, plan_departments
from api.management.seed.names import FAMILY_NAMES, GIVEN_NAMES
from api.organization.models import Department, Person, Post

SMALLEST = 4
"""Departments: 本社, a 本部, a 部 and a 課."""

BATCH = 1000  # rows a statement
# Rank -> code and title. A department's head bears the rank of its level.
TITLES = {
    100: ("T100", "社長"),
    80: ("T080", "本部長"),
    70: ("T070", "部長"),
    50: ("T050", "課長"),
    30: ("T030", "係長"),
    20: ("T020", "主任"),
    10: ("T010", "社員"),
}
# Ranks of a section's people beside its head, in the order they are filled; whoever comes after is 社員.
_STAFF = (20, 10, 30, 10, 10, 20)


@dataclass(frozen=True)
class Company:
    """What was written. `heads` are the heading posts in the order of `departments`, None where vacant."""

    departments: Sequence[Department]
    people: Sequence[Person]
    posts: Sequence[Post]
    heads: Sequence[Post | None]

    @property
    def line(self) -> Sequence[Post]:
        """The heads of the first section, its 部, its 本部 and 本社: always four different people."""
        return [head for head in reversed(self.heads[:SMALLEST]) if head is not None]

    @property
    def staff(self) -> Sequence[Post]:
        """Primary posts of those who head nothing; the first is a 主任 of the first section."""
        return [post for post in self.posts if post.rank < Level.SECTION and post.is_primary]

    @property
    def applicant(self) -> Post:
        return self.staff[0]

    @property
    def administrator(self) -> Post:
        """A post of the administrator, who looks after systems where the company has a section for it."""
        return next((post for post in self.staff if "システム" in post.department.name), self.staff[-1])


class TooSmall(Exception):
    """The company asked for cannot be made: each department needs two people, and there are four departments."""


def found_company(*, people: int, departments: int, seed: int, today: dt.date, password: str) -> Company:
    """Write a company of `people` and `departments` and return it; the same arguments give the same company.

    Raises `TooSmall` where there are fewer departments than `SMALLEST`, or fewer than two people for each.
    """
    if departments < SMALLEST or people < 2 * departments:
        raise TooSmall(f"{people} people in {departments} departments")
    plans = plan_departments(departments)
    return _Founder(plans, random.Random(seed), today).found(people, password)  # noqa: S311  nothing secret


class _Founder:
    def __init__(self, plans: list[Plan], chance: random.Random, today: dt.date) -> None:
        self._plans = plans
        self._chance = chance
        self._today = today

    @transaction.atomic
    def found(self, count: int, password: str) -> Company:
        departments = self._write_departments()
        people = self._write_people(count, password)
        posts, heads = self._plan_posts(people, departments)
        company = Company(departments, people, Post.objects.bulk_create(posts, batch_size=BATCH), heads)
        company.administrator.person.is_administrator = True
        company.administrator.person.save(update_fields=["is_administrator"])
        return company

    def _write_departments(self) -> list[Department]:
        opened = dt.date(2012, 4, 1)
        rows = [
            Department(code=plan.code, name=plan.name, name_en=plan.name_en, valid_from=opened) for plan in self._plans
        ]
        rows = Department.objects.bulk_create(rows, batch_size=BATCH)
        for plan, row in zip(self._plans, rows, strict=True):
            row.parent = None if plan.parent is None else rows[plan.parent]
        Department.objects.bulk_update(rows[1:], ["parent"], batch_size=100)
        return rows

    def _write_people(self, count: int, password: str) -> list[Person]:
        # One hash for all: the slow part of a password is its hash, and this one is no secret.
        hashed = make_password(password)
        pairs = [(family, given) for family in FAMILY_NAMES for given in GIVEN_NAMES]
        self._chance.shuffle(pairs)
        taken: dict[str, int] = {}
        rows = []
        for number in range(count):
            family, given = pairs[number % len(pairs)]
            username = f"{family.roman}.{given.roman}".lower()
            taken[username] = taken.get(username, 0) + 1
            if taken[username] > 1:
                username += str(taken[username])
            rows.append(
                Person(
                    employee_number=f"{number + 1:06d}",
                    username=username,
                    password=hashed,
                    family_name=family.written,
                    given_name=given.written,
                    family_name_kana=family.kana,
                    given_name_kana=given.kana,
                    name_en=f"{given.roman} {family.roman}",
                    email=f"{username}@example.co.jp",
                )
            )
        return Person.objects.bulk_create(rows, batch_size=BATCH)

    def _plan_posts(self, people: list[Person], departments: list[Department]) -> tuple[list[Post], list[Post | None]]:
        waiting = iter(people)
        heads: list[Post | None] = []
        sections = [at for at, plan in enumerate(self._plans) if plan.level is Level.SECTION]
        for at, plan in enumerate(self._plans):
            above = None if plan.parent is None else heads[plan.parent]
            if len(sections) > 1 and at == sections[-1]:
                heads.append(None)  # one post is vacant
            elif above is not None and plan.level <= Level.DEPARTMENT and at % 7 == 6:
                # 兼務: whoever heads the department above heads this one too.
                heads.append(self._post(above.person, departments[at], plan.level, is_primary=False))
            else:
                heads.append(self._post(next(waiting), departments[at], plan.level))
        posts = [head for head in heads if head is not None]
        for number, person in enumerate(waiting):
            round_, place = divmod(number, len(sections))
            rank = _STAFF[round_] if round_ < len(_STAFF) else 10
            posts.append(self._post(person, departments[sections[place]], rank))
            if number % 23 == 11 and len(sections) > 2:
                # 兼務: half a place in another section.
                other = departments[sections[(place + 2) % len(sections)]]
                posts.append(self._post(person, other, 10, is_primary=False))
        return posts, heads

    def _post(self, person: Person, department: Department, rank: int, *, is_primary: bool = True) -> Post:
        code, title = TITLES[rank]
        # Posts begin in April or October; all of them more than three years ago, as the oldest proposals (past.py).
        year, month = self._today.year - self._chance.randint(4, 9), self._chance.choice((4, 10))
        return Post(
            person=person,
            department=department,
            title_code=code,
            title=title,
            rank=rank,
            is_primary=is_primary,
            valid_from=dt.date(year, month, 1),
        )
