"""Many people at once: one decision per assignment, numbers without gap or double, one chain."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from api.proposals import numbering, operations
from api.proposals.errors import AlreadyDecided, StaleDraft, WrongState
from api.proposals.models import (
    Assignment,
    AuditEvent,
    AuditHead,
    Decision,
    NumberSequence,
    Proposal,
    ProposalType,
    Revision,
)
from api.proposals.operations.definitions import CATALOGUE
from api.proposals.states import AssignmentState, ProposalState, Verdict
from api.proposals.verification import verify
from tests.company import NOON, add_person, add_post, approved, draft, found_company, pending, submitted
from tests.threads import together

TOKYO = dt.timezone(dt.timedelta(hours=9))


def threads_on(database: str) -> int:
    return 32 if database == "postgresql" else 16


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_one_decision_is_recorded_and_the_others_are_told(self, database: str) -> None:
        company = found_company()
        assignment = pending(submitted(company, amount=1))
        count = threads_on(database)

        def decide(number: int) -> str:
            verdict = Verdict.APPROVE if number % 2 else Verdict.REJECT
            operations.decide(
                assignment_id=assignment.pk,
                verdict=verdict,
                revision=1,
                by=company.section_manager,
                at=NOON,
                comment="理由",
            )
            return verdict.value

        outcomes = together(count, decide)

        winners = [outcome for outcome in outcomes if isinstance(outcome, str)]
        assert len(winners) == 1, outcomes
        assert Counter(type(outcome) for outcome in outcomes if not isinstance(outcome, str)) == {
            AlreadyDecided: count - 1
        }
        assert Decision.objects.get().verdict == winners[0]
        assert verify() is None

    def test_numbers_have_no_gap_and_no_double(self, database: str) -> None:
        company = found_company()
        count = threads_on(database)
        asked = [pending(submitted(company, amount=1)).pk for _ in range(count)]

        def approve(number: int) -> str | None:
            return operations.decide(
                assignment_id=asked[number],
                verdict=Verdict.APPROVE,
                revision=1,
                by=company.section_manager,
                at=NOON,
            ).decision_number

        numbers = together(count, approve)

        assert sorted(map(str, numbers)) == [f"購買-2026-{number:05d}" for number in range(1, count + 1)]
        assert NumberSequence.objects.get().last == count
        assert verify() is None
        assert AuditHead.objects.get().count == AuditEvent.objects.count()

    def test_submitting_twice_at_once_submits_once(self, database: str) -> None:
        company = found_company()
        proposal = draft(company)

        def send(_number: int) -> int:
            return operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON).revision

        outcomes = together(4, send)

        assert [outcome for outcome in outcomes if isinstance(outcome, int)] == [1]
        assert {type(outcome) for outcome in outcomes if not isinstance(outcome, int)} <= {WrongState, StaleDraft}
        assert Revision.objects.count() == 1

    def test_pulling_back_and_deciding_at_once_leave_one_story(self, database: str) -> None:
        company = found_company()
        proposal = submitted(company)
        assignment = pending(proposal)

        def act(number: int) -> str:
            if number % 2:
                return operations.pull_back(proposal_id=proposal.pk, by=company.applicant, at=NOON).state
            return operations.decide(
                assignment_id=assignment.pk, verdict=Verdict.APPROVE, revision=1, by=company.section_manager, at=NOON
            ).state

        outcomes = together(2, act)

        proposal.refresh_from_db()
        assert [outcome for outcome in outcomes if isinstance(outcome, str)] == [proposal.state]
        assert Decision.objects.exists() == (proposal.state == ProposalState.IN_PROGRESS)

    def test_two_heads_of_one_step_at_once_decide_once(self, database: str) -> None:
        company = found_company()
        deputy = add_person("deputy")
        add_post(deputy, company.section, 50, "課長")
        proposal = submitted(company, amount=1)
        asked = list(Assignment.objects.filter(proposal=proposal).select_related("person"))

        def decide(number: int) -> str | None:
            assignment = asked[number]
            return operations.decide(
                assignment_id=assignment.pk, verdict=Verdict.APPROVE, revision=1, by=assignment.person, at=NOON
            ).decision_number

        outcomes = together(2, decide)

        assert [outcome for outcome in outcomes if isinstance(outcome, str)] == ["購買-2026-00001"]
        assert {type(outcome) for outcome in outcomes if not isinstance(outcome, str)} <= {AlreadyDecided, WrongState}
        assert Decision.objects.count() == 1

    def test_publishing_types_while_people_begin_drafts_stops_nobody(self, database: str, tmp_path: Path) -> None:
        company = found_company()
        definition = json.loads((CATALOGUE / "general.json").read_text(encoding="utf-8"))

        def act(number: int) -> str:
            if number == 0:
                for version in range(8):
                    definition["form"]["fields"][0]["max_length"] = 1000 + version
                    (tmp_path / "general.json").write_text(json.dumps(definition), encoding="utf-8")
                    operations.publish_types(at=NOON, catalogue=tmp_path)
                return "published"
            for _ in range(8):
                draft(company)
            return "begun"

        assert together(4, act) == ["published", "begun", "begun", "begun"]

    def test_approving_and_withdrawing_at_once_leave_one_story(self, database: str) -> None:
        company = found_company()
        proposal = submitted(company, amount=1)
        assignment = pending(proposal)

        def act(number: int) -> str:
            if number % 2:
                return operations.withdraw(proposal_id=proposal.pk, by=company.applicant, at=NOON).state
            return operations.decide(
                assignment_id=assignment.pk, verdict=Verdict.APPROVE, revision=1, by=company.section_manager, at=NOON
            ).state

        outcomes = together(2, act)

        proposal.refresh_from_db()
        assert [outcome for outcome in outcomes if isinstance(outcome, str)] == [proposal.state]
        assert (proposal.decision_number is not None) == (proposal.state == ProposalState.APPROVED)
        assert not Assignment.objects.filter(state=AssignmentState.PENDING).exists()


@pytest.mark.django_db
class TestDatabase:
    """What the database itself refuses, whatever the code does."""

    def test_a_second_decision_on_an_assignment(self) -> None:
        approved(found_company())
        decision = Decision.objects.get()
        decision.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            decision.save(force_insert=True)

    def test_an_approved_proposal_without_a_number(self) -> None:
        proposal = approved(found_company())
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(decision_number=None)

    def test_a_rejection_without_a_reason(self) -> None:
        approved(found_company())
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.update(verdict=Verdict.REJECT)


@pytest.mark.django_db
class TestNumbering:
    @pytest.mark.parametrize(
        ("at", "year"),
        [
            (dt.datetime(2027, 3, 31, 23, 59, 59, tzinfo=TOKYO), 2026),
            (dt.datetime(2027, 4, 1, 0, 0, 0, tzinfo=TOKYO), 2027),
            (dt.datetime(2027, 3, 31, 15, 0, 0, tzinfo=dt.UTC), 2027),
            (dt.datetime(2027, 3, 31, 14, 59, 59, tzinfo=dt.UTC), 2026),
            (dt.datetime(2027, 1, 1, tzinfo=TOKYO), 2026),
        ],
    )
    def test_belongs_to_the_fiscal_year_in_the_companys_zone(self, at: dt.datetime, year: int) -> None:
        assert numbering.fiscal_year(at) == year

    def test_counts_from_one_in_each_year_and_type(self) -> None:
        company = found_company()
        new_year = dt.datetime(2027, 4, 1, 0, 0, tzinfo=TOKYO)
        numbers = [approved(company, at=at).decision_number for at in (NOON, NOON, new_year)]
        assert numbers == ["購買-2026-00001", "購買-2026-00002", "購買-2027-00001"]
        travel = ProposalType.objects.get(code="travel")
        assert numbering.next_number(type_=travel, at=NOON) == "出張-2026-00001"

    def test_gives_a_number_back_when_the_approval_is_rolled_back(self) -> None:
        found_company()
        type_ = ProposalType.objects.get(code="purchase")
        with transaction.atomic():
            assert numbering.next_number(type_=type_, at=NOON) == "購買-2026-00001"
            transaction.set_rollback(True)
        assert numbering.next_number(type_=type_, at=NOON) == "購買-2026-00001"
