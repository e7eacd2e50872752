"""Everything that is read of proposals. Lists are pages by key (created_at or asked_at, and id), never by offset."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from api.organization.models import Department, Person
from api.proposals import forms, permissions
from api.proposals.errors import AdministratorsOnly, NoSuchProposal
from api.proposals.models import (
    Assignment,
    AuditEvent,
    Comment,
    Decision,
    FormVersion,
    Notice,
    OutboxMessage,
    Proposal,
    Revision,
    Step,
    Viewer,
)
from api.proposals.states import AssignmentState, ProposalState

type Row = dict[str, Any]
"""Flat columns of one row, named as Django names them across relations."""

type Key = tuple[dt.datetime, int]
"""Position in a list: the time it is ordered by, and the id that breaks ties.

What comes after it is written as `time <= at AND (time < at OR id < id_)`: an index can begin at the first condition,
while PostgreSQL reads all that comes before for `time < at OR (time = at AND id < id_)`.
"""

INBOX_COUNT_LIMIT = 100
WRITTEN = (ProposalState.DRAFT, ProposalState.RETURNED)
"""States in which the applicant has a working copy that others do not see."""


def inbox(*, person: Person, after: Key | None, limit: int) -> list[Row]:
    """Return what waits for `person`, oldest first: at most `limit` flat rows after the key (asked_at, id)."""
    waiting = Assignment.objects.filter(person=person, state=AssignmentState.PENDING)
    if after is not None:
        at, id_ = after
        waiting = waiting.filter(Q(asked_at__gte=at) & (Q(asked_at__gt=at) | Q(id__gt=id_)))
    return _rows(
        waiting.order_by("asked_at", "id").values(
            "id",
            "asked_at",
            "proposal_id",
            "step__name",
            "step__name_en",
            "step__revision__number",
            "step__revision__title",
            "step__revision__amount",
            "step__revision__submitted_at",
            "step__revision__post_title",
            "step__revision__department_name",
            "step__revision__department_name_en",
            "proposal__type__code",
            "proposal__type__name",
            "proposal__type__name_en",
            "proposal__applicant_id",
            "proposal__applicant__family_name",
            "proposal__applicant__given_name",
            "proposal__applicant__name_en",
        )[:limit]
    )


def inbox_count(*, person: Person) -> int:
    """Return how many proposals wait for `person`, counted up to `INBOX_COUNT_LIMIT`."""
    waiting = Assignment.objects.filter(person=person, state=AssignmentState.PENDING)
    return waiting.values("id")[:INBOX_COUNT_LIMIT].count()


def proposals_of(*, applicant: Person) -> QuerySet[Proposal]:
    """Select what a person proposed."""
    return Proposal.objects.filter(applicant=applicant)


def proposals_decided_by(*, person: Person) -> QuerySet[Proposal]:
    """Select what a person decided on."""
    decided = Decision.objects.filter(decided_by=person).values("assignment__proposal")
    return Proposal.objects.filter(pk__in=decided)


def proposals_circulated_to(*, person: Person) -> QuerySet[Proposal]:
    """Select what was circulated to a person."""
    circulated = Viewer.objects.filter(person=person).values("proposal")
    return Proposal.objects.filter(pk__in=circulated, revision__gt=0)


def page_of_proposals(
    proposals: QuerySet[Proposal],
    *,
    reader: Person,
    state: ProposalState | None,
    after: Key | None,
    limit: int,
) -> list[Row]:
    """Return at most `limit` flat rows after the key (created_at, id), newest first.

    `title` and `amount` are the working copy for the applicant while it can be edited, else the latest revision's.
    """
    if state is not None:
        proposals = proposals.filter(state=state)
    if after is not None:
        at, id_ = after
        proposals = proposals.filter(Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(id__lt=id_)))
    rows = _rows(
        proposals.annotate(latest=FilteredRelation("revisions", condition=Q(revisions__number=F("revision"))))
        .order_by("-created_at", "-id")
        .values(
            "id",
            "state",
            "title",
            "amount",
            "decision_number",
            "created_at",
            "updated_at",
            "submitted_at",
            "applicant_id",
            "applicant__family_name",
            "applicant__given_name",
            "applicant__name_en",
            "type__code",
            "type__name",
            "type__name_en",
            "latest__title",
            "latest__amount",
            "latest__post_title",
            "latest__department_name",
            "latest__department_name_en",
            "post__title",
            "post__department__name",
            "post__department__name_en",
        )[:limit]
    )
    for row in rows:
        is_writing = row["applicant_id"] == reader.pk and row["state"] in WRITTEN
        if row["latest__title"] is not None and not is_writing:
            row["title"], row["amount"] = row["latest__title"], row["latest__amount"]
    return rows


def waiting_for(proposal_ids: Iterable[int]) -> dict[int, list[Row]]:
    """Return, by proposal, the people it waits for now."""
    rows = _rows(
        Assignment.objects.filter(proposal__in=proposal_ids, state=AssignmentState.PENDING)
        .order_by("id")
        .values("proposal_id", "person_id", "person__family_name", "person__given_name", "person__name_en")
    )
    result: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        result[row["proposal_id"]].append(row)
    return result


def proposal_for(*, person: Person, proposal_id: int) -> Proposal:
    """Return one proposal that `person` may see; raises `NoSuchProposal` otherwise."""
    proposal = (
        permissions.visible_to(person)
        .filter(pk=proposal_id)
        .select_related("type", "form_version", "applicant", "post__department")
        .first()
    )
    if proposal is None:
        raise NoSuchProposal(proposal=proposal_id)
    return proposal


def latest_revision(proposal: Proposal) -> Revision | None:
    """Return what was submitted last, with its form; None for a draft that never was."""
    return Revision.objects.filter(proposal=proposal, number=proposal.revision).select_related("form_version").first()


def route_of(revision: Revision) -> list[Step]:
    """Return the steps of a revision in order, with assignments, people and decisions loaded."""
    asked = "assignments__person", "assignments__decision"
    return list(
        Step.objects.filter(revision=revision).order_by("order").select_related("department").prefetch_related(*asked)
    )


def history_of(proposal: Proposal) -> list[tuple[AuditEvent, str]]:
    """Return what happened, oldest first: each audit event with the words that came with it ("" where none)."""
    events = list(AuditEvent.objects.filter(proposal=proposal).select_related("actor").order_by("sequence"))
    decisions = dict(Decision.objects.filter(assignment__proposal=proposal).values_list("pk", "comment"))
    comments = dict(Comment.objects.filter(proposal=proposal).values_list("pk", "body"))
    return [
        (event, decisions.get(event.data.get("decision_id"), "") or comments.get(event.data.get("comment_id"), ""))
        for event in events
    ]


def comments_on(proposal: Proposal) -> list[Comment]:
    """Return the comments, oldest first."""
    return list(Comment.objects.filter(proposal=proposal).select_related("author").order_by("at", "id"))


def viewers_of(proposal: Proposal) -> list[Viewer]:
    """Return whom a proposal was circulated to, in the order in which it was."""
    return list(Viewer.objects.filter(proposal=proposal).select_related("person", "added_by").order_by("id"))


def published_types() -> list[FormVersion]:
    """Return the newest form of every active type, in the order in which types are offered."""
    forms_by_type: dict[int, FormVersion] = {}
    versions = (
        FormVersion.objects.filter(type__is_active=True)
        .select_related("type")
        .order_by("type__position", "type_id", "version")
    )
    for form in versions:
        forms_by_type[form.type_id] = form
    return list(forms_by_type.values())


def referenced_people(schema: forms.Json, content: forms.Json) -> list[Person]:
    """Return the people that a content names."""
    return list(Person.objects.filter(pk__in={id_ for _, id_, _ in forms.references_in(schema, content, "person")}))


def referenced_departments(schema: forms.Json, content: forms.Json) -> list[Department]:
    """Return the departments that a content names."""
    ids = {id_ for _, id_, _ in forms.references_in(schema, content, "department")}
    return list(Department.objects.filter(pk__in=ids))


def notices_of(*, person: Person, after: Key | None, limit: int) -> list[Row]:
    """Return what a person was told, newest first: at most `limit` flat rows after the key (at, id)."""
    told = Notice.objects.filter(person=person)
    if after is not None:
        at, id_ = after
        told = told.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(id__lt=id_)))
    # A proposal that people are told of has been submitted: they read its title as it was then.
    title = Revision.objects.filter(proposal=OuterRef("proposal"), number=OuterRef("proposal__revision"))
    told = told.annotate(title=Coalesce(Subquery(title.values("title")[:1]), F("proposal__title")))
    return _rows(told.order_by("-at", "-id").values("id", "kind", "at", "read_at", "proposal_id", "title")[:limit])


def unread_count(*, person: Person) -> int:
    """Return how many notices a person has not read, counted up to `INBOX_COUNT_LIMIT`."""
    return Notice.objects.filter(person=person, read_at__isnull=True).values("id")[:INBOX_COUNT_LIMIT].count()


def outbox_messages(*, reader: Person, state: str, after: Key | None, limit: int) -> list[OutboxMessage]:
    """Return messages in a state, oldest first, after the key (created_at, id); raises `AdministratorsOnly`."""
    if not reader.is_administrator:
        raise AdministratorsOnly()
    messages = OutboxMessage.objects.filter(state=state)
    if after is not None:
        at, id_ = after
        messages = messages.filter(Q(created_at__gte=at) & (Q(created_at__gt=at) | Q(id__gt=id_)))
    return list(messages.order_by("created_at", "id")[:limit])


def _rows(values: Iterable[Any]) -> list[Row]:
    """Run a `.values()` query; its rows are plain dicts, whatever narrower type the checker knows."""
    return list(values)
