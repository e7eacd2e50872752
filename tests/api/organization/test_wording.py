"""Every problem and every change can be told, in both languages."""

import datetime as dt
import string

import pytest
from django.utils import translation

from api.integrations.directory.columns import COLUMNS as FILE_COLUMNS
from api.integrations.directory.columns import Column
from api.organization import wording
from api.organization.difference import OWNED, Kind, Scalar
from api.organization.ports import BadLine, Noun, Place, Problem

# What each problem's sentences may name besides the value and the column.
VALUES: dict[Problem, set[str]] = {
    Problem.FILE_NOT_READABLE: {"reason"},
    Problem.COLUMN_MISSING: {"japanese", "unknown"},
    Problem.COLUMN_DOUBLED: {"first"},
    Problem.NOT_DECODABLE: {"encoding"},
    Problem.TOO_MANY_CELLS: {"expected", "found"},
    Problem.UNUSABLE_CHARACTER: {"character"},
    Problem.TOO_LONG: {"limit", "length"},
    Problem.NUMBER_TOO_LARGE: {"limit"},
    Problem.DOUBLED: {"line"},
    Problem.TO_BEFORE_FROM: {"valid_from"},
    Problem.CYCLE: {"members"},
    Problem.TWO_PRIMARY_POSTS: {"line"},
    Problem.PRIMARY_POST_ELSEWHERE: {"source", "post"},
    Problem.POST_OVERLAPS: {"line"},
    Problem.OWNED_BY_ANOTHER_SOURCE: {"source", "employee_number"},
    Problem.USERNAME_TAKEN: {"source", "employee_number"},
}


def bad_line(code: Problem, value: str = "値") -> BadLine:
    values = {name: "manual" if name == "source" else f"<{name}>" for name in VALUES.get(code, ())}
    return BadLine(place=Place("f.csv", 2), code=code, column="rank", value=value, values=values)


class TestDescribeProblem:
    def test_knows_every_problem(self) -> None:
        assert set(wording.ADVICE) == set(Problem)

    @pytest.mark.parametrize("language", ["ja", "en"])
    @pytest.mark.parametrize("code", list(Problem))
    def test_fills_in_all_its_values(self, code: Problem, language: str) -> None:
        with translation.override(language):
            problem, remedy = wording.describe_problem(bad_line(code))

        assert "{" not in problem + remedy
        assert remedy.endswith(("。", "."))

    @pytest.mark.parametrize("code", list(Problem))
    def test_says_it_in_japanese(self, code: Problem) -> None:
        with translation.override("en"):
            english = wording.describe_problem(bad_line(code))
        with translation.override("ja"):
            japanese = wording.describe_problem(bad_line(code))

        assert all(one != other for one, other in zip(english, japanese, strict=True))

    def test_names_another_source_in_words(self) -> None:
        with translation.override("ja"):
            problem, _remedy = wording.describe_problem(bad_line(Problem.OWNED_BY_ANOTHER_SOURCE))

        assert problem == "「値」は別の管理元（手入力）のデータです。"

    def test_shortens_long_values(self) -> None:
        with translation.override("en"):
            problem, _remedy = wording.describe_problem(bad_line(Problem.NOT_A_DATE, "x" * 500))

        assert problem == f"“{'x' * 59}…” is no date of the calendar."

    def test_is_not_confused_by_braces_in_a_value(self) -> None:
        with translation.override("en"):
            problem, _remedy = wording.describe_problem(bad_line(Problem.NOT_A_DATE, "{0}"))

        assert problem == "“{0}” is no date of the calendar."


class TestLabels:
    @pytest.mark.parametrize(
        "column", [column for columns in FILE_COLUMNS.values() for column in columns], ids=lambda column: column.name
    )
    def test_of_columns_are_their_japanese_headers(self, column: Column) -> None:
        with translation.override("ja"):
            label = wording.column_label(column.name)

        # One label serves departments and people, whose headers for the English name differ.
        assert label == f"{column.japanese[0]} ({column.name})" or column.name == "name_en"

    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_there_are_for_every_field_noun_and_kind(self, language: str) -> None:
        with translation.override(language):
            fields = [wording.field_label(name) for names in OWNED.values() for name in names]
            others = [*map(str, wording.NOUNS.values()), *map(str, wording.KINDS.values())]

        assert all(fields)
        assert all(others)
        assert set(wording.NOUNS) == set(Noun)
        assert set(wording.KINDS) == set(Kind)


class TestDescribeValue:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (None, "(empty)"),
            ("", "(empty)"),
            (True, "yes"),
            (False, "no"),
            (0, "0"),
            (dt.date(2026, 4, 1), "2026-04-01"),
            ("営業部", "営業部"),
        ],
    )
    def test_shows_it_as_people_read_it(self, value: Scalar, shown: str) -> None:
        with translation.override("en"):
            assert wording.describe_value(value) == shown


def test_placeholders_of_all_sentences_are_known() -> None:
    for code, advice in wording.ADVICE.items():
        for sentence in advice:
            named = {name for _text, name, *_rest in string.Formatter().parse(str(sentence)) if name}
            assert named <= VALUES.get(code, set()) | {"value", "name"}, code
