"""Circulate a proposal (回覧), and say that one has seen it."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.proposals import operations
from api.proposals.operations.circulation import MOST_VIEWERS
from api.rest.endpoint import LARGEST_ID, Endpoint, Input, describe
from api.rest.proposal_document import ProposalDocument, document

PROBLEMS = ("no_such_proposal", "not_allowed", "wrong_state")


class NewViewers(Input):
    people = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        min_length=1,
        max_length=MOST_VIEWERS,
        help_text="Ids of people; those it was circulated to already are left as they are.",
    )


class ViewersEndpoint(Endpoint):
    @describe(
        "Circulate to people who do not decide",
        body=NewViewers,
        answers={201: ProposalDocument},
        problems=(*PROBLEMS, "no_such_person", "applicant_sees_anyway", "too_many_viewers"),
    )
    def post(self, request: Request, data: dict[str, Any], proposal_id: int) -> Response:
        operations.circulate(proposal_id=proposal_id, people=data["people"], by=self.person, at=timezone.now())
        return Response(document(proposal_id, reader=self.person), status=201)


class SeenEndpoint(Endpoint):
    @describe("Say that I have seen what was circulated to me", answers={200: ProposalDocument}, problems=PROBLEMS)
    def post(self, request: Request, proposal_id: int) -> Response:
        operations.acknowledge(proposal_id=proposal_id, by=self.person, at=timezone.now())
        return Response(document(proposal_id, reader=self.person))
