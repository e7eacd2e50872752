"""Proposals shown to people who do not decide on them."""

import datetime as dt

import pytest

from api import timers
from api.organization.models import Person
from api.proposals import operations, permissions, queries
from api.proposals.errors import (
    ApplicantSeesAnyway,
    NoSuchPerson,
    NoSuchProposal,
    NotAllowed,
    TooManyViewers,
    WrongState,
)
from api.proposals.models import AuditEvent, Notice, NoticeKind, Proposal, Viewer
from api.proposals.operations import circulation
from api.proposals.outbox import drain
from tests.company import NOON, Company, add_person, draft, submitted

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def proposal(company: Company) -> Proposal:
    return submitted(company)


@pytest.fixture
def colleague(company: Company) -> Person:
    return add_person("colleague")


def circulate(proposal: Proposal, *people: Person, by: Person) -> Proposal:
    return operations.circulate(proposal_id=proposal.pk, people=[person.pk for person in people], by=by, at=NOON)


def told(person: Person) -> list[str]:
    drain(handlers=timers.HANDLERS, clock=lambda: LATER, until=LATER + dt.timedelta(minutes=1))
    return list(Notice.objects.filter(person=person).values_list("kind", flat=True))


class TestCirculate:
    def test_lets_people_read_and_tells_them_once(
        self, company: Company, proposal: Proposal, colleague: Person
    ) -> None:
        assert not permissions.visible_to(colleague).exists()
        for _ in range(2):
            circulate(proposal, colleague, by=company.applicant)
            assert told(colleague) == [NoticeKind.CIRCULATED]
        assert list(permissions.visible_to(colleague)) == [proposal]
        assert list(queries.proposals_circulated_to(person=colleague)) == [proposal]
        assert Viewer.objects.count() == 1

    def test_is_recorded_by_ids_only(self, company: Company, proposal: Proposal, colleague: Person) -> None:
        circulate(proposal, colleague, by=company.section_manager)
        event = AuditEvent.objects.latest("sequence")
        viewer = Viewer.objects.get()
        assert (event.kind, event.actor) == ("circulated", company.section_manager)
        assert event.data == {"revision": 1, "viewer_id": viewer.pk, "person_id": colleague.pk}

    @pytest.mark.parametrize("who", ["applicant", "section_manager", "administrator"])
    def test_is_for_everyone_who_takes_part(
        self, company: Company, proposal: Proposal, colleague: Person, who: str
    ) -> None:
        circulate(proposal, colleague, by=getattr(company, who))
        assert Viewer.objects.get().added_by == getattr(company, who)

    def test_is_not_for_those_it_was_circulated_to(
        self, company: Company, proposal: Proposal, colleague: Person
    ) -> None:
        circulate(proposal, colleague, by=company.applicant)
        with pytest.raises(NotAllowed):
            circulate(proposal, add_person("another"), by=colleague)

    def test_is_not_for_those_who_do_not_see_it(self, company: Company, proposal: Proposal, colleague: Person) -> None:
        with pytest.raises(NoSuchProposal):
            circulate(proposal, colleague, by=colleague)
        with pytest.raises(NoSuchProposal):
            circulate(proposal, colleague, by=company.president)  # not asked yet

    def test_waits_until_there_is_something_to_see(self, company: Company, colleague: Person) -> None:
        with pytest.raises(WrongState):
            circulate(draft(company), colleague, by=company.applicant)

    def test_refuses_all_where_one_cannot_be(self, company: Company, proposal: Proposal, colleague: Person) -> None:
        gone = add_person("gone", is_active=False)
        with pytest.raises(NoSuchPerson) as refused:
            circulate(proposal, colleague, gone, by=company.applicant)
        assert refused.value.values == {"people": [gone.pk]}
        assert str(gone.pk) in refused.value.detail
        with pytest.raises(ApplicantSeesAnyway):
            circulate(proposal, colleague, company.applicant, by=company.section_manager)
        assert not Viewer.objects.exists()

    def test_has_an_end(
        self, company: Company, proposal: Proposal, colleague: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(circulation, "MOST_VIEWERS", 1)
        circulate(proposal, colleague, by=company.applicant)
        with pytest.raises(TooManyViewers):
            circulate(proposal, add_person("another"), by=company.applicant)
        assert Viewer.objects.count() == 1

    def test_tells_nobody_of_what_they_did_themselves(self, company: Company, proposal: Proposal) -> None:
        circulate(proposal, company.administrator, by=company.administrator)
        assert told(company.administrator) == []


class TestViewers:
    def test_say_once_that_they_have_seen_it(self, company: Company, proposal: Proposal, colleague: Person) -> None:
        circulate(proposal, colleague, by=company.applicant)
        for at in (NOON, LATER):
            operations.acknowledge(proposal_id=proposal.pk, by=colleague, at=at)
        assert Viewer.objects.get().seen_at == NOON
        assert AuditEvent.objects.filter(kind="acknowledged", actor=colleague).count() == 1

    def test_are_the_only_ones_who_say_so(self, company: Company, proposal: Proposal) -> None:
        with pytest.raises(NotAllowed):
            operations.acknowledge(proposal_id=proposal.pk, by=company.applicant, at=NOON)

    def test_may_comment_and_nothing_else(self, company: Company, proposal: Proposal, colleague: Person) -> None:
        circulate(proposal, colleague, by=company.applicant)
        operations.comment(proposal_id=proposal.pk, body="承知しました", by=colleague, at=NOON)
        for change in (operations.withdraw, operations.pull_back):
            with pytest.raises(NotAllowed):
                change(proposal_id=proposal.pk, by=colleague, at=NOON)

    def test_see_a_proposal_that_was_taken_back_as_it_was(
        self, company: Company, proposal: Proposal, colleague: Person
    ) -> None:
        circulate(proposal, colleague, by=company.applicant)
        operations.pull_back(proposal_id=proposal.pk, by=company.applicant, at=NOON)
        assert list(permissions.visible_to(colleague)) == [proposal]
        operations.acknowledge(proposal_id=proposal.pk, by=colleague, at=NOON)
