"""What taking over a snapshot would change, as plain data."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.organization.models import Department, Person, Post
from api.organization.ports import DepartmentRecord, Noun, OrganizationSnapshot, PersonRecord, PostRecord
from api.organization.stored import Stored, key_of_record

type Scalar = str | int | bool | dt.date | None
type Key = Any
"""A department's code, a person's number, or a post's `PostKey`."""
type Record = DepartmentRecord | PersonRecord | PostRecord
type Row = Department | Person | Post


class Kind(enum.StrEnum):
    """What happens to one row."""

    ADDED = "added"
    CHANGED = "changed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"


# Fields a source owns beside the key. Passwords, language and administrator's rights are nobody's but ours.
OWNED: dict[Noun, tuple[str, ...]] = {
    Noun.DEPARTMENTS: ("name", "name_en", "parent_code", "valid_from", "valid_to"),
    Noun.PEOPLE: (
        "username",
        "family_name",
        "given_name",
        "family_name_kana",
        "given_name_kana",
        "name_en",
        "email",
    ),
    Noun.POSTS: ("title", "rank", "is_primary", "valid_to"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after."""

    name: str
    old: Scalar
    new: Scalar


@dataclass(frozen=True, slots=True)
class Change:
    """One row that changes. `label` is how a person knows the row: its code or number and its name."""

    noun: Noun
    kind: Kind
    key: Key
    label: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Rows of one kind that another source owns and that this snapshot says nothing about."""

    noun: Noun
    source: str
    count: int


@dataclass(frozen=True)
class Difference:
    """Everything a snapshot changes, in the order departments, people, posts and by key."""

    changes: tuple[Change, ...]
    left_alone: tuple[LeftAlone, ...]
    unchanged: Mapping[Noun, int]

    def of(self, noun: Noun, kind: Kind) -> list[Change]:
        """Return the changes of one kind to one kind of row."""
        return [change for change in self.changes if change.noun is noun and change.kind is kind]

    @property
    def leaving(self) -> int:
        """How many people it deactivates."""
        return len(self.of(Noun.PEOPLE, Kind.DEACTIVATED))

    def digest(self) -> str:
        """Return the SHA-256 (hex) of everything that changes: what was shown to somebody, and is then applied."""
        return hashlib.sha256(repr(self.changes).encode()).hexdigest()

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many rows change, `{"people": {"added": 3, "changed": 0, ...}, ...}`."""
        found = Counter((change.noun, change.kind) for change in self.changes)
        return {noun.value: {kind.value: found[noun, kind] for kind in Kind} for noun in Noun}


def compare(snapshot: OrganizationSnapshot, stored: Stored) -> Difference:
    """Return what the (checked) snapshot changes in the stored organisation."""
    labels = _Labels(snapshot, stored)
    changes: list[Change] = []
    unchanged: dict[Noun, int] = {}
    left_alone: list[LeftAlone] = []
    tables: tuple[tuple[Noun, Mapping[Key, Record], Mapping[Key, Row]], ...] = (
        (Noun.DEPARTMENTS, {record.code: record for record in snapshot.departments}, stored.departments),
        (Noun.PEOPLE, {record.employee_number: record for record in snapshot.people}, stored.people),
        (Noun.POSTS, {key_of_record(record): record for record in snapshot.posts}, stored.posts),
    )
    for noun, records, rows in tables:
        found = list(_changes(noun, records, rows, snapshot.source, labels))
        changes += sorted(found, key=lambda change: (list(Kind).index(change.kind), _sortable(change.key)))
        unchanged[noun] = len(records) - sum(change.key in records for change in found)
        others = Counter(row.source for row in rows.values() if row.source != snapshot.source and row.is_active)
        left_alone += [LeftAlone(noun, source, count) for source, count in sorted(others.items())]
    return Difference(tuple(changes), tuple(left_alone), unchanged)


def _sortable(key: Key) -> str:
    return key if isinstance(key, str) else " ".join(map(str, key))


def _changes(
    noun: Noun,
    records: Mapping[Key, Record],
    rows: Mapping[Key, Row],
    source: str,
    labels: _Labels,
) -> Iterator[Change]:
    for key, record in records.items():
        row = rows.get(key)
        label = labels.of(record)
        if row is None:
            yield Change(noun, Kind.ADDED, key, label)
            continue
        fields = tuple(
            FieldChange(name, old, new)
            for name in OWNED[noun]
            if (old := _stored_value(row, name)) != (new := getattr(record, name))
        )
        # A person may be listed as inactive; a department or a post that is listed exists.
        is_active = record.is_active if isinstance(record, PersonRecord) else True
        if is_active and not row.is_active:
            yield Change(noun, Kind.REACTIVATED, key, label, fields)
        elif row.is_active and not is_active:
            yield Change(noun, Kind.DEACTIVATED, key, label, fields)
        elif fields:
            yield Change(noun, Kind.CHANGED, key, label, fields)
    for key, row in rows.items():
        if key not in records and row.source == source and row.is_active:
            yield Change(noun, Kind.DEACTIVATED, key, labels.of(row))


def _stored_value(row: Row, name: str) -> Scalar:
    if name == "parent_code":
        return row.parent.code if isinstance(row, Department) and row.parent else ""
    value: Scalar = getattr(row, name)
    return value


class _Labels:
    """How people know rows: `D100 営業本部`, `000123 田中 太郎`, `000123 田中 太郎, 営業本部 課長 (2026-04-01–)`."""

    def __init__(self, snapshot: OrganizationSnapshot, stored: Stored) -> None:
        self._departments = {code: row.name for code, row in stored.departments.items()}
        self._departments |= {record.code: record.name for record in snapshot.departments}
        self._people = {number: row.name for number, row in stored.people.items()}
        self._people |= {
            record.employee_number: f"{record.family_name} {record.given_name}" for record in snapshot.people
        }

    def of(self, it: Record | Row) -> str:
        match it:
            case DepartmentRecord() | Department():
                return f"{it.code} {self._departments[it.code]}"
            case PersonRecord() | Person():
                return f"{it.employee_number} {self._people[it.employee_number]}"
            case PostRecord():
                number, department = it.employee_number, it.department_code
            case Post():
                number, department = it.person.employee_number, it.department.code
        days = f"{it.valid_from}–{it.valid_to or ''}"
        return f"{number} {self._people[number]}, {self._departments[department]} {it.title} ({days})"
