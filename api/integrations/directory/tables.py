"""Read one CSV file into typed rows, and collect everything in it that cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from api.integrations.directory.cells import BadCell, Value, clean, find_unusable_character, parse
from api.integrations.directory.columns import COLUMNS, KEYS, Column, find_column
from api.integrations.directory.decoding import DecodedText, decode, is_utf16
from api.organization.ports import BadLine, Noun, Place, Problem, UnreadColumn

PROGRESS_STEP = 5000  # rows


class File(Protocol):
    """What holds a table: a `Path`, or a file that was sent. Its text is its name."""

    def read_bytes(self) -> bytes:
        """Return the whole content; raises `OSError`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One good line: where it begins, and a value for every column."""

    place: Place
    values: dict[str, Value]


@dataclass
class Table:
    """What a file holds. `unread_keys` are those of bad lines; `is_incomplete`: there are lines without even a key."""

    rows: list[Row] = field(default_factory=list)
    problems: list[BadLine] = field(default_factory=list)
    unread_keys: set[str] = field(default_factory=set)
    is_incomplete: bool = False
    unread_columns: list[UnreadColumn] = field(default_factory=list)


def read_table[F: File](path: F, noun: Noun, on_progress: Callable[[F, int], None]) -> Table:
    """Return all good rows of the file and all that is wrong with the others; never raises for what is in it."""
    table = Table()
    reader = _TableReader(path, noun, table)
    decoded = reader.load()
    header = None
    count = 0
    for line, end, cells in reader.split(decoded):
        if header is None:
            header = reader.read_header(line, cells)
            if header is None:
                break
            continue
        reader.read_row(header, line, end, cells)
        count += 1
        if count % PROGRESS_STEP == 0:
            on_progress(path, count)
    if not table.problems and not count:
        code = Problem.FILE_WITHOUT_ROWS if header else Problem.FILE_EMPTY
        reader.report(None, code)
    if header is None or not count:
        table.is_incomplete = True
    return table


class _TableReader:
    """The steps of reading one file, writing to one table."""

    def __init__(self, path: File, noun: Noun, table: Table) -> None:
        self._file = str(path)
        self._path = path
        self._noun = noun
        self._table = table
        self._bad_lines: frozenset[int] = frozenset()

    def report(self, line: int | None, code: Problem, column: str = "", value: str = "", **values: str | int) -> None:
        place = Place(self._file, line)
        self._table.problems.append(BadLine(place=place, code=code, column=column, value=value, values=values))

    def load(self) -> DecodedText:
        """Return the file's text, empty where there is none to be had; every line that is no text is reported."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            self.report(None, Problem.FILE_NOT_FOUND)
            data = b""
        except OSError as error:
            self.report(None, Problem.FILE_NOT_READABLE, reason=error.strerror or type(error).__name__)
            data = b""
        if is_utf16(data):
            self.report(None, Problem.FILE_IN_UTF16)
            data = b""
        decoded = decode(data)
        self._bad_lines = frozenset(decoded.bad_lines)
        if decoded.bad_lines:
            lines = list(io.StringIO(decoded.text, newline=""))
            for number in decoded.bad_lines:
                self.report(number, Problem.NOT_DECODABLE, value=lines[number - 1].rstrip(), encoding=decoded.encoding)
        return decoded

    def split(self, decoded: DecodedText) -> Iterator[tuple[int, int, list[str]]]:
        """Yield (first line, last line, cleaned cells) of every record that is not blank."""
        reader = csv.reader(io.StringIO(decoded.text, newline=""), strict=True)
        while True:
            first = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                # A quote that is never closed takes the rest of the file with it; the line it begins on is named.
                self.report(first, Problem.BAD_QUOTES)
                self._table.is_incomplete = True
                continue
            cleaned = [clean(cell) for cell in cells]
            if any(cleaned):
                yield first, reader.line_num, cleaned

    def read_header(self, line: int, cells: Sequence[str]) -> list[Column | None] | None:
        """Return the column of each cell (None: not one of ours), or None when the file cannot be read by it."""
        header = [find_column(self._noun, cell) for cell in cells]
        unknown = [cell for cell, column in zip(cells, header, strict=True) if cell and column is None]
        seen: dict[Column, str] = {}
        is_usable = True
        for cell, column in zip(cells, header, strict=True):
            if column in seen:
                self.report(line, Problem.COLUMN_DOUBLED, column.name, cell, first=seen[column])
                is_usable = False
            elif column:
                seen[column] = cell
        for column in COLUMNS[self._noun]:
            if column not in seen:
                self.report(
                    line,
                    Problem.COLUMN_MISSING,
                    column.name,
                    japanese=column.japanese[0],
                    unknown=", ".join(unknown) or "-",
                )
                is_usable = False
        if not is_usable:
            return None
        self._table.unread_columns += [UnreadColumn(self._file, cell) for cell in unknown]
        return header

    def read_row(self, header: list[Column | None], line: int, end: int, cells: list[str]) -> None:
        """Add the row to the table, or what is wrong with each of its cells."""
        values: dict[str, Value] = {}
        before = len(self._table.problems)
        if any(cells[len(header) :]):
            self.report(
                line,
                Problem.TOO_MANY_CELLS,
                value=", ".join(cells[len(header) :]),
                expected=len(header),
                found=len(cells),
            )
        # Programs leave out trailing empty cells.
        cells += [""] * (len(header) - len(cells))
        for column, cell in zip(header, cells, strict=False):
            if column:
                values[column.name] = self._read_cell(column, line, cell)
        is_bad = len(self._table.problems) > before
        if not self._bad_lines.isdisjoint(range(line, end + 1)):
            is_bad = True  # reported when the file was decoded
            self._table.is_incomplete = True
        if not is_bad:
            self._table.rows.append(Row(Place(self._file, line), values))
        elif self._noun in KEYS:
            self._table.unread_keys.add(str(values[KEYS[self._noun]]))

    def _read_cell(self, column: Column, line: int, cell: str) -> Value:
        unusable = find_unusable_character(cell)
        if unusable:
            self.report(line, Problem.UNUSABLE_CHARACTER, column.name, cell, character=f"U+{ord(unusable):04X}")
            return cell
        try:
            return parse(cell, column.kind)
        except BadCell as error:
            self.report(line, error.code, column.name, cell)
            return None
