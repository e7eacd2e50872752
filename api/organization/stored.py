"""The organisation as the database has it, by the keys that sources know."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from api.organization.models import Department, Person, Post
from api.organization.ports import PostRecord

type PostKey = tuple[str, str, str, dt.date]
"""Employee number, department code, title code, first day."""


@dataclass(frozen=True)
class Stored:
    """All rows, inactive ones included."""

    departments: dict[str, Department]
    people: dict[str, Person]
    posts: dict[PostKey, Post]


def load() -> Stored:
    """Read all rows, one statement a table."""
    departments = {department.pk: department for department in Department.objects.order_by("code")}
    people = {person.pk: person for person in Person.objects.order_by("employee_number")}
    posts: dict[PostKey, Post] = {}
    for post in Post.objects.order_by("pk"):
        # Set from what is read already, so that following the relation asks the database for nothing.
        post.person = people[post.person_id]
        post.department = departments[post.department_id]
        posts[key_of_post(post)] = post
    for department in departments.values():
        department.parent = departments[department.parent_id] if department.parent_id else None
    return Stored(
        departments={department.code: department for department in departments.values()},
        people={person.employee_number: person for person in people.values()},
        posts=posts,
    )


def key_of_post(post: Post) -> PostKey:
    return (post.person.employee_number, post.department.code, post.title_code, post.valid_from)


def key_of_record(record: PostRecord) -> PostKey:
    return (record.employee_number, record.department_code, record.title_code, record.valid_from)
