"""One proposal as everyone who may see it reads it: content, route, history, and what I may do now."""

from typing import Any

from rest_framework import serializers

from api.organization.models import Person
from api.proposals import attachments, outside, permissions, queries, rules
from api.proposals.models import Assignment, Proposal, Step
from api.proposals.states import (
    AssignmentState,
    Operation,
    ProposalState,
    Role,
    StepState,
    Verdict,
)
from api.rest import people
from api.rest.attachment_document import AttachmentDocument, attachment_document
from api.rest.endpoint import Output
from api.rest.inbox import TypeName
from api.rest.people import DepartmentRef, Name

ACTIONS = (
    Operation.EDIT,
    Operation.ATTACH,
    Operation.SUBMIT,
    Operation.WITHDRAW,
    Operation.PULL_BACK,
    Operation.COMMENT,
    Operation.CIRCULATE,
    Operation.ACKNOWLEDGE,
    Operation.COPY,
    Operation.APPROVE,
    Operation.RETURN,
    Operation.REJECT,
)


class DecisionDocument(Output):
    verdict = serializers.ChoiceField(choices=[v.value for v in Verdict])
    comment = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField()


class AssignmentDocument(Output):
    id = serializers.IntegerField()
    person = people.Name()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=[s.value for s in AssignmentState])
    asked_at = serializers.DateTimeField(allow_null=True)
    decision = DecisionDocument(allow_null=True)


class StepDocument(Output):
    id = serializers.IntegerField()
    order = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=[s.value for s in StepState])
    skip_reason = serializers.ChoiceField(choices=[r.value for r in rules.SkipReason], allow_null=True)
    needed = serializers.IntegerField()
    assignments = AssignmentDocument(many=True)


HISTORY = (
    "created",
    "submitted",
    "approved",
    "completed",
    "returned",
    "rejected",
    "withdrawn",
    "pulled_back",
    "commented",
    "circulated",
    "acknowledged",
    "attachment_added",
    "attachment_removed",
    "attachment_refused",
    "message_retried",
    "message_settled",
)
"""Kinds of audit events about a proposal."""


class HistoryEvent(Output):
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=HISTORY)
    person = people.Name()
    revision = serializers.IntegerField()
    comment = serializers.CharField(allow_blank=True)
    attachment = serializers.IntegerField(allow_null=True, help_text="Id of the file that was added, removed, refused.")
    viewer = serializers.IntegerField(allow_null=True, help_text="Id of the person it was circulated to.")


class CommentDocument(Output):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    person = people.Name()
    body = serializers.CharField()


class ViewerDocument(Output):
    """Someone it was circulated to (回覧)."""

    person = people.Name()
    added_by = people.Name()
    added_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True, help_text="When they said that they had seen it.")


class References(Output):
    """Names of what the content refers to by id."""

    people = Name(many=True)
    departments = DepartmentRef(many=True)


class MyAssignment(Output):
    id = serializers.IntegerField()
    step = serializers.IntegerField(help_text="Order of the step by which I am asked.")


class ProposalDocument(Output):
    id = serializers.IntegerField()
    type = TypeName()
    state = serializers.ChoiceField(choices=[s.value for s in ProposalState])
    title = serializers.CharField(allow_blank=True)
    amount = serializers.IntegerField(allow_null=True)
    decision_number = serializers.CharField(allow_null=True)
    applicant = people.PersonRef()
    post = serializers.IntegerField(help_text="Id of the post in which the applicant applies.")
    revision = serializers.IntegerField(help_text="0 before it was first submitted.")
    version = serializers.IntegerField(help_text="Counts edits; send it back with an edit.")
    content = serializers.JSONField()
    form = serializers.JSONField(help_text="JSON Schema of the content.")
    references = References()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    route = StepDocument(many=True)
    history = HistoryEvent(many=True)
    comments = CommentDocument(many=True)
    attachments = AttachmentDocument(
        many=True, help_text="Of the working copy for the applicant who is writing, of the latest revision for others."
    )
    viewers = ViewerDocument(many=True, help_text="Whom it was circulated to, in the order in which it was.")
    actions = serializers.ListField(child=serializers.ChoiceField(choices=[a.value for a in ACTIONS]))
    assignment = MyAssignment(allow_null=True)


def document(proposal_id: int, *, reader: Person) -> dict[str, Any]:
    """Return the document; raises `NoSuchProposal` where `reader` may not see it.

    The applicant of a draft or returned proposal reads the working copy, everyone else the latest revision.
    """
    proposal = queries.proposal_for(person=reader, proposal_id=proposal_id)
    mine = permissions.pending_assignment(reader, proposal)
    roles = permissions.roles_of(reader, proposal, is_asked=mine is not None)
    actions = [
        operation.value
        for operation in ACTIONS
        if permissions.denial_of(operation, proposal=proposal, roles=roles) is None
        and (operation is not Operation.ATTACH or outside.takes_attachments())
    ]
    revision = queries.latest_revision(proposal)
    is_writing = Role.APPLICANT in roles and Operation.EDIT in actions
    source = proposal if revision is None or is_writing else revision
    if revision is None or is_writing:
        found = attachments.working_copy(proposal)
    else:
        found = attachments.submitted_with(revision)
    form = source.form_version.schema
    history = queries.history_of(proposal)
    if Operation.PULL_BACK in actions and any(
        event.kind == "approved" and event.data.get("revision") == proposal.revision for event, _ in history
    ):
        actions.remove(Operation.PULL_BACK)
    viewers = queries.viewers_of(proposal)
    if any(row.person_id == reader.pk and row.seen_at is not None for row in viewers):
        actions.remove(Operation.ACKNOWLEDGE)
    return {
        "id": proposal.pk,
        "type": {"code": proposal.type.code, "name": proposal.type.name, "name_en": proposal.type.name_en},
        "state": proposal.state,
        "title": source.title,
        "amount": source.amount,
        "decision_number": proposal.decision_number,
        "applicant": people.name(proposal.applicant) | {"post": _post_name(proposal, revision, is_writing=is_writing)},
        "post": source.post_id,
        "revision": proposal.revision,
        "version": proposal.version,
        "content": source.content,
        "form": form,
        "references": {
            "people": [people.name(row) for row in queries.referenced_people(form, source.content)],
            "departments": [people.department(row) for row in queries.referenced_departments(form, source.content)],
        },
        "created_at": proposal.created_at,
        "updated_at": proposal.updated_at,
        "submitted_at": proposal.submitted_at,
        "decided_at": proposal.decided_at,
        "route": [] if revision is None else [_step(step) for step in queries.route_of(revision)],
        "history": [
            {
                "at": event.at,
                "kind": event.kind,
                "person": people.name(event.actor),
                "revision": event.data.get("revision", 0),
                "comment": words,
                "attachment": event.data.get("attachment_id"),
                "viewer": event.data.get("person_id"),
            }
            for event, words in history
            if event.actor is not None
        ],
        "comments": [
            {"id": row.pk, "at": row.at, "person": people.name(row.author), "body": row.body}
            for row in queries.comments_on(proposal)
        ],
        "attachments": [attachment_document(row) for row in found],
        "viewers": [
            {
                "person": people.name(row.person),
                "added_by": people.name(row.added_by),
                "added_at": row.added_at,
                "seen_at": row.seen_at,
            }
            for row in viewers
        ],
        "actions": actions,
        "assignment": None if mine is None else {"id": mine.pk, "step": mine.step.order},
    }


def _post_name(proposal: Proposal, revision: Any, *, is_writing: bool) -> dict[str, str]:
    if revision is not None and not is_writing:
        return {
            "title": revision.post_title,
            "department": revision.department_name,
            "department_en": revision.department_name_en,
        }
    post = proposal.post
    return {"title": post.title, "department": post.department.name, "department_en": post.department.name_en}


def _step(step: Step) -> dict[str, Any]:
    assignments = sorted(step.assignments.all(), key=lambda row: row.pk)
    return {
        "id": step.pk,
        "order": step.order,
        "name": step.name,
        "name_en": step.name_en,
        "state": step.state,
        "skip_reason": step.skip_reason or None,
        "needed": step.needed,
        "assignments": [_assignment(row) for row in assignments],
    }


def _assignment(row: Assignment) -> dict[str, Any]:
    decision = getattr(row, "decision", None)
    return {
        "id": row.pk,
        "person": people.name(row.person),
        "title": row.title,
        "state": row.state,
        "asked_at": row.asked_at,
        "decision": None
        if decision is None
        else {"verdict": decision.verdict, "comment": decision.comment, "decided_at": decision.decided_at},
    }
