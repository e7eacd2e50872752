"""What waits for me."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.organization.models import Person
from api.proposals import queries
from api.rest import people
from api.rest.endpoint import Endpoint, Output, describe
from api.rest.pagination import PageQuery, cut, page


class TypeName(Output):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()


class StepName(Output):
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class WaitingProposal(Output):
    id = serializers.IntegerField()
    title = serializers.CharField()
    type = TypeName()
    amount = serializers.IntegerField(allow_null=True)
    submitted_at = serializers.DateTimeField()
    revision = serializers.IntegerField()
    applicant = people.PersonRef()


class InboxItem(Output):
    assignment_id = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    step = StepName()
    proposal = WaitingProposal()


class InboxEndpoint(Endpoint):
    @describe(
        "What waits for me, oldest first",
        query=PageQuery,
        answers={200: page(InboxItem, count=serializers.IntegerField(help_text="All that wait, counted up to 100."))},
    )
    def get(self, request: Request, query: dict[str, Any]) -> Response:
        limit = query["limit"]
        rows = queries.inbox(person=self.person, after=query.get("cursor"), limit=limit + 1)
        rows, next_ = cut(rows, limit, lambda row: (row["asked_at"], row["id"]))
        is_whole = next_ is None and "cursor" not in query
        count = len(rows) if is_whole else queries.inbox_count(person=self.person)
        return Response({"results": [inbox_item(row) for row in rows], "next": next_, "count": count})


def read_ahead() -> None:
    """Read nobody's inbox: Django then knows how to ask, and PostgreSQL's session the tables that are asked for."""
    queries.inbox(person=Person(pk=0), after=None, limit=1)


def inbox_item(row: dict[str, Any]) -> dict[str, Any]:
    """Return an `InboxItem` from a flat row of `queries.inbox`."""
    applicant = people.name_in_row(row, "proposal__applicant__", "proposal__applicant_id")
    applicant["post"] = {
        "title": row["step__revision__post_title"],
        "department": row["step__revision__department_name"],
        "department_en": row["step__revision__department_name_en"],
    }
    return {
        "assignment_id": row["id"],
        "asked_at": row["asked_at"],
        "step": {"name": row["step__name"], "name_en": row["step__name_en"]},
        "proposal": {
            "id": row["proposal_id"],
            "title": row["step__revision__title"],
            "type": {
                "code": row["proposal__type__code"],
                "name": row["proposal__type__name"],
                "name_en": row["proposal__type__name_en"],
            },
            "amount": row["step__revision__amount"],
            "submitted_at": row["step__revision__submitted_at"],
            "revision": row["step__revision__number"],
            "applicant": applicant,
        },
    }
