"""Find people and departments, and see who holds what on a day."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.organization.models import Department, Person, Post
from api.organization.queries import (
    chief_posts,
    company_date,
    department_path,
    department_paths,
    posts_of,
    search_departments,
    search_people,
)
from tests.company import LONG_AGO, add_department, add_person, add_post

TODAY = dt.date(2026, 6, 15)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)


class TestCompanyDate:
    @pytest.mark.parametrize(
        ("at", "day"),
        [
            (dt.datetime(2026, 3, 31, 14, 59, 59, tzinfo=dt.UTC), dt.date(2026, 3, 31)),
            (dt.datetime(2026, 3, 31, 15, 0, tzinfo=dt.UTC), dt.date(2026, 4, 1)),
        ],
    )
    def test_is_the_date_in_tokyo(self, at: dt.datetime, day: dt.date) -> None:
        assert company_date(at) == day


@pytest.mark.django_db
class TestPostsOf:
    def test_are_those_held_that_day_the_primary_first_then_the_highest(self) -> None:
        sales, closed = add_department("S", "営業部"), add_department("C", "旧部署", is_active=False)
        person = add_person("sato")
        high = add_post(person, sales, 70, "部長", is_primary=False)
        low = add_post(person, sales, 30, "係長", is_primary=False)
        primary = add_post(person, sales, 10, "社員")
        others: list[dict[str, Any]] = [
            {"valid_to": YESTERDAY},
            {"valid_from": TOMORROW},
            {"is_active": False},
            {"department": closed},
        ]
        for number, other in enumerate(others):
            fields: dict[str, Any] = {"department": sales, "rank": 100, "title": "以前", "valid_from": LONG_AGO}
            Post.objects.create(person=person, title_code=str(number), **(fields | other))

        assert list(posts_of(person, on=TODAY)) == [primary, high, low]
        assert chief_posts([person], on=TODAY) == {person.pk: primary}

    def test_include_the_first_and_the_last_day(self) -> None:
        person = add_person("sato")
        post = add_post(person, add_department("S", "営業部"), 10, "社員", valid_from=TODAY, valid_to=TODAY)

        assert list(posts_of(person, on=TODAY)) == [post]
        assert chief_posts([person], on=TOMORROW) == {}


@pytest.mark.django_db
class TestDepartmentPath:
    def test_leads_from_the_root(self) -> None:
        root = add_department("1", "本社")
        division = add_department("2", "本部", parent=root)
        section = add_department("3", "課", parent=division)

        assert department_path(section) == [root, division, section]
        assert department_path(root) == [root]

    def test_of_many_takes_a_statement_a_level(self) -> None:
        root = add_department("1", "本社")
        division = add_department("2", "本部", parent=root)
        sections = [add_department(f"3{number}", "課", parent=division) for number in range(20)]

        with CaptureQueriesContext(connection) as queries:
            paths = department_paths(sections)

        assert len(queries) == 2
        assert all(paths[section.pk] == [root, division, section] for section in sections)


@pytest.mark.django_db
class TestSearchPeople:
    @pytest.fixture(autouse=True)
    def people(self) -> None:
        for number, (family, given, family_kana, given_kana, name_en) in enumerate(
            [
                ("髙橋", "恵美", "タカハシ", "エミ", "Emi Takahashi"),
                ("田中", "太郎", "タナカ", "タロウ", "Taro Tanaka"),
                ("Smith", "John", "スミス", "ジョン", "John Smith"),
                ("山﨑", "次郎", "", "", ""),
            ]
        ):
            Person.objects.create_user(
                f"user.{number}",
                employee_number=f"00{number}7",
                family_name=family,
                given_name=given,
                family_name_kana=family_kana,
                given_name_kana=given_kana,
                name_en=name_en,
            )

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("高橋", ["髙橋"]),
            ("たか", ["髙橋"]),
            ("ﾀﾅｶ", ["田中"]),
            ("田中太郎", ["田中"]),
            ("田中　太郎", ["田中"]),
            ("太郎", ["田中"]),
            ("tanaka t", ["田中"]),
            ("SMITH", ["Smith"]),
            ("ジョン", ["Smith"]),
            ("0017", ["田中"]),
            ("17", ["田中"]),
            ("user.3", ["山﨑"]),
            ("山崎", ["山﨑"]),
            ("橋", []),
            ("100%", []),
            ("", ["Smith", "髙橋", "田中", "山﨑"]),
        ],
    )
    def test_finds_by_the_beginning_of_any_name_or_number(self, typed: str, found: list[str]) -> None:
        assert [person.family_name for person in search_people(typed, limit=10)] == found

    def test_leaves_out_those_who_left(self) -> None:
        Person.objects.filter(family_name="田中").update(is_active=False)

        assert search_people("田中", limit=10) == []

    def test_goes_on_after_a_key(self) -> None:
        seen: list[str] = []
        after = None
        while page := search_people("", limit=1, after=after):
            seen.append(page[0].family_name)
            after = (page[0].sort_key, page[0].pk)

        assert seen == ["Smith", "髙橋", "田中", "山﨑"]

    def test_goes_on_between_people_of_the_same_reading(self) -> None:
        Person.objects.update(sort_key="タナカ")
        first = search_people("", limit=2)

        rest = search_people("", limit=10, after=(first[1].sort_key, first[1].pk))

        assert {person.pk for person in first} | {person.pk for person in rest} == set(
            Person.objects.values_list("pk", flat=True)
        )
        assert len(first) + len(rest) == 4


@pytest.mark.django_db
class TestSearchDepartments:
    @pytest.fixture(autouse=True)
    def departments(self) -> None:
        add_department("100", "営業部")
        add_department("200", "ＩＴ推進課")
        add_department("300", "旧営業部", valid_to=YESTERDAY)
        add_department("400", "営業準備室", valid_from=TOMORROW)
        add_department("500", "営業課", is_active=False)

    @pytest.mark.parametrize(
        ("typed", "found"),
        [("営業", ["100"]), ("推進", ["200"]), ("it", ["200"]), ("100 EN", ["100"]), ("", ["100", "200"])],
    )
    def test_finds_by_any_part_of_code_and_names_those_of_the_day(self, typed: str, found: list[str]) -> None:
        assert [one.code for one in search_departments(typed, on=TODAY, limit=10)] == found

    def test_goes_on_after_a_code(self) -> None:
        assert [one.code for one in search_departments("", on=TODAY, limit=1, after="100")] == ["200"]
        assert Department.objects.count() == 5
