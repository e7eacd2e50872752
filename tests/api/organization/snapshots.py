"""Snapshots as a directory source would give them, with only what a test is about."""

import datetime as dt
import itertools
from typing import Any

from api.organization.ports import (
    DepartmentRecord,
    OrganizationSnapshot,
    PersonRecord,
    Place,
    PostRecord,
)

APRIL = dt.date(2020, 4, 1)
_lines = itertools.count(2)


def department(code: str, parent: str = "", **fields: Any) -> DepartmentRecord:
    defaults: dict[str, Any] = {
        "place": Place("departments.csv", next(_lines)),
        "name": f"部署{code}",
        "name_en": "",
        "valid_from": APRIL,
        "valid_to": None,
    }
    return DepartmentRecord(code=code, parent_code=parent, **(defaults | fields))


def person(number: str, **fields: Any) -> PersonRecord:
    defaults: dict[str, Any] = {
        "place": Place("people.csv", next(_lines)),
        "username": f"user{number}",
        "family_name": "田中",
        "given_name": f"{number}郎",
        "family_name_kana": "タナカ",
        "given_name_kana": "",
        "name_en": "",
        "email": "",
        "is_active": True,
    }
    return PersonRecord(employee_number=number, **(defaults | fields))


def post(number: str, department_code: str, **fields: Any) -> PostRecord:
    defaults: dict[str, Any] = {
        "place": Place("posts.csv", next(_lines)),
        "title_code": "T010",
        "title": "社員",
        "rank": 10,
        "is_primary": True,
        "valid_from": APRIL,
        "valid_to": None,
    }
    return PostRecord(employee_number=number, department_code=department_code, **(defaults | fields))


def snapshot(*records: DepartmentRecord | PersonRecord | PostRecord, **fields: Any) -> OrganizationSnapshot:
    """Return a snapshot of these records in the order in which they are given."""
    return OrganizationSnapshot(
        **{"source": "csv"} | fields,
        departments=tuple(record for record in records if isinstance(record, DepartmentRecord)),
        people=tuple(record for record in records if isinstance(record, PersonRecord)),
        posts=tuple(record for record in records if isinstance(record, PostRecord)),
    )
