"""What a directory tells us, in plain data: the border between the organisation and the systems it comes from.

A source (CSV files of an HR system; later Active Directory) reads everything it can and reports everything it
cannot. Nothing here imports Django. Texts for people are made from the codes by `wording.py`.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Noun(enum.StrEnum):
    """The three kinds of rows, in the order in which they refer to one another."""

    DEPARTMENTS = "departments"
    PEOPLE = "people"
    POSTS = "posts"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: a file (or a directory's address) and a line, 1 being the first."""

    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRecord:
    """One department as the source states it; `parent_code` is empty for a root."""

    place: Place
    code: str
    name: str
    name_en: str
    parent_code: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """One person as the source states it."""

    place: Place
    employee_number: str
    username: str
    family_name: str
    given_name: str
    family_name_kana: str
    given_name_kana: str
    name_en: str
    email: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRecord:
    """One post as the source states it; a larger `rank` is higher."""

    place: Place
    employee_number: str
    department_code: str
    title_code: str
    title: str
    rank: int
    is_primary: bool
    valid_from: dt.date
    valid_to: dt.date | None


class Problem(enum.StrEnum):
    """Everything that can be wrong with what a source gives, as stable codes."""

    FILE_NOT_FOUND = "file_not_found"
    FILE_NOT_READABLE = "file_not_readable"
    FILE_EMPTY = "file_empty"
    FILE_WITHOUT_ROWS = "file_without_rows"
    FILE_IN_UTF16 = "file_in_utf16"
    COLUMN_MISSING = "column_missing"
    COLUMN_DOUBLED = "column_doubled"
    NOT_DECODABLE = "not_decodable"
    BAD_QUOTES = "bad_quotes"
    TOO_MANY_CELLS = "too_many_cells"
    UNUSABLE_CHARACTER = "unusable_character"
    NOT_A_DATE = "not_a_date"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NUMBER_TOO_LARGE = "number_too_large"
    NOT_AN_EMAIL = "not_an_email"
    DOUBLED = "doubled"
    TO_BEFORE_FROM = "to_before_from"
    UNKNOWN_PARENT = "unknown_parent"
    CYCLE = "cycle"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_DEPARTMENT = "unknown_department"
    TWO_PRIMARY_POSTS = "two_primary_posts"
    PRIMARY_POST_ELSEWHERE = "primary_post_elsewhere"
    POST_OVERLAPS = "post_overlaps"
    OWNED_BY_ANOTHER_SOURCE = "owned_by_another_source"
    USERNAME_TAKEN = "username_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """One thing that is wrong, where it is, and the value that is wrong.

    `column` is the English name of the column, empty when the whole line or file is meant. `values` holds what
    the sentence needs besides (another line's number, the largest length, ...).
    """

    place: Place
    code: Problem
    column: str = ""
    value: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)


class BadSnapshot(Exception):
    """A source cannot be taken over: every reason is in `problems`."""

    def __init__(self, problems: tuple[BadLine, ...]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems, the first: {problems[0]}")


@dataclass(frozen=True, slots=True)
class UnreadColumn:
    """A column of a file that means nothing to us; it is named to the reader, and nothing else is done."""

    file: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSnapshot:
    """The whole organisation as one source states it, with what could not be read.

    A line with a bad value is in `problems` instead of in its list. Its key is then in `unread`, so that other
    lines that refer to it are not called wrong as well; `incomplete` names the kinds where even keys are missing.
    """

    source: str
    departments: tuple[DepartmentRecord, ...]
    people: tuple[PersonRecord, ...]
    posts: tuple[PostRecord, ...]
    problems: tuple[BadLine, ...] = ()
    unread: Mapping[Noun, frozenset[str]] = field(default_factory=dict)
    incomplete: frozenset[Noun] = frozenset()
    unread_columns: tuple[UnreadColumn, ...] = ()


class DirectorySource(Protocol):
    """A system that knows the organisation."""

    def read(self) -> OrganizationSnapshot:
        """Return all departments, people and posts; what cannot be read is in the snapshot's `problems`."""
