"""What I was told, newest first."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.proposals import notices, queries
from api.proposals.models import NoticeKind
from api.rest.endpoint import LARGEST_ID, Endpoint, Input, Output, describe
from api.rest.pagination import PageQuery, cut, page


class NoticeDocument(Output):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=NoticeKind.values)
    at = serializers.DateTimeField()
    is_read = serializers.BooleanField()
    proposal = serializers.IntegerField()
    title = serializers.CharField()


class ReadNotices(Input):
    up_to = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, help_text="Id of the newest notice that was shown."
    )


class Unread(Output):
    unread = serializers.IntegerField(help_text="Counted up to 100.")


class NoticesEndpoint(Endpoint):
    @describe(
        "What I was told, newest first",
        query=PageQuery,
        answers={200: page(NoticeDocument, unread=serializers.IntegerField(help_text="Counted up to 100."))},
    )
    def get(self, request: Request, query: dict[str, Any]) -> Response:
        limit = query["limit"]
        rows = queries.notices_of(person=self.person, after=query.get("cursor"), limit=limit + 1)
        rows, next_ = cut(rows, limit, lambda row: (row["at"], row["id"]))
        return Response(
            {
                "results": [
                    {
                        "id": row["id"],
                        "kind": row["kind"],
                        "at": row["at"],
                        "is_read": row["read_at"] is not None,
                        "proposal": row["proposal_id"],
                        "title": row["title"],
                    }
                    for row in rows
                ],
                "next": next_,
                "unread": queries.unread_count(person=self.person),
            }
        )


class ReadNoticesEndpoint(Endpoint):
    @describe("Mark what I was told as read", body=ReadNotices, answers={200: Unread})
    def post(self, request: Request, data: dict[str, Any]) -> Response:
        notices.mark_read(by=self.person, at=timezone.now(), up_to=data["up_to"])
        return Response({"unread": queries.unread_count(person=self.person)})
