"""Write many rows without models: COPY on PostgreSQL, one prepared INSERT on SQLite."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

CHUNK = 20_000  # rows that are held before they are written


class RowWriter:
    """Collects rows for several tables and writes them in the order in which the tables were named.

    A row is a list of values in the order of `columns_of(model)`, as Python has them; JSON is given as its text.
    """

    def __init__(self, tables: Sequence[type[models.Model]]) -> None:
        self._rows: dict[type[models.Model], list[list[Any]]] = {model: [] for model in tables}
        self._count = 0

    def add(self, model: type[models.Model], row: list[Any]) -> None:
        self._rows[model].append(row)
        self._count += 1
        if self._count >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what is held. Call at the end, followed by `finish`."""
        for model, rows in self._rows.items():
            if rows:
                (_copy if connection.vendor == "postgresql" else _insert)(model, rows)
                rows.clear()
        self._count = 0

    def finish(self) -> None:
        """Write the rest, and let the database continue the keys where these rows end."""
        self.flush()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._rows)):
                cursor.execute(statement)


def columns_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the fields that are columns of the model's table, in the order of its rows here."""
    return list(model._meta.concrete_fields)


def _insert(model: type[models.Model], rows: list[list[Any]]) -> None:
    quote = connection.ops.quote_name
    columns = columns_of(model)
    for number, field in enumerate(columns):
        adapt = _SQLITE.get(type(field))
        if adapt:
            for row in rows:
                if row[number] is not None:
                    row[number] = adapt(row[number])
    names = ", ".join(quote(field.column) for field in columns)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})",  # noqa: S608  names of ours
            rows,
        )


def _utc(value: dt.datetime) -> str | None:
    return connection.ops.adapt_datetimefield_value(value)


# As Django stores them in SQLite: a time in UTC without saying so, a UUID without hyphens.
_SQLITE: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
    models.DateTimeField: _utc,
    models.UUIDField: lambda value: value.hex,
}


def _copy(model: type[models.Model], rows: list[list[Any]]) -> None:
    text = io.StringIO()
    # QUOTE_NOTNULL tells an empty text ("") from NULL (nothing), as COPY's CSV does.
    csv.writer(text, quoting=csv.QUOTE_NOTNULL).writerows(rows)
    text.seek(0)
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in columns_of(model))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN WITH (FORMAT csv)", text)
