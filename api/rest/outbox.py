"""What could not be delivered to other systems: for administrators to see, retry, or settle by hand."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.proposals import operations, queries
from api.proposals.models import OutboxMessage, OutboxState
from api.rest.endpoint import Endpoint, Input, Output, describe
from api.rest.pagination import PageQuery, cut, page

PROBLEMS = ("administrators_only", "no_such_message", "not_dead")


class OutboxQuery(PageQuery):
    state = serializers.ChoiceField(choices=OutboxState.values, default=OutboxState.DEAD.value)


class MessageDocument(Output):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=OutboxState.values)
    proposal = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    attempts = serializers.IntegerField()
    next_attempt_at = serializers.DateTimeField()
    error = serializers.CharField(allow_blank=True, help_text="Kind of the last failure.")
    settlement = serializers.CharField(allow_blank=True)


class Settlement(Input):
    comment = serializers.CharField(allow_blank=True, max_length=4000, help_text="What was done by hand, and how.")


class OutboxEndpoint(Endpoint):
    @describe(
        "Messages to other systems, oldest first",
        query=OutboxQuery,
        answers={200: page(MessageDocument)},
        problems=("administrators_only",),
    )
    def get(self, request: Request, query: dict[str, Any]) -> Response:
        limit = query["limit"]
        rows = queries.outbox_messages(
            reader=self.person, state=query["state"], after=query.get("cursor"), limit=limit + 1
        )
        rows, next_ = cut(rows, limit, lambda row: (row.created_at, row.pk))
        return Response({"results": [_message(row) for row in rows], "next": next_})


class RetryEndpoint(Endpoint):
    @describe("Try a message again that was given up", answers={200: MessageDocument}, problems=PROBLEMS)
    def post(self, request: Request, message_id: int) -> Response:
        message = operations.retry_message(message_id=message_id, by=self.person, at=timezone.now())
        return Response(_message(message))


class SettleEndpoint(Endpoint):
    @describe(
        "Record that a message that was given up has been done by hand",
        body=Settlement,
        answers={200: MessageDocument},
        problems=(*PROBLEMS, "settlement_needed"),
    )
    def post(self, request: Request, data: dict[str, Any], message_id: int) -> Response:
        message = operations.settle_message(
            message_id=message_id, comment=data["comment"], by=self.person, at=timezone.now()
        )
        return Response(_message(message))


def _message(message: OutboxMessage) -> dict[str, Any]:
    return {
        "id": message.pk,
        "kind": message.kind,
        "state": message.state,
        "proposal": message.proposal_id,
        "created_at": message.created_at,
        "attempts": message.attempts,
        "next_attempt_at": message.next_attempt_at,
        "error": message.error,
        "settlement": message.settlement,
    }
