"""What a person does to a proposal: one address an action, each answering the proposal as it then is."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.organization.models import Person
from api.proposals import operations, permissions, queries, rules
from api.proposals.states import Operation, Verdict
from api.rest import people
from api.rest.endpoint import Endpoint, Input, Output, describe
from api.rest.proposal_document import ProposalDocument, document

CHANGE_PROBLEMS = ("no_such_proposal", "not_allowed", "wrong_state")
LONGEST_COMMENT = 4000


class Submission(Input):
    version = serializers.IntegerField(min_value=1, help_text="`version` of the draft that is submitted.")


class OptionalComment(Input):
    comment = serializers.CharField(allow_blank=True, max_length=LONGEST_COMMENT, default="")


class NewComment(Input):
    body = serializers.CharField(allow_blank=True, max_length=LONGEST_COMMENT)


class NewDecision(Input):
    verdict = serializers.ChoiceField(choices=[v.value for v in Verdict])
    revision = serializers.IntegerField(min_value=1, help_text="The revision that was read.")
    comment = serializers.CharField(allow_blank=True, max_length=LONGEST_COMMENT, default="")


class PlannedHolder(Output):
    person = people.Name()
    title = serializers.CharField()


class PlannedStepDocument(Output):
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    needed = serializers.IntegerField()
    skip_reason = serializers.ChoiceField(choices=[r.value for r in rules.SkipReason], allow_null=True)
    asked = PlannedHolder(many=True)


class RoutePreview(Output):
    steps = PlannedStepDocument(many=True)


class RoutePreviewEndpoint(Endpoint):
    @describe(
        "Who would be asked if the saved draft were submitted now",
        answers={200: RoutePreview},
        problems=(*CHANGE_PROBLEMS, "route_empty", "not_your_post"),
    )
    def get(self, request: Request, proposal_id: int) -> Response:
        proposal = queries.proposal_for(person=self.person, proposal_id=proposal_id)
        roles = permissions.roles_of(self.person, proposal, is_asked=False)
        denial = permissions.denial_of(Operation.SUBMIT, proposal=proposal, roles=roles)
        if denial is not None:
            raise denial
        _route, plan = operations.plan_route(proposal=proposal, at=timezone.now())
        asked = Person.objects.in_bulk([holder.person_id for step in plan.steps for holder in step.asked])
        return Response(
            {
                "steps": [
                    {
                        "name": step.name,
                        "name_en": step.name_en,
                        "needed": step.needed,
                        "skip_reason": step.skip_reason,
                        "asked": [
                            {"person": people.name(asked[holder.person_id]), "title": holder.title}
                            for holder in step.asked
                        ],
                    }
                    for step in plan.steps
                ]
            }
        )


class SubmitEndpoint(Endpoint):
    @describe(
        "Submit",
        body=Submission,
        answers={200: ProposalDocument},
        problems=(
            *CHANGE_PROBLEMS,
            "stale_draft",
            "form_invalid",
            "not_your_post",
            "route_empty",
            "attachments_unfinished",
        ),
    )
    def post(self, request: Request, data: dict[str, Any], proposal_id: int) -> Response:
        operations.submit(proposal_id=proposal_id, version=data["version"], by=self.person, at=timezone.now())
        return Response(document(proposal_id, reader=self.person))


class WithdrawEndpoint(Endpoint):
    @describe("Withdraw for good", body=OptionalComment, answers={200: ProposalDocument}, problems=CHANGE_PROBLEMS)
    def post(self, request: Request, data: dict[str, Any], proposal_id: int) -> Response:
        operations.withdraw(proposal_id=proposal_id, by=self.person, at=timezone.now(), comment=data["comment"])
        return Response(document(proposal_id, reader=self.person))


class PullBackEndpoint(Endpoint):
    @describe(
        "Pull back to draft, before anyone decided",
        answers={200: ProposalDocument},
        problems=(*CHANGE_PROBLEMS, "decisions_made"),
    )
    def post(self, request: Request, proposal_id: int) -> Response:
        operations.pull_back(proposal_id=proposal_id, by=self.person, at=timezone.now())
        return Response(document(proposal_id, reader=self.person))


class CommentsEndpoint(Endpoint):
    @describe(
        "Comment",
        body=NewComment,
        answers={201: ProposalDocument},
        problems=(*CHANGE_PROBLEMS, "comment_needed"),
    )
    def post(self, request: Request, data: dict[str, Any], proposal_id: int) -> Response:
        operations.comment(proposal_id=proposal_id, body=data["body"], by=self.person, at=timezone.now())
        return Response(document(proposal_id, reader=self.person), status=201)


class DecisionEndpoint(Endpoint):
    @describe(
        "Approve, return or reject",
        body=NewDecision,
        answers={200: ProposalDocument},
        problems=(
            "no_such_assignment",
            "no_such_proposal",
            "wrong_state",
            "already_decided",
            "stale_revision",
            "comment_needed",
        ),
    )
    def post(self, request: Request, data: dict[str, Any], assignment_id: int) -> Response:
        proposal = operations.decide(
            assignment_id=assignment_id,
            verdict=Verdict(data["verdict"]),
            revision=data["revision"],
            by=self.person,
            at=timezone.now(),
            comment=data["comment"],
        )
        return Response(document(proposal.pk, reader=self.person))
