"""Read one cell of a CSV file."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable

from api.integrations.directory.columns import NO, YES, Kind
from api.organization.ports import Problem

type Value = str | int | bool | dt.date | None

_DATE = re.compile(r"([0-9]{4})(-|/)([0-9]{1,2})\2([0-9]{1,2})")
_BLANKS = re.compile(r"[\r\n\t]+")
_LOST = "\N{REPLACEMENT CHARACTER}"


class BadCell(ValueError):
    """A cell's text does not mean a value of its kind; `code` says what it is not."""

    def __init__(self, code: Problem) -> None:
        self.code = code
        super().__init__(code)


def clean(cell: str) -> str:
    """Return the cell without surrounding blanks of any width; line breaks and tabs inside become one space."""
    return _BLANKS.sub(" ", cell.strip())


def find_unusable_character(text: str) -> str | None:
    """Return the first control, character of a company's own (外字) or mark of a lost one (U+FFFD), or None."""
    if text.isprintable() and _LOST not in text:
        return None
    # Cc control, Co private use, Cn unassigned. Cf (joiners, variation marks) and blanks are text.
    wrong = {"Cc", "Co", "Cn"}
    return next((one for one in text if one == _LOST or unicodedata.category(one) in wrong), None)


def parse(cell: str, kind: Kind) -> Value:
    """Return the value of a cleaned cell; raises `BadCell`. Full-width digits are digits."""
    if kind is Kind.TEXT:
        return cell
    plain = unicodedata.normalize("NFKC", cell)
    if kind is Kind.NORMALIZED_TEXT:
        return plain
    if plain:
        return _PARSERS[kind](plain)
    if kind in _WHERE_EMPTY:
        return _WHERE_EMPTY[kind]
    raise BadCell(Problem.EMPTY)


def _parse_date(plain: str) -> dt.date:
    match = _DATE.fullmatch(plain)
    try:
        if match:
            return dt.date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        pass  # 2026-02-30 has the form of a date and is none
    raise BadCell(Problem.NOT_A_DATE)


def _parse_yes_no(plain: str) -> bool:
    word = plain.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadCell(Problem.NOT_YES_OR_NO)


def _parse_whole_number(plain: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", plain):
        raise BadCell(Problem.NOT_A_WHOLE_NUMBER)
    return int(plain)


_PARSERS: dict[Kind, Callable[[str], Value]] = {
    Kind.DATE: _parse_date,
    Kind.OPEN_DATE: _parse_date,
    Kind.YES_NO: _parse_yes_no,
    Kind.MARK: _parse_yes_no,
    Kind.WHOLE_NUMBER: _parse_whole_number,
}
_WHERE_EMPTY: dict[Kind, Value] = {Kind.OPEN_DATE: None, Kind.MARK: False}
