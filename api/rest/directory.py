"""Find people and departments, for the fields of a form that name one."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.organization import queries
from api.organization.models import Department, Person, Post
from api.rest import people
from api.rest.endpoint import Endpoint, Output, describe
from api.rest.pagination import CursorField, PageQuery, cut, page


class CurrentPost(Output):
    title = serializers.CharField()
    department = people.DepartmentRef()


class FoundPerson(people.Name):
    employee_number = serializers.CharField()
    kana = serializers.CharField(allow_blank=True)
    post = CurrentPost(allow_null=True)


class FoundDepartment(people.DepartmentRef):
    path = people.DepartmentRef(many=True, help_text="From the root to the department above this one.")


class PeopleQuery(PageQuery):
    q = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)
    cursor = CursorField(str, int)


class DepartmentsQuery(PageQuery):
    q = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)
    cursor = CursorField(str)


class PeopleEndpoint(Endpoint):
    @describe(
        "Find active people by name, reading, number or user name",
        query=PeopleQuery,
        answers={200: page(FoundPerson)},
    )
    def get(self, request: Request, query: dict[str, Any]) -> Response:
        limit = query["limit"]
        rows = queries.search_people(query["q"], limit=limit + 1, after=query.get("cursor"))
        rows, next_ = cut(rows, limit, lambda row: (row.sort_key, row.pk))
        posts = queries.chief_posts(rows, on=queries.company_date(timezone.now()))
        return Response({"results": [_person(row, posts.get(row.pk)) for row in rows], "next": next_})


class DepartmentsEndpoint(Endpoint):
    @describe("Find departments by code or name", query=DepartmentsQuery, answers={200: page(FoundDepartment)})
    def get(self, request: Request, query: dict[str, Any]) -> Response:
        limit, today = query["limit"], queries.company_date(timezone.now())
        (after,) = query.get("cursor", ("",))
        rows = queries.search_departments(query["q"], on=today, limit=limit + 1, after=after)
        rows, next_ = cut(rows, limit, lambda row: (row.code,))
        paths = queries.department_paths(rows)
        return Response({"results": [_department(row, paths[row.pk]) for row in rows], "next": next_})


def _person(person: Person, post: Post | None) -> dict[str, Any]:
    return people.name(person) | {
        "employee_number": person.employee_number,
        "kana": people.kana(person),
        "post": None if post is None else {"title": post.title, "department": people.department(post.department)},
    }


def _department(row: Department, path: list[Department]) -> dict[str, Any]:
    return people.department(row) | {"path": [people.department(above) for above in path[:-1]]}
