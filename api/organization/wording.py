"""What people read about the organisation: problems with their remedies, columns, kinds of change."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.organization.difference import Kind, Scalar
from api.organization.models import Source
from api.organization.ports import BadLine, Noun, Problem

type Text = str | Promise

SHOWN = 60
"""Characters of a value that are shown; more tell nobody anything."""

NOUNS: dict[Noun, Text] = {
    Noun.DEPARTMENTS: _("departments"),
    Noun.PEOPLE: _("people"),
    Noun.POSTS: _("posts"),
}

KINDS: dict[Kind, Text] = {
    Kind.ADDED: _("added"),
    Kind.CHANGED: _("changed"),
    Kind.DEACTIVATED: _("deactivated"),
    Kind.REACTIVATED: _("active again"),
}

COLUMNS: dict[str, Text] = {
    "code": _("department code"),
    "name": _("department name"),
    "name_en": _("name in English"),
    "parent_code": _("code of the department above"),
    "valid_from": _("first day"),
    "valid_to": _("last day"),
    "employee_number": _("employee number"),
    "username": _("username"),
    "family_name": _("family name"),
    "given_name": _("given name"),
    "family_name_kana": _("family name in kana"),
    "given_name_kana": _("given name in kana"),
    "email": _("e-mail address"),
    "active": _("employed"),
    "department_code": _("department code"),
    "title_code": _("title code"),
    "title": _("title"),
    "rank": _("rank"),
    "primary": _("primary post"),
}
_COLUMN_OF_FIELD = {"is_active": "active", "is_primary": "primary"}


class Advice(NamedTuple):
    """What is wrong, and what to do about it. Both may name `{value}`, `{column}` and a problem's own values."""

    problem: Text
    remedy: Text


ADVICE: dict[Problem, Advice] = {
    Problem.FILE_NOT_FOUND: Advice(_("There is no such file."), _("Check the name and the folder.")),
    Problem.FILE_NOT_READABLE: Advice(
        _("The file cannot be read: {reason}"),
        _("Check that it is a file, and that the user who runs this command may read it."),
    ),
    Problem.FILE_EMPTY: Advice(_("The file is empty."), _("Export it again; its first line names the columns.")),
    Problem.FILE_WITHOUT_ROWS: Advice(
        _("The file names its columns and holds nothing else. Taking it over would deactivate everything."),
        _("Export it again with all rows."),
    ),
    Problem.FILE_IN_UTF16: Advice(
        _("The file is UTF-16 (what Excel calls Unicode text)."), _("Save it as CSV UTF-8 (comma delimited).")
    ),
    Problem.COLUMN_MISSING: Advice(
        _("The column {name} ({japanese}) is missing. Headers that mean nothing here: {unknown}"),
        _("Add the column, or correct its header. It must be there even where all its cells are empty."),
    ),
    Problem.COLUMN_DOUBLED: Advice(
        _("“{value}” means the same column as “{first}”."), _("Leave only one of the two in the file.")
    ),
    Problem.NOT_DECODABLE: Advice(
        _("The line cannot be read as {encoding}: “{value}”"),
        _("Export the whole file in one encoding, UTF-8 or CP932 (Shift_JIS as Windows writes it)."),
    ),
    Problem.BAD_QUOTES: Advice(
        _("A quotation mark begins here that is not closed, or other text follows it."),
        _("Put a cell with a comma, line break or quotation mark in quotation marks, and double those inside it."),
    ),
    Problem.TOO_MANY_CELLS: Advice(
        _("The line has {found} cells, the header {expected}. The first too many: “{value}”"),
        _("Put cells that hold a comma in quotation marks."),
    ),
    Problem.UNUSABLE_CHARACTER: Advice(
        _("“{value}” holds a character that other computers cannot show ({character})."),
        _("Replace it: characters of the company's own (gaiji), controls and � are not taken over."),
    ),
    Problem.NOT_A_DATE: Advice(_("“{value}” is no date of the calendar."), _("Write it as 2026-04-01 or 2026/4/1.")),
    Problem.NOT_YES_OR_NO: Advice(_("“{value}” is neither yes nor no."), _("Write 1 or 0, or ○ or ×.")),
    Problem.NOT_A_WHOLE_NUMBER: Advice(
        _("“{value}” is no whole number."), _("Write digits only, such as 50. A larger number is a higher rank.")
    ),
    Problem.EMPTY: Advice(_("The cell is empty."), _("Fill it in; this column is needed in every line.")),
    Problem.TOO_LONG: Advice(_("“{value}” has {length} characters."), _("Shorten it to {limit} characters or fewer.")),
    Problem.NUMBER_TOO_LARGE: Advice(_("{value} is too large."), _("Write a number up to {limit}.")),
    Problem.NOT_AN_EMAIL: Advice(
        _("“{value}” is no e-mail address."), _("Write one such as taro.tanaka@example.co.jp, or leave it empty.")
    ),
    Problem.DOUBLED: Advice(
        _("“{value}” is already in line {line}."), _("Remove one of the two lines, or correct its value.")
    ),
    Problem.TO_BEFORE_FROM: Advice(
        _("The last day {value} is before the first day {valid_from}."),
        _("Correct one of the two. Leave the last day empty where no end is known."),
    ),
    Problem.UNKNOWN_PARENT: Advice(
        _("No department has the code “{value}”."),
        _("Correct the code, add that department, or leave the cell empty for the top of the company."),
    ),
    Problem.CYCLE: Advice(
        _("These departments are above one another in a circle: {members}"),
        _("Correct the code of the department above in one of them."),
    ),
    Problem.UNKNOWN_PERSON: Advice(
        _("Nobody has the employee number “{value}”."), _("Correct the number, add the person, or remove the post.")
    ),
    Problem.UNKNOWN_DEPARTMENT: Advice(
        _("No department has the code “{value}”."), _("Correct the code, add the department, or remove the post.")
    ),
    Problem.TWO_PRIMARY_POSTS: Advice(
        _("The person {value} already has a primary post at that time, in line {line}."),
        _("Mark one post of a person as primary, or end the earlier one before this one begins."),
    ),
    Problem.PRIMARY_POST_ELSEWHERE: Advice(
        _("The person {value} already has a primary post at that time, {post}, which another source owns: {source}"),
        _("Do not mark this post as primary, or end the other one there."),
    ),
    Problem.POST_OVERLAPS: Advice(
        _("The person already has the same post at that time, in line {line}."),
        _("Remove one of the two lines, or end the earlier one before this one begins."),
    ),
    Problem.OWNED_BY_ANOTHER_SOURCE: Advice(
        _("“{value}” belongs to a row that another source owns: {source}"),
        _("Leave it out of the file, or change it there."),
    ),
    Problem.USERNAME_TAKEN: Advice(
        _("The username “{value}” belongs to the person {employee_number}, who is not in the file."),
        _("Give another username; or list that person too, not employed and with another username."),
    ),
}


def column_label(column: str) -> str:
    """Return a column's name in the active language and as the English header has it: `rank (rank)`, `職位 (rank)`."""
    return f"{COLUMNS[column]} ({column})"


def field_label(field: str) -> str:
    return str(COLUMNS[_COLUMN_OF_FIELD.get(field, field)])


def describe_problem(bad: BadLine) -> tuple[str, str]:
    """Return what is wrong and what to do about it, in the active language."""
    advice = ADVICE[bad.code]
    values = {name: shorten(str(value)) for name, value in bad.values.items()}
    if "source" in values:
        values["source"] = str(Source(values["source"]).label)
    values |= {"value": shorten(bad.value), "name": bad.column}
    return str(advice.problem).format(**values), str(advice.remedy).format(**values)


def shorten(value: str) -> str:
    """Return a value as it is shown, at most `SHOWN` characters of it."""
    return value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"


def describe_value(value: Scalar) -> str:
    """Return a field's value as it is shown in a list of changes."""
    match value:
        case None | "":
            return str(_("(empty)"))
        case bool():
            return str(_("yes") if value else _("no"))
        case dt.date():
            return value.isoformat()
    return shorten(str(value))
