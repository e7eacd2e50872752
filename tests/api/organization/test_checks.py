"""What a snapshot as a whole may not say."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.integrations.directory.csv_files import CsvFiles
from api.organization.checks import find_problems
from api.organization.models import Department, Person, Post, Source
from api.organization.ports import BadLine, DepartmentRecord, Noun, PersonRecord, Place, PostRecord, Problem
from api.organization.stored import Stored, load
from tests.api.organization.snapshots import APRIL, department, person, post, snapshot

EMPTY = Stored(departments={}, people={}, posts={})
BROKEN = Path(__file__).parents[1] / "integrations/directory/files/broken"


def problems_of(*records: DepartmentRecord | PersonRecord | PostRecord, stored: Stored = EMPTY) -> list[BadLine]:
    return list(find_problems(snapshot(*records), stored))


def one_problem_of(*records: DepartmentRecord | PersonRecord | PostRecord, stored: Stored = EMPTY) -> BadLine:
    (problem,) = problems_of(*records, stored=stored)
    return problem


class TestValues:
    @pytest.mark.parametrize(
        ("record", "column"),
        [
            (department(""), "code"),
            (department("1", name=""), "name"),
            (person(""), "employee_number"),
            (person("1", username=""), "username"),
            (person("1", family_name=""), "family_name"),
            (person("1", given_name=""), "given_name"),
        ],
    )
    def test_that_are_needed_may_not_be_empty(self, record: DepartmentRecord | PersonRecord, column: str) -> None:
        assert problems_of(record) == [BadLine(place=record.place, code=Problem.EMPTY, column=column)]

    @pytest.mark.parametrize("column", ["employee_number", "department_code", "title_code", "title"])
    def test_of_posts_that_are_needed_may_not_be_empty(self, column: str) -> None:
        empty: Any = {column: ""}
        record = replace(post("1", "1"), **empty)

        assert one_problem_of(department("1"), person("1"), record).column == column

    @pytest.mark.parametrize(
        ("record", "column", "limit"),
        [
            (department("1" * 33), "code", 32),
            (department("1", name="部" * 101), "name", 100),
            (person("1" * 33, username="a"), "employee_number", 32),
            (person("1", username="a" * 151), "username", 150),
            (person("1", family_name_kana="ア" * 51), "family_name_kana", 50),
            (person("1", email="a" * 64 + "@" + ".".join(["b" * 60] * 4) + ".example"), "email", 254),
        ],
    )
    def test_may_not_be_longer_than_they_can_be_kept(
        self, record: DepartmentRecord | PersonRecord, column: str, limit: int
    ) -> None:
        problem = problems_of(record)[0]

        assert (problem.code, problem.column, problem.values["limit"]) == (Problem.TOO_LONG, column, limit)
        assert problem.values["length"] == len(problem.value)

    def test_may_be_as_long_as_they_can_be_kept(self) -> None:
        assert problems_of(department("1" * 32, name="部" * 100), person("1", username="a" * 150)) == []

    @pytest.mark.parametrize("email", ["tanaka", "tanaka@", "た中@example", "a b@example.co.jp"])
    def test_of_e_mail_must_be_addresses(self, email: str) -> None:
        assert one_problem_of(person("1", email=email)).code is Problem.NOT_AN_EMAIL

    @pytest.mark.parametrize("rank", [2_147_483_648, -1])
    def test_of_rank_must_fit(self, rank: int) -> None:
        problem = one_problem_of(department("1"), person("1"), post("1", "1", rank=rank))

        assert (problem.code, problem.value) == (Problem.NUMBER_TOO_LARGE, str(rank))

    def test_of_validity_may_not_end_before_they_begin(self) -> None:
        yesterday = APRIL - dt.timedelta(days=1)

        problem = one_problem_of(department("1", valid_to=yesterday))

        assert (problem.code, problem.value, problem.values) == (
            Problem.TO_BEFORE_FROM,
            "2020-03-31",
            {"valid_from": "2020-04-01"},
        )
        assert problems_of(department("1", valid_to=APRIL)) == []


class TestDoubled:
    def test_codes_and_numbers_are_named_with_the_first_line(self) -> None:
        first, second = department("1"), department("1", name="another")

        assert one_problem_of(first, second) == BadLine(
            place=second.place,
            code=Problem.DOUBLED,
            column="code",
            value="1",
            values={"line": first.place.line or 0},
        )
        assert one_problem_of(person("1", username="a"), person("1", username="b")).column == "employee_number"

    def test_usernames_are_the_same_in_capitals(self) -> None:
        problem = one_problem_of(person("1", username="sato"), person("2", username="Sato"))

        assert (problem.code, problem.column, problem.value) == (Problem.DOUBLED, "username", "Sato")

    def test_posts_are_the_same_by_person_department_title_and_first_day(self) -> None:
        ground = department("1"), person("1")

        problem = one_problem_of(*ground, post("1", "1"), post("1", "1", rank=20, is_primary=False))

        assert problem.code is Problem.DOUBLED


class TestDepartments:
    def test_may_stand_in_any_order_and_below_several_roots(self) -> None:
        assert problems_of(department("3", "2"), department("2", "1"), department("1"), department("9")) == []

    def test_need_the_one_above(self) -> None:
        problem = one_problem_of(department("1"), department("2", "7"))

        assert (problem.code, problem.column, problem.value) == (Problem.UNKNOWN_PARENT, "parent_code", "7")

    def test_may_not_go_round_in_a_circle_and_all_members_are_named(self) -> None:
        first = department("2", "3")

        problem = one_problem_of(department("1"), first, department("3", "4"), department("4", "2"))

        assert problem == BadLine(
            place=first.place,
            code=Problem.CYCLE,
            column="parent_code",
            value="3",
            values={"members": "2 → 3 → 4 → 2"},
        )

    def test_that_lead_into_a_circle_are_not_members_of_it(self) -> None:
        problem = one_problem_of(department("1", "2"), department("2", "3"), department("3", "2"))

        assert problem.values == {"members": "2 → 3 → 2"}

    def test_may_not_be_above_themselves(self) -> None:
        assert one_problem_of(department("1", "1")).values == {"members": "1 → 1"}

    def test_are_each_reported_for_circles_of_their_own(self) -> None:
        circles = department("1", "2"), department("2", "1"), department("3", "4"), department("4", "3")

        assert [problem.values["members"] for problem in problems_of(*circles)] == ["1 → 2 → 1", "3 → 4 → 3"]


class TestPosts:
    def test_need_a_person_and_a_department(self) -> None:
        codes = [problem.code for problem in problems_of(department("1"), person("1"), post("2", "2"))]

        assert codes == [Problem.UNKNOWN_PERSON, Problem.UNKNOWN_DEPARTMENT]

    def test_of_lines_that_are_bad_themselves_are_not_called_posts_of_nobody(self) -> None:
        unread = {Noun.PEOPLE: frozenset({"2"}), Noun.DEPARTMENTS: frozenset({"2"})}

        assert find_problems(snapshot(post("2", "2"), department("3", "2"), unread=unread), EMPTY) == ()

    def test_are_not_held_against_a_file_that_cannot_be_read(self) -> None:
        incomplete = frozenset({Noun.PEOPLE, Noun.DEPARTMENTS})

        assert find_problems(snapshot(post("2", "2"), department("3", "2"), incomplete=incomplete), EMPTY) == ()

    def test_may_not_be_primary_twice_at_the_same_time(self) -> None:
        ground = department("1"), department("2"), person("1")
        first, second = post("1", "1"), post("1", "2", valid_from=dt.date(2025, 4, 1))

        problem = one_problem_of(*ground, first, second)

        assert (problem.code, problem.place, problem.values) == (
            Problem.TWO_PRIMARY_POSTS,
            second.place,
            {"line": first.place.line},
        )

    def test_may_be_primary_one_after_the_other(self) -> None:
        ground = department("1"), department("2"), person("1")
        until, since = dt.date(2025, 3, 31), dt.date(2025, 4, 1)

        assert problems_of(*ground, post("1", "1", valid_to=until), post("1", "2", valid_from=since)) == []

    def test_may_not_overlap_themselves(self) -> None:
        ground = department("1"), person("1")
        again = post("1", "1", valid_from=dt.date(2025, 4, 1), is_primary=False)

        assert one_problem_of(*ground, post("1", "1"), again).code is Problem.POST_OVERLAPS


@pytest.mark.django_db
class TestRowsOfAnotherSource:
    @pytest.fixture(autouse=True)
    def by_hand(self) -> None:
        root = Department.objects.create(code="R", name="本社", valid_from=APRIL)
        boss = Person.objects.create_user("boss", employee_number="B", family_name="上", given_name="司")
        Post.objects.create(
            person=boss,
            department=root,
            title_code="P",
            title="社長",
            rank=100,
            is_primary=True,
            valid_from=APRIL,
        )

    def test_may_be_referred_to(self) -> None:
        records = department("1", "R"), post("B", "1", is_primary=False)

        assert problems_of(*records, stored=load()) == []

    def test_may_not_be_referred_to_once_they_are_inactive(self) -> None:
        Person.objects.update(is_active=False)

        problem = one_problem_of(post("B", "R", is_primary=False), stored=load())

        assert problem.code is Problem.UNKNOWN_PERSON

    @pytest.mark.parametrize(
        ("record", "column"),
        [
            (department("R"), "code"),
            (person("B", username="x"), "employee_number"),
            (person("1", username="BOSS"), "username"),
            (post("B", "R", title_code="P", is_primary=False), "title_code"),
        ],
    )
    def test_may_not_be_stated_again(self, record: DepartmentRecord | PersonRecord | PostRecord, column: str) -> None:
        problem = one_problem_of(record, stored=load())

        assert (problem.code, problem.column) == (Problem.OWNED_BY_ANOTHER_SOURCE, column)
        assert problem.values["source"] == Source.MANUAL

    def test_count_when_primary_posts_are_counted(self) -> None:
        problem = one_problem_of(department("1"), post("B", "1"), stored=load())

        assert problem.code is Problem.PRIMARY_POST_ELSEWHERE
        assert problem.values == {"source": "manual", "post": "本社 社長"}

    def test_count_when_a_circle_is_looked_for(self) -> None:
        mine = Department.objects.create(code="1", name="部", valid_from=APRIL, source=Source.CSV)
        Department.objects.filter(code="R").update(parent=mine)

        assert one_problem_of(department("1", "R"), stored=load()).values == {"members": "R → 1 → R"}


@pytest.mark.django_db
class TestUsernames:
    @pytest.fixture(autouse=True)
    def imported(self) -> None:
        Person.objects.create_user(
            "sato", employee_number="1", family_name="佐", given_name="藤", source=Source.CSV, is_active=False
        )

    def test_of_those_who_left_stay_taken(self) -> None:
        problem = one_problem_of(person("2", username="sato"), stored=load())

        assert problem.code is Problem.USERNAME_TAKEN
        assert problem.values["employee_number"] == "1"

    def test_of_those_who_are_listed_with_another_are_free(self) -> None:
        records = person("1", username="sato-left", is_active=False), person("2", username="sato")

        assert problems_of(*records, stored=load()) == []

    @pytest.mark.parametrize("known", [{"unread": {Noun.PEOPLE: frozenset({"1"})}}, {"incomplete": {Noun.PEOPLE}}])
    def test_of_those_whose_line_cannot_be_read_are_not_called_taken(self, known: dict[str, Any]) -> None:
        assert find_problems(snapshot(person("2", username="sato"), **known), load()) == ()


class TestBrokenCompany:
    """A company with every kind of mistake: the complete report, in the order of files and lines."""

    EXPECTED = (
        ("departments.csv", 3, "parent_code", Problem.UNKNOWN_PARENT),
        ("departments.csv", 4, "parent_code", Problem.CYCLE),
        ("departments.csv", 7, "name", Problem.EMPTY),
        ("departments.csv", 8, "valid_from", Problem.NOT_A_DATE),
        ("departments.csv", 9, "valid_to", Problem.TO_BEFORE_FROM),
        ("departments.csv", 10, "code", Problem.DOUBLED),
        ("departments.csv", 11, "name", Problem.TOO_LONG),
        ("departments.csv", 12, "parent_code", Problem.CYCLE),
        ("departments.csv", 13, "valid_from", Problem.EMPTY),
        ("people.csv", 3, "username", Problem.DOUBLED),
        ("people.csv", 4, "employee_number", Problem.DOUBLED),
        ("people.csv", 5, "email", Problem.NOT_AN_EMAIL),
        ("people.csv", 6, "active", Problem.NOT_YES_OR_NO),
        ("people.csv", 7, "active", Problem.EMPTY),
        ("people.csv", 8, "", Problem.TOO_MANY_CELLS),
        ("people.csv", 9, "family_name", Problem.UNUSABLE_CHARACTER),
        ("posts.csv", 3, "primary", Problem.TWO_PRIMARY_POSTS),
        ("posts.csv", 4, "title_code", Problem.DOUBLED),
        ("posts.csv", 5, "valid_from", Problem.POST_OVERLAPS),
        ("posts.csv", 6, "employee_number", Problem.UNKNOWN_PERSON),
        ("posts.csv", 7, "department_code", Problem.UNKNOWN_DEPARTMENT),
        ("posts.csv", 8, "rank", Problem.NOT_A_WHOLE_NUMBER),
        ("posts.csv", 9, "rank", Problem.NOT_A_WHOLE_NUMBER),
        ("posts.csv", 10, "rank", Problem.NUMBER_TOO_LARGE),
        ("posts.csv", 11, "valid_from", Problem.NOT_A_DATE),
        ("posts.csv", 12, "valid_to", Problem.TO_BEFORE_FROM),
        ("posts.csv", 13, "primary", Problem.NOT_YES_OR_NO),
        ("posts.csv", 13, "valid_from", Problem.NOT_A_DATE),
        ("posts.csv", 13, "valid_to", Problem.NOT_A_DATE),
        ("posts.csv", 14, "title", Problem.EMPTY),
        ("posts.csv", 15, "", Problem.NOT_DECODABLE),
        ("posts.csv", 16, "", Problem.BAD_QUOTES),
        ("posts.csv", 17, "primary", Problem.TWO_PRIMARY_POSTS),
    )

    def test_is_reported_whole(self) -> None:
        files = CsvFiles(
            departments=BROKEN / "departments.csv", people=BROKEN / "people.csv", posts=BROKEN / "posts.csv"
        )

        problems = find_problems(files.read(), EMPTY)

        assert (
            tuple((Path(bad.place.file).name, bad.place.line, bad.column, bad.code) for bad in problems)
            == self.EXPECTED
        )

    def test_has_every_mistake_that_lines_alone_can_have(self) -> None:
        of_files = {code for code in Problem if code.startswith(("file_", "column_"))}
        with_stored_rows = {
            Problem.OWNED_BY_ANOTHER_SOURCE,
            Problem.USERNAME_TAKEN,
            Problem.PRIMARY_POST_ELSEWHERE,
        }

        assert {code for *_place, code in self.EXPECTED} == set(Problem) - of_files - with_stored_rows


def test_problems_are_in_the_order_of_files_and_lines() -> None:
    read = BadLine(place=Place("people.csv", 1), code=Problem.NOT_DECODABLE)
    records = department("1", "7"), person("", username=""), post("", "7")

    found = find_problems(snapshot(*records, problems=(read,)), EMPTY)

    assert [bad.place.file for bad in found] == [
        "departments.csv",
        "people.csv",
        "people.csv",
        "people.csv",
        "posts.csv",
        "posts.csv",
    ]
