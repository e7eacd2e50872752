"""How people, posts and departments look in answers."""

from typing import Any

from rest_framework import serializers

from api.organization.models import Department, Person, Post
from api.rest.endpoint import Output


class Name(Output):
    """A person by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class PostName(Output):
    """A post as it was called when a proposal was submitted."""

    title = serializers.CharField()
    department = serializers.CharField()
    department_en = serializers.CharField(allow_blank=True)


class PersonRef(Name):
    post = PostName()


class DepartmentRef(Output):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class PostRef(Output):
    """One of a person's own posts."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    rank = serializers.IntegerField()
    is_primary = serializers.BooleanField()
    department = DepartmentRef()


def name(person: Person) -> dict[str, Any]:
    return {"id": person.pk, "name": person.name, "name_en": person.name_en}


def kana(person: Person) -> str:
    """Return the reading of the name, by which Japanese people sort."""
    return f"{person.family_name_kana} {person.given_name_kana}".strip()


def name_in_row(row: dict[str, Any], prefix: str, id_: str) -> dict[str, Any]:
    """Return a `Name` from a flat row whose columns begin with `prefix`."""
    return {
        "id": row[id_],
        "name": f"{row[prefix + 'family_name']} {row[prefix + 'given_name']}",
        "name_en": row[f"{prefix}name_en"],
    }


def department(row: Department) -> dict[str, Any]:
    return {"id": row.pk, "code": row.code, "name": row.name, "name_en": row.name_en}


def post(row: Post) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "rank": row.rank,
        "is_primary": row.is_primary,
        "department": department(row.department),
    }
