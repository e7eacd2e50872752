"""A snapshot becomes the organisation: all of it or nothing, and only the source's own rows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from django.db import connection

from api.organization.difference import Difference, FieldChange, Kind, LeftAlone
from api.organization.models import Department, Person, Post, Source, SyncRun
from api.organization.ports import BadSnapshot, Noun, OrganizationSnapshot
from api.organization.sync import preview, synchronize
from tests.api.organization.snapshots import APRIL, department, person, post, snapshot
from tests.threads import together

NOON = dt.datetime(2026, 6, 15, 3, 0, tzinfo=dt.UTC)
OCTOBER = dt.date(2026, 10, 1)


def take_over(given: OrganizationSnapshot) -> Difference:
    return synchronize(snapshot=given, at=NOON, by=None)


def small_company() -> OrganizationSnapshot:
    return snapshot(
        department("2", "1", name="営業部"),
        department("1", name="本社"),
        person("001"),
        person("002", email="ni@example.co.jp", is_active=False),
        post("001", "2", rank=70, title="部長"),
        post("001", "1", is_primary=False, title_code="T100", title="社長", rank=100),
    )


def stored_rows() -> list[list[tuple[object, ...]]]:
    return [list(model.objects.order_by("pk").values_list()) for model in (Department, Person, Post)]


@pytest.mark.django_db
class TestFirstSynchronisation:
    def test_adds_everything_whatever_its_order(self) -> None:
        difference = take_over(small_company())

        assert [(change.noun, change.kind, change.key) for change in difference.changes] == [
            (Noun.DEPARTMENTS, Kind.ADDED, "1"),
            (Noun.DEPARTMENTS, Kind.ADDED, "2"),
            (Noun.PEOPLE, Kind.ADDED, "001"),
            (Noun.PEOPLE, Kind.ADDED, "002"),
            (Noun.POSTS, Kind.ADDED, ("001", "1", "T100", APRIL)),
            (Noun.POSTS, Kind.ADDED, ("001", "2", "T010", APRIL)),
        ]
        sales = Department.objects.get(code="2")
        assert sales.parent == Department.objects.get(code="1", parent=None)
        held = Post.objects.filter(person__employee_number="001").order_by("rank")
        assert list(held.values_list("department__code", "title", "rank", "is_primary", "source")) == [
            ("2", "部長", 70, True, "csv"),
            ("1", "社長", 100, False, "csv"),
        ]
        assert list(Person.objects.order_by("pk").values_list("is_active", "email", "source")) == [
            (True, "", "csv"),
            (False, "ni@example.co.jp", "csv"),
        ]

    def test_gives_people_passwords_that_nobody_can_use(self) -> None:
        take_over(small_company())

        people = list(Person.objects.all())
        assert not any(one.has_usable_password() or one.check_password("") for one in people)
        assert len({one.password for one in people}) == 2

    def test_makes_people_and_departments_findable(self) -> None:
        take_over(small_company())

        assert Person.objects.get(employee_number="001").sort_key == "タナカ"
        assert " 営業部" in Department.objects.get(code="2").search_text

    def test_makes_what_was_renamed_findable_by_its_new_name(self) -> None:
        take_over(small_company())
        records = small_company()
        take_over(replace(records, departments=tuple(replace(one, name="統括本部") for one in records.departments)))

        assert all(" 統括本部" in row.search_text for row in Department.objects.all())

    def test_labels_rows_as_people_know_them(self) -> None:
        labels = [change.label for change in take_over(small_company()).changes]

        assert labels[0] == "1 本社"
        assert labels[2] == "001 田中 001郎"
        assert labels[5] == "001 田中 001郎, 営業部 部長 (2020-04-01–)"

    def test_is_recorded_with_what_it_did_and_by_whom(self) -> None:
        operator = Person.objects.create_user("op", employee_number="op", family_name="管", given_name="理")

        synchronize(snapshot=small_company(), at=NOON, by=operator)

        run = SyncRun.objects.get()
        assert (run.source, run.at, run.by) == (Source.CSV, NOON, operator)
        assert run.counts["people"] == {"added": 2, "changed": 0, "deactivated": 0, "reactivated": 0}


@pytest.mark.django_db
class TestLaterSynchronisation:
    @pytest.fixture(autouse=True)
    def first(self) -> None:
        take_over(small_company())

    def test_of_the_same_changes_nothing_and_says_so(self) -> None:
        before = stored_rows()

        difference = take_over(small_company())

        assert difference.changes == ()
        assert difference.unchanged == {Noun.DEPARTMENTS: 2, Noun.PEOPLE: 2, Noun.POSTS: 2}
        assert stored_rows() == before
        assert SyncRun.objects.count() == 1

    def test_changes_what_differs_and_tells_old_and_new(self) -> None:
        given = small_company()
        sales, head_office = given.departments

        difference = take_over(
            replace(
                given,
                departments=(replace(sales, name="販売部", valid_to=OCTOBER), head_office),
                people=(replace(given.people[0], family_name="髙橋", family_name_kana="タカハシ"), given.people[1]),
                posts=(replace(given.posts[0], rank=80), given.posts[1]),
            )
        )

        assert [(change.kind, change.fields) for change in difference.changes] == [
            (Kind.CHANGED, (FieldChange("name", "営業部", "販売部"), FieldChange("valid_to", None, OCTOBER))),
            (
                Kind.CHANGED,
                (FieldChange("family_name", "田中", "髙橋"), FieldChange("family_name_kana", "タナカ", "タカハシ")),
            ),
            (Kind.CHANGED, (FieldChange("rank", 70, 80),)),
        ]
        assert Department.objects.get(code="2").valid_to == OCTOBER
        assert Person.objects.get(employee_number="001").sort_key == "タカハシ"
        assert Post.objects.get(department__code="2").rank == 80

    def test_moves_departments_anywhere_in_the_tree(self) -> None:
        given = small_company()
        sales, head_office = given.departments

        difference = take_over(
            replace(given, departments=(replace(sales, parent_code=""), replace(head_office, parent_code="2")))
        )

        assert [change.fields for change in difference.changes] == [
            (FieldChange("parent_code", "", "2"),),
            (FieldChange("parent_code", "1", ""),),
        ]
        assert list(Department.objects.order_by("code").values_list("code", "parent__code")) == [
            ("1", "2"),
            ("2", None),
        ]

    def test_deactivates_what_is_gone_and_deletes_nothing(self) -> None:
        given = small_company()

        difference = take_over(
            replace(given, departments=given.departments[1:], people=given.people[:1], posts=given.posts[1:])
        )

        assert [(change.kind, change.key) for change in difference.changes] == [
            (Kind.DEACTIVATED, "2"),
            (Kind.DEACTIVATED, ("001", "2", "T010", APRIL)),
        ]  # 002 was inactive already
        assert not Department.objects.get(code="2").is_active
        assert [model.objects.count() for model in (Department, Person, Post)] == [2, 2, 2]

    def test_makes_what_is_there_again_active_again(self) -> None:
        given = small_company()
        take_over(replace(given, people=given.people[1:], posts=()))

        difference = take_over(given)

        assert [(change.noun, change.kind) for change in difference.changes] == [
            (Noun.PEOPLE, Kind.REACTIVATED),
            (Noun.POSTS, Kind.REACTIVATED),
            (Noun.POSTS, Kind.REACTIVATED),
        ]
        assert Person.objects.get(employee_number="001").is_active

    def test_follows_what_the_file_says_of_being_employed(self) -> None:
        given = small_company()
        swapped = tuple(replace(one, is_active=not one.is_active) for one in given.people)

        difference = take_over(replace(given, people=swapped))

        assert [(change.kind, change.key) for change in difference.changes] == [
            (Kind.DEACTIVATED, "001"),
            (Kind.REACTIVATED, "002"),
        ]

    def test_passes_usernames_from_one_person_to_another(self) -> None:
        given = small_company()
        one, two = given.people
        swapped = (replace(one, username=two.username), replace(two, username=one.username))

        take_over(replace(given, people=swapped))

        assert list(Person.objects.order_by("employee_number").values_list("username", flat=True)) == [
            "user002",
            "user001",
        ]

    def test_passes_a_username_on_to_someone_new(self) -> None:
        given = small_company()
        one, two = given.people
        chain = (replace(one, username="new"), replace(two, username="user001"), person("003", username="user002"))

        take_over(replace(given, people=chain))

        assert dict(Person.objects.values_list("employee_number", "username")) == {
            "001": "new",
            "002": "user001",
            "003": "user002",
        }

    def test_never_touches_passwords_language_or_rights(self) -> None:
        signed_in = Person.objects.get(employee_number="001")
        signed_in.set_password("kaigi-shitsu-no-kagi")
        signed_in.language, signed_in.is_administrator = "en", True
        signed_in.save()
        given = small_company()

        take_over(replace(given, people=(replace(given.people[0], family_name="髙橋"), given.people[1])))

        after = Person.objects.get(employee_number="001")
        assert after.family_name == "髙橋"
        assert after.check_password("kaigi-shitsu-no-kagi")
        assert (after.language, after.is_administrator) == ("en", True)


@pytest.mark.django_db
class TestRowsOfAnotherSource:
    @pytest.fixture(autouse=True)
    def by_hand(self) -> None:
        root = Department.objects.create(code="R", name="本社", valid_from=APRIL)
        boss = Person.objects.create_user("boss", employee_number="B", family_name="上", given_name="司")
        Post.objects.create(person=boss, department=root, title_code="P", title="社長", rank=100, valid_from=APRIL)

    def test_are_left_alone_and_counted(self) -> None:
        before = stored_rows()

        difference = take_over(snapshot(department("1", "R"), person("1"), post("1", "1")))

        assert difference.left_alone == (
            LeftAlone(Noun.DEPARTMENTS, "manual", 1),
            LeftAlone(Noun.PEOPLE, "manual", 1),
            LeftAlone(Noun.POSTS, "manual", 1),
        )
        assert [rows[0] for rows in stored_rows()] == [rows[0] for rows in before]

    def test_may_stand_above_and_beside_the_sources_own(self) -> None:
        take_over(snapshot(department("1", "R"), post("B", "1")))

        assert Department.objects.get(code="1").parent == Department.objects.get(code="R")
        assert Post.objects.get(department__code="1").person.username == "boss"


@pytest.mark.django_db
class TestBadSnapshot:
    def test_changes_nothing_at_all(self) -> None:
        take_over(small_company())
        before = stored_rows()
        bad = snapshot(department("9"), person("009"), post("777", "9"))

        with pytest.raises(BadSnapshot) as caught:
            take_over(bad)

        assert len(caught.value.problems) == 1
        assert stored_rows() == before
        assert SyncRun.objects.count() == 1


@pytest.mark.django_db
class TestPreview:
    def test_tells_the_same_and_changes_nothing(self) -> None:
        previewed = preview(snapshot=small_company()).difference

        assert stored_rows() == [[], [], []]
        assert previewed == take_over(small_company())

    def test_refuses_the_same(self) -> None:
        with pytest.raises(BadSnapshot):
            preview(snapshot=snapshot(post("777", "9")))


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_do_not_interleave(self) -> None:
        companies = [
            snapshot(
                department("1", name=f"本社{version}"),
                *(person(f"{number:03}", given_name=f"{version}郎") for number in range(50)),
                *(post(f"{number:03}", "1", rank=version) for number in range(50)),
            )
            for version in range(4)
        ]

        outcomes = together(4, lambda number: take_over(companies[number]))

        assert all(isinstance(outcome, Difference) for outcome in outcomes), outcomes
        assert Person.objects.count() == 50
        (version,) = set(Post.objects.values_list("rank", flat=True))
        assert set(Person.objects.values_list("given_name", flat=True)) == {f"{version}郎"}
        assert Department.objects.get().name == f"本社{version}"


@pytest.mark.django_db
class TestTenThousandPeople:
    # SQLite takes 999 values a statement, some 50 people; PostgreSQL takes as many rows as we give.
    MOST: ClassVar = {"sqlite": 350, "postgresql": 40}

    def test_take_few_statements(self, database: str) -> None:
        given = snapshot(
            *(department(f"{number}", "0" if number else "") for number in range(500)),
            *(person(f"{number:05}") for number in range(10_000)),
            *(post(f"{number:05}", f"{number % 500}") for number in range(10_000)),
        )
        # A thousand usernames move on by one.
        names = [f"user{(number + 1) % 1000:05}" for number in range(1000)]
        renamed = [replace(one, username=name) for one, name in zip(given.people, names, strict=False)]
        moved = replace(given, people=(*renamed, *given.people[1000:]))

        assert self.statements_for(given) <= self.MOST[database]
        assert self.statements_for(given) <= 10
        assert self.statements_for(moved) <= self.MOST[database]

        assert Person.objects.filter(is_active=True).count() == 10_000
        assert Person.objects.get(employee_number="00999").username == "user00000"

    def statements_for(self, given: OrganizationSnapshot) -> int:
        count = 0

        def count_it(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*arguments)

        # Not CaptureQueriesContext: on SQLite it asks the database to write out every value.
        with connection.execute_wrapper(count_it):
            take_over(given)
        return count
