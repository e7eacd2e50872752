"""What people do to proposals: the way up, back, and out; and what is refused."""

import datetime as dt
from typing import Any

import pytest

from api.organization.models import Post
from api.proposals import audit, operations
from api.proposals.errors import (
    AlreadyDecided,
    CommentNeeded,
    DecisionsMade,
    FormInvalid,
    NoSuchAssignment,
    NoSuchProposal,
    NoSuchType,
    NotAllowed,
    NotYourPost,
    ProposalError,
    RouteEmpty,
    StaleDraft,
    StaleRevision,
    WrongState,
)
from api.proposals.models import Assignment, AuditEvent, Decision, FormVersion, OutboxMessage, Proposal, Step
from api.proposals.models.definitions import PublishedVersionChanged
from api.proposals.states import AssignmentState, ProposalState, StepState, Verdict
from api.proposals.verification import verify
from tests.company import NOON, Company, add_person, add_post, approved, decide, draft, pending, purchase, submitted


class TestSubmit:
    def test_asks_the_first_superior_and_freezes_the_route(self, company: Company) -> None:
        proposal = submitted(company)

        assert proposal.state == ProposalState.IN_PROGRESS
        assert (proposal.revision, proposal.amount, proposal.submitted_at) == (1, 1_500_000, NOON)
        assert pending(proposal).person == company.section_manager
        asked = Assignment.objects.filter(proposal=proposal).order_by("step__order")
        assert [row.person for row in asked] == company.superiors[:3]

    def test_keeps_the_route_when_the_organisation_changes(self, company: Company) -> None:
        proposal = submitted(company)
        Post.objects.filter(person=company.department_manager).update(is_active=False)
        proposal = decide(proposal)
        assert pending(proposal).person == company.department_manager

    def test_skips_a_vacant_post_and_says_so(self, company: Company) -> None:
        Post.objects.filter(person=company.section_manager).update(valid_to=NOON.date() - dt.timedelta(days=1))
        proposal = submitted(company)
        first = Step.objects.filter(revision__proposal=proposal).order_by("order")[0]
        assert (first.state, first.skip_reason) == (StepState.SKIPPED, "vacant")
        assert pending(proposal).person == company.department_manager

    def test_counts_a_post_on_its_last_day_in_the_companys_zone(self, company: Company) -> None:
        last_day = dt.date(2026, 6, 15)
        Post.objects.filter(person=company.section_manager).update(valid_to=last_day)
        tokyo = dt.timezone(dt.timedelta(hours=9))
        just_before = dt.datetime(2026, 6, 15, 23, 59, 59, tzinfo=tokyo)
        assert pending(submitted(company, at=just_before)).person == company.section_manager
        after = just_before + dt.timedelta(seconds=1)
        assert pending(submitted(company, at=after)).person == company.department_manager

    def test_refuses_and_names_the_step_where_nobody_is_left(self, company: Company) -> None:
        Post.objects.filter(person=company.president).update(is_active=False)
        Post.objects.filter(person=company.director).update(is_active=False)
        proposal = draft(company)
        with pytest.raises(RouteEmpty) as refusal:
            operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON)
        assert refusal.value.values["step"] == "営業本部"
        assert refusal.value.values["rank"] == 80
        proposal.refresh_from_db()
        assert (proposal.state, proposal.revision) == (ProposalState.DRAFT, 0)

    def test_names_the_step_above_everyone_who_is_asked(self, company: Company) -> None:
        for person in (company.section_manager, company.president):
            Post.objects.filter(person=person).update(is_active=False)
        proposal = draft(company, amount=20_000_000)
        with pytest.raises(RouteEmpty) as refusal:
            operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON)
        assert refusal.value.values["step"] == "本社"

    def test_passes_by_a_department_that_has_ended(self, company: Company) -> None:
        company.sales.valid_to = NOON.date() - dt.timedelta(days=1)
        company.sales.save()
        asked = Assignment.objects.filter(proposal=submitted(company)).order_by("step__order")
        assert [row.person for row in asked] == [company.section_manager, company.director]

    def test_refuses_a_post_in_a_department_that_has_ended(self, company: Company) -> None:
        proposal = draft(company)
        company.section.valid_to = NOON.date() - dt.timedelta(days=1)
        company.section.save()
        with pytest.raises(NotYourPost):
            operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON)

    def test_refuses_whoever_stands_at_the_top(self, company: Company) -> None:
        proposal = draft(company, by=company.president)
        with pytest.raises(RouteEmpty) as refusal:
            operations.submit(proposal_id=proposal.pk, version=1, by=company.president, at=NOON)
        assert refusal.value.values["step"] == "本社"

    def test_lists_every_field_that_is_missing(self, company: Company) -> None:
        proposal = operations.create_draft(
            type_code="purchase",
            post_id=company.applicant_post.pk,
            title=" ",
            content={},
            by=company.applicant,
            at=NOON,
        )
        with pytest.raises(FormInvalid) as refusal:
            operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON)
        assert [problem.pointer for problem in refusal.value.problems] == [
            "/title",
            "/content/purpose",
            "/content/supplier",
            "/content/items",
            "/content/delivery_date",
            "/content/category",
            "/content/cost_department",
        ]

    def test_follows_the_post_that_the_applicant_chose(self, company: Company) -> None:
        other = add_post(company.applicant, company.sales, 10, "社員", is_primary=False)
        proposal = operations.create_draft(
            type_code="purchase",
            post_id=other.pk,
            title="共用プリンター",
            content=purchase(company),
            by=company.applicant,
            at=NOON,
        )
        proposal = operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON)
        assert pending(proposal).person == company.department_manager


class TestApproval:
    def test_travels_to_the_last_superior_and_gets_its_number_there(self, company: Company) -> None:
        proposal = submitted(company)
        for superior in company.superiors[:3]:
            assert proposal.decision_number is None
            assert pending(proposal).person == superior
            proposal = decide(proposal)
        assert proposal.state == ProposalState.APPROVED
        assert proposal.decision_number == "購買-2026-00001"
        assert proposal.decided_at == NOON

    def test_takes_one_of_several_heads_and_no_longer_asks_the_others(self, company: Company) -> None:
        deputy = add_person("deputy")
        add_post(deputy, company.section, 50, "課長")
        proposal = submitted(company)
        operations.decide(
            assignment_id=Assignment.objects.get(proposal=proposal, person=deputy).pk,
            verdict=Verdict.APPROVE,
            revision=1,
            by=deputy,
            at=NOON,
        )
        other = Assignment.objects.get(proposal=proposal, person=company.section_manager)
        assert other.state == AssignmentState.VOID
        assert pending(proposal).person == company.department_manager

    def test_writes_audit_and_outbox_with_every_change(self, company: Company) -> None:
        before = AuditEvent.objects.count()
        proposal = approved(company)
        kinds = list(AuditEvent.objects.filter(sequence__gt=before).order_by("sequence").values_list("kind", flat=True))
        assert kinds == ["created", "submitted", "completed"]
        assert set(OutboxMessage.objects.filter(proposal=proposal).values_list("kind", flat=True)) == {
            "proposal.submitted",
            "proposal.completed",
        }
        assert verify() is None

    def test_leaves_nothing_behind_when_it_fails_at_the_end(
        self, company: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        proposal = submitted(company, amount=1)
        assignment = pending(proposal)

        def fail(*_args: Any, **_values: Any) -> None:
            raise ConnectionError

        monkeypatch.setattr(audit, "record", fail)
        with pytest.raises(ConnectionError):
            operations.decide(
                assignment_id=assignment.pk, verdict=Verdict.APPROVE, revision=1, by=company.section_manager, at=NOON
            )
        proposal.refresh_from_db()
        assert (proposal.state, proposal.decision_number) == (ProposalState.IN_PROGRESS, None)
        assert pending(proposal) == assignment
        assert not Decision.objects.exists()


class TestReturnAndReject:
    def test_returns_and_comes_again_as_a_new_revision_with_a_new_route(self, company: Company) -> None:
        proposal = decide(decide(submitted(company)), Verdict.RETURN)
        assert proposal.state == ProposalState.RETURNED
        assert not Assignment.objects.filter(proposal=proposal, state=AssignmentState.PENDING).exists()

        proposal = operations.edit_draft(
            proposal_id=proposal.pk,
            version=proposal.version,
            by=company.applicant,
            at=NOON,
            content=purchase(company, amount=200_000),
        )
        proposal = operations.submit(proposal_id=proposal.pk, version=proposal.version, by=company.applicant, at=NOON)
        assert proposal.revision == 2
        assert pending(proposal).person == company.section_manager
        assert decide(proposal).state == ProposalState.APPROVED

    def test_rejects_for_good(self, company: Company) -> None:
        proposal = decide(submitted(company), Verdict.REJECT)
        assert (proposal.state, proposal.decided_at) == (ProposalState.REJECTED, NOON)
        assert not Step.objects.filter(revision__proposal=proposal, state__in=["active", "waiting"]).exists()

    @pytest.mark.parametrize("verdict", [Verdict.RETURN, Verdict.REJECT])
    def test_asks_for_a_reason(self, company: Company, verdict: Verdict) -> None:
        assignment = pending(submitted(company))
        with pytest.raises(CommentNeeded):
            operations.decide(
                assignment_id=assignment.pk, verdict=verdict, revision=1, by=assignment.person, at=NOON, comment=" "
            )


class TestTakingBack:
    def test_pulls_back_before_anyone_decided(self, company: Company) -> None:
        proposal = operations.pull_back(proposal_id=submitted(company).pk, by=company.applicant, at=NOON)
        assert proposal.state == ProposalState.DRAFT
        assert not Assignment.objects.filter(state=AssignmentState.PENDING).exists()
        again = operations.submit(proposal_id=proposal.pk, version=proposal.version, by=company.applicant, at=NOON)
        assert again.revision == 2

    def test_does_not_pull_back_once_someone_decided(self, company: Company) -> None:
        proposal = decide(submitted(company))
        with pytest.raises(DecisionsMade):
            operations.pull_back(proposal_id=proposal.pk, by=company.applicant, at=NOON)

    def test_withdraws_from_wherever_the_applicant_still_can(self, company: Company) -> None:
        states = [draft(company), submitted(company), decide(submitted(company), Verdict.RETURN)]
        for proposal in states:
            ended = operations.withdraw(proposal_id=proposal.pk, by=company.applicant, at=NOON, comment="不要です")
            assert ended.state == ProposalState.WITHDRAWN

    def test_does_not_withdraw_what_was_decided(self, company: Company) -> None:
        with pytest.raises(WrongState):
            operations.withdraw(proposal_id=approved(company).pk, by=company.applicant, at=NOON)


class TestRefusals:
    def test_lets_nobody_but_the_asked_decide(self, company: Company) -> None:
        assignment = pending(submitted(company))
        for stranger in (company.applicant, company.department_manager, company.administrator):
            with pytest.raises(NoSuchAssignment):
                operations.decide(
                    assignment_id=assignment.pk, verdict=Verdict.APPROVE, revision=1, by=stranger, at=NOON
                )

    def test_lets_nobody_decide_before_their_turn(self, company: Company) -> None:
        proposal = submitted(company)
        later = Assignment.objects.get(proposal=proposal, person=company.department_manager)
        with pytest.raises(NoSuchAssignment):
            operations.decide(
                assignment_id=later.pk, verdict=Verdict.APPROVE, revision=1, by=company.department_manager, at=NOON
            )

    def test_lets_nobody_decide_on_an_own_proposal_even_where_a_route_asks_them(self, company: Company) -> None:
        proposal = submitted(company)
        Assignment.objects.filter(pk=pending(proposal).pk).update(person=company.applicant)
        with pytest.raises(NoSuchAssignment):
            decide(proposal)

    def test_says_when_it_was_decided_already(self, company: Company) -> None:
        proposal = submitted(company)
        assignment = pending(proposal)
        decide(proposal)
        with pytest.raises(AlreadyDecided):
            operations.decide(
                assignment_id=assignment.pk,
                verdict=Verdict.REJECT,
                revision=1,
                by=assignment.person,
                at=NOON,
                comment="x",
            )

    def test_says_when_another_revision_was_submitted_since(self, company: Company) -> None:
        proposal = submitted(company)
        old = pending(proposal)
        operations.pull_back(proposal_id=proposal.pk, by=company.applicant, at=NOON)
        proposal.refresh_from_db()
        operations.submit(proposal_id=proposal.pk, version=proposal.version, by=company.applicant, at=NOON)
        with pytest.raises(StaleRevision):
            operations.decide(
                assignment_id=old.pk, verdict=Verdict.APPROVE, revision=1, by=company.section_manager, at=NOON
            )

    def test_says_when_it_was_withdrawn_meanwhile(self, company: Company) -> None:
        proposal = submitted(company)
        assignment = pending(proposal)
        operations.withdraw(proposal_id=proposal.pk, by=company.applicant, at=NOON)
        with pytest.raises(WrongState):
            operations.decide(
                assignment_id=assignment.pk, verdict=Verdict.APPROVE, revision=1, by=assignment.person, at=NOON
            )

    def test_does_not_overwrite_what_another_tab_saved(self, company: Company) -> None:
        proposal = draft(company)
        operations.edit_draft(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON, title="新しい件名")
        with pytest.raises(StaleDraft):
            operations.edit_draft(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON, title="古い件名")
        with pytest.raises(StaleDraft):
            operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON)
        proposal.refresh_from_db()
        assert proposal.title == "新しい件名"

    def test_hides_drafts_from_everyone_else(self, company: Company) -> None:
        proposal = draft(company)
        for stranger in (company.section_manager, company.administrator):
            with pytest.raises(NoSuchProposal):
                operations.comment(proposal_id=proposal.pk, body="見えますか", by=stranger, at=NOON)

    def test_lets_only_the_applicant_take_it_back(self, company: Company) -> None:
        proposal = submitted(company)
        for verb in (operations.withdraw, operations.pull_back):
            with pytest.raises(NotAllowed):
                verb(proposal_id=proposal.pk, by=company.section_manager, at=NOON)

    def test_refuses_a_post_of_someone_else_and_an_unknown_type(self, company: Company) -> None:
        values: dict[str, Any] = {"title": "x", "content": {}, "by": company.applicant, "at": NOON}
        others = Post.objects.get(person=company.president).pk
        with pytest.raises(NotYourPost):
            operations.create_draft(type_code="purchase", post_id=others, **values)
        with pytest.raises(NoSuchType):
            operations.create_draft(type_code="lunch", post_id=company.applicant_post.pk, **values)

    def test_refuses_people_and_departments_that_are_not_there(self, company: Company) -> None:
        company.section.is_active = False
        company.section.save()
        with pytest.raises(FormInvalid) as refusal:
            operations.edit_draft(
                proposal_id=self._draft_elsewhere(company).pk,
                version=1,
                by=company.president,
                at=NOON,
                content=purchase(company),
            )
        assert refusal.value.problems[0].code == "no_such_department"

    @staticmethod
    def _draft_elsewhere(company: Company) -> Proposal:
        return operations.create_draft(
            type_code="purchase",
            post_id=Post.objects.get(person=company.president).pk,
            title="x",
            content={},
            by=company.president,
            at=NOON,
        )

    def test_asks_for_words_in_a_comment(self, company: Company) -> None:
        with pytest.raises(CommentNeeded):
            operations.comment(proposal_id=submitted(company).pk, body="  ", by=company.applicant, at=NOON)


class TestPublishing:
    def test_is_harmless_when_nothing_changed(self, company: Company) -> None:
        assert operations.publish_types(at=NOON) == []

    def test_never_changes_a_published_version(self, company: Company) -> None:
        form = FormVersion.objects.earliest("pk")
        with pytest.raises(PublishedVersionChanged):
            form.save()
        with pytest.raises(PublishedVersionChanged):
            form.delete()
        with pytest.raises(PublishedVersionChanged):
            FormVersion.objects.update(version=9)


def _all_errors(base: type[ProposalError]) -> list[type[ProposalError]]:
    return [found for sub in base.__subclasses__() for found in (sub, *_all_errors(sub))]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in _all_errors(ProposalError)]
    assert len(codes) == len(set(codes))
