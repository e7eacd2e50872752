"""The organisation from the three CSV files that an HR system exports.

docs/organization-files.md describes the files for those who make them.
"""

from __future__ import annotations

from collections.abc import Callable

from api.integrations.directory.tables import File, Table, read_table
from api.organization.ports import (
    DepartmentRecord,
    Noun,
    OrganizationSnapshot,
    PersonRecord,
    PostRecord,
)

# Where a record's field is named otherwise than the file's column.
_FIELDS = {"active": "is_active", "primary": "is_primary"}


class CsvFiles[F: File]:
    """The organisation as three CSV files state it: a `DirectorySource`.

    `on_progress` is called with a file and the number of rows read so far, every few thousand rows.
    """

    source = "csv"

    def __init__(
        self,
        *,
        departments: F,
        people: F,
        posts: F,
        on_progress: Callable[[F, int], None] = lambda _path, _rows: None,
    ) -> None:
        self._paths = {Noun.DEPARTMENTS: departments, Noun.PEOPLE: people, Noun.POSTS: posts}
        self._on_progress = on_progress

    def read(self) -> OrganizationSnapshot:
        """Return all good rows of the three files, with everything that cannot be read in `problems`."""
        tables = {noun: read_table(path, noun, self._on_progress) for noun, path in self._paths.items()}
        return OrganizationSnapshot(
            source=self.source,
            departments=_make_records(DepartmentRecord, tables[Noun.DEPARTMENTS]),
            people=_make_records(PersonRecord, tables[Noun.PEOPLE]),
            posts=_make_records(PostRecord, tables[Noun.POSTS]),
            problems=tuple(problem for table in tables.values() for problem in table.problems),
            unread={noun: frozenset(table.unread_keys) for noun, table in tables.items()},
            incomplete=frozenset(noun for noun, table in tables.items() if table.is_incomplete),
            unread_columns=tuple(column for table in tables.values() for column in table.unread_columns),
        )


def _make_records[Record](record: Callable[..., Record], table: Table) -> tuple[Record, ...]:
    return tuple(
        record(place=row.place, **{_FIELDS.get(name, name): value for name, value in row.values.items()})
        for row in table.rows
    )
