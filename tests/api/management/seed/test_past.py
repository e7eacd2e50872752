"""Copied proposals hold whatever holds of those that the operations wrote."""

import datetime as dt
import re
from collections import Counter, defaultdict

import pytest
from django.apps import apps
from django.db import models
from django.db.models import F, Max, Min
from django.utils import timezone

from api.management.seed.company import Company, found_company
from api.management.seed.multiply import LEFT_OUT, TABLES
from api.management.seed.past import tell_past
from api.proposals import numbering, operations
from api.proposals.models import (
    Assignment,
    AuditEvent,
    Comment,
    Decision,
    NumberSequence,
    OutboxMessage,
    Proposal,
    Revision,
    Step,
)
from api.proposals.operations import publish_types
from api.proposals.states import AssignmentState, ProposalState, StepState
from api.proposals.verification import verify

NOW = dt.datetime(2026, 6, 15, 3, 0, tzinfo=dt.UTC)
COUNT = 90


@pytest.fixture
def company(db: None) -> Company:
    """A company with 90 proposals, of which 16 went through the operations and 74 are copies."""
    publish_types(at=NOW - dt.timedelta(days=5 * 365))
    company = found_company(people=40, departments=10, seed=1, today=dt.date(2026, 6, 15), password="x")
    tell_past(company, count=COUNT, seed=1, until=NOW, most_patterns=8)
    return company


def shape(proposal: Proposal) -> tuple[object, ...]:
    """Return what a copy shares with its pattern."""
    return (
        proposal.title,
        proposal.applicant_id,
        proposal.state,
        proposal.revision,
        *(
            tuple(model._default_manager.filter(**{path: proposal.pk}).order_by("pk").values_list(*names))
            for model, path, names in (
                (Revision, "proposal", ("number", "content_sha256", "department_name")),
                (Step, "revision__proposal", ("order", "department_id", "state", "skip_reason")),
                (Assignment, "proposal", ("person_id", "title", "state")),
                (Decision, "assignment__proposal", ("verdict", "comment", "decided_by_id")),
                (Comment, "proposal", ("author_id", "body")),
                (AuditEvent, "proposal", ("kind", "actor_id")),
                (OutboxMessage, "proposal", ("kind",)),
            )
        ),
    )


@pytest.mark.usefixtures("company")
class TestTellPast:
    def test_writes_as_many_as_asked_for_before_now(self) -> None:
        times = Proposal.objects.aggregate(first=Min("created_at"), last=Max("updated_at"))

        assert Proposal.objects.count() == COUNT
        assert NOW - dt.timedelta(days=3 * 366) < times["first"]
        assert NOW - dt.timedelta(days=30) < times["last"] < NOW

    def test_copies_patterns_whole(self) -> None:
        shapes = Counter(shape(proposal) for proposal in Proposal.objects.all())

        assert len(shapes) == 16
        assert sum(shapes.values()) == COUNT

    def test_keeps_the_audit_chain_in_the_order_of_time(self) -> None:
        assert verify() is None
        times = list(
            AuditEvent.objects.filter(proposal__isnull=False).order_by("sequence").values_list("at", flat=True)
        )
        assert times == sorted(times)

    def test_lets_the_audit_name_its_own_decisions_and_comments(self) -> None:
        for model, path in ((Decision, "assignment__proposal"), (Comment, "proposal")):
            name = f"{model.__name__.lower()}_id"
            owners = dict(model._default_manager.values_list("pk", path))
            named = [event for event in AuditEvent.objects.all() if name in event.data]
            assert all(owners[event.data[name]] == event.proposal_id for event in named)
        decided = [event.data["decision_id"] for event in AuditEvent.objects.all() if "decision_id" in event.data]
        assert sorted(decided) == sorted(Decision.objects.values_list("pk", flat=True))

    def test_gives_decision_numbers_without_a_gap_in_the_order_of_decisions(self) -> None:
        given: dict[tuple[int, int], list[int]] = defaultdict(list)
        for proposal in Proposal.objects.filter(state=ProposalState.APPROVED).order_by("decided_at"):
            assert proposal.decided_at is not None
            match = re.fullmatch(r"\D+-(\d{4})-(\d{5})", proposal.decision_number or "")
            assert match is not None
            assert int(match[1]) == numbering.fiscal_year(proposal.decided_at)
            given[proposal.type_id, int(match[1])].append(int(match[2]))

        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in given.values())
        last = {(row.type_id, row.fiscal_year): row.last for row in NumberSequence.objects.all()}
        assert last == {key: len(numbers) for key, numbers in given.items()}

    def test_sends_a_message_for_each_change_with_its_own_number(self) -> None:
        messages = OutboxMessage.objects.annotate(number=F("proposal__decision_number"))

        keys = {message.dedupe_key: message for message in messages}
        for event in AuditEvent.objects.filter(proposal__isnull=False).exclude(kind="created"):
            message = keys.pop(f"audit:{event.sequence}")
            assert (message.proposal_id, message.created_at) == (event.proposal_id, event.at)
            assert message.kind == f"proposal.{event.kind}"
            if event.kind == "completed":
                assert message.payload["decision_number"] == message.number
        assert keys == {}
        assert len({message.uuid for message in messages}) == len(messages)

    def test_asks_exactly_where_a_proposal_waits(self) -> None:
        for proposal in Proposal.objects.all():
            pending = proposal.assignments.filter(state=AssignmentState.PENDING)
            active = Step.objects.filter(revision__proposal=proposal, state=StepState.ACTIVE)
            in_progress = proposal.state == ProposalState.IN_PROGRESS
            assert (pending.exists(), active.exists()) == (in_progress, in_progress)

    def test_lets_the_application_go_on_from_there(self, company: Company) -> None:
        applicant = company.applicant
        before = Proposal.objects.aggregate(last=Max("pk"))["last"]

        draft = operations.create_draft(
            type_code="general",
            post_id=applicant.pk,
            title="在宅勤務",
            content={"summary": "試行", "amount": 0},
            by=applicant.person,
            at=timezone.now(),
        )
        operations.submit(proposal_id=draft.pk, version=draft.version, by=applicant.person, at=timezone.now())

        assert draft.pk > before
        assert verify() is None


def test_every_table_that_holds_a_part_of_a_proposal_is_copied() -> None:
    parts: set[type[models.Model]] = {Proposal}
    while (
        more := {
            model
            for model in apps.get_app_config("proposals").get_models()
            if any(field.related_model in parts for field in model._meta.concrete_fields if field.is_relation)
        }
        - parts
    ):
        parts |= more

    assert {*TABLES, *LEFT_OUT} == parts
