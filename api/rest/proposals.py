"""Proposals: lists, drafts, and one proposal."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.organization.models import Person
from api.proposals import operations, permissions, queries
from api.proposals.states import ProposalState
from api.rest import people
from api.rest.endpoint import LARGEST_ID, Endpoint, Input, Output, describe
from api.rest.errors import Problem
from api.rest.inbox import TypeName
from api.rest.pagination import PageQuery, cut, page
from api.rest.proposal_document import ProposalDocument, document

SCOPES = ("mine", "decided", "circulated", "all")
DRAFT_PROBLEMS = ("form_invalid", "not_your_post")


class ProposalListQuery(PageQuery):
    scope = serializers.ChoiceField(choices=SCOPES, default="mine", help_text="`all` is for administrators.")
    state = serializers.ChoiceField(choices=[s.value for s in ProposalState], required=False)


class ProposalItem(Output):
    id = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    type = TypeName()
    state = serializers.ChoiceField(choices=[s.value for s in ProposalState])
    amount = serializers.IntegerField(allow_null=True)
    decision_number = serializers.CharField(allow_null=True)
    applicant = people.PersonRef()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    waiting_for = people.Name(many=True)


class NewProposal(Input):
    type = serializers.CharField(max_length=32, help_text="Code of the proposal type.")
    post = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="Id of one of my posts.")
    title = serializers.CharField(allow_blank=True, max_length=1000, default="")
    content = serializers.DictField(default=dict)
    key = serializers.UUIDField(
        required=False,
        help_text=(
            "Chosen by the page for this draft. Sent again with the same key, the draft is not made again: 200 answers "
            "it as it is, and nothing of what was sent is written."
        ),
    )


class EditedProposal(Input):
    version = serializers.IntegerField(min_value=1, help_text="`version` of the draft that was edited.")
    post = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    title = serializers.CharField(allow_blank=True, max_length=1000, required=False)
    content = serializers.DictField(required=False)


class ProposalsEndpoint(Endpoint):
    @describe(
        "Lists of proposals, newest first",
        query=ProposalListQuery,
        answers={200: page(ProposalItem)},
        problems=("forbidden",),
    )
    def get(self, request: Request, query: dict[str, Any]) -> Response:
        limit, reader = query["limit"], self.person
        rows = queries.page_of_proposals(
            _in_scope(query["scope"], reader),
            reader=reader,
            state=query.get("state"),
            after=query.get("cursor"),
            limit=limit + 1,
        )
        rows, next_ = cut(rows, limit, lambda row: (row["created_at"], row["id"]))
        waiting = queries.waiting_for([row["id"] for row in rows])
        return Response({"results": [_item(row, waiting.get(row["id"], [])) for row in rows], "next": next_})

    @describe(
        "Begin a proposal",
        body=NewProposal,
        answers={201: ProposalDocument, 200: ProposalDocument},
        problems=(*DRAFT_PROBLEMS, "no_such_type"),
    )
    def post(self, request: Request, data: dict[str, Any]) -> Response:
        saved = operations.save_first(
            key=data.get("key"),
            by=self.person,
            begin=lambda: operations.create_draft(
                type_code=data["type"],
                post_id=data["post"],
                title=data["title"],
                content=data["content"],
                by=self.person,
                at=timezone.now(),
            ),
        )
        return Response(document(saved.proposal.pk, reader=self.person), status=201 if saved.is_new else 200)


class ProposalEndpoint(Endpoint):
    @describe("One proposal", answers={200: ProposalDocument}, problems=("no_such_proposal",))
    def get(self, request: Request, proposal_id: int) -> Response:
        return Response(document(proposal_id, reader=self.person))

    @describe(
        "Edit a draft or a returned proposal",
        body=EditedProposal,
        answers={200: ProposalDocument},
        problems=(*DRAFT_PROBLEMS, "no_such_proposal", "not_allowed", "wrong_state", "stale_draft"),
    )
    def patch(self, request: Request, data: dict[str, Any], proposal_id: int) -> Response:
        operations.edit_draft(
            proposal_id=proposal_id,
            version=data["version"],
            by=self.person,
            at=timezone.now(),
            title=data.get("title"),
            post_id=data.get("post"),
            content=data.get("content"),
        )
        return Response(document(proposal_id, reader=self.person))


def _in_scope(scope: str, reader: Person) -> Any:
    if scope == "mine":
        return queries.proposals_of(applicant=reader)
    if scope == "decided":
        return queries.proposals_decided_by(person=reader)
    if scope == "circulated":
        return queries.proposals_circulated_to(person=reader)
    if not reader.is_administrator:
        raise Problem(
            403, "forbidden", _("Only administrators list all proposals. Use scope=mine, decided or circulated.")
        )
    return permissions.visible_to(reader)


def _item(row: dict[str, Any], waiting: list[dict[str, Any]]) -> dict[str, Any]:
    applicant = people.name_in_row(row, "applicant__", "applicant_id")
    if row["latest__post_title"] is None:
        title, department, department_en = "post__title", "post__department__name", "post__department__name_en"
    else:
        title, department, department_en = (
            "latest__post_title",
            "latest__department_name",
            "latest__department_name_en",
        )
    applicant["post"] = {"title": row[title], "department": row[department], "department_en": row[department_en]}
    return {
        "id": row["id"],
        "title": row["title"],
        "type": {"code": row["type__code"], "name": row["type__name"], "name_en": row["type__name_en"]},
        "state": row["state"],
        "amount": row["amount"],
        "decision_number": row["decision_number"],
        "applicant": applicant,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "submitted_at": row["submitted_at"],
        "waiting_for": [people.name_in_row(person, "person__", "person_id") for person in waiting],
    }
