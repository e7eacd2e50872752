"""Who is told what, once; and when they are reminded."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from api import timers
from api.organization.calendar import working_days_between
from api.organization.models import DayOff, Person
from api.proposals import letters, notices, operations, reminders
from api.proposals.models import AuditEvent, Notice, NoticeKind, OutboxMessage, Proposal
from api.proposals.outbox import drain
from api.proposals.states import Verdict
from api.proposals.verification import verify
from tests.attachments import expect
from tests.company import NOON, Company, decide, draft, found_company, pending, submitted
from tests.threads import together


def work_off(at: dt.datetime = NOON) -> None:
    tally = drain(handlers=timers.HANDLERS, clock=lambda: at, until=at + dt.timedelta(minutes=1))
    assert tally.dead == tally.failed == 0


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def unread(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person, read_at=None).order_by("pk").values_list("kind", flat=True))


class TestTell:
    def test_tells_whoever_is_asked_when_it_is_their_turn(self, company: Company) -> None:
        proposal = submitted(company)
        work_off()
        assert told(company.section_manager) == [NoticeKind.YOUR_TURN]
        assert told(company.department_manager) == []
        decide(proposal)
        work_off()
        assert told(company.department_manager) == [NoticeKind.YOUR_TURN]
        assert unread(company.section_manager) == [], "it is no longer their turn"

    def test_tells_again_when_it_comes_back(self, company: Company) -> None:
        proposal = decide(submitted(company), Verdict.RETURN)
        operations.submit(proposal_id=proposal.pk, version=proposal.version, by=company.applicant, at=NOON)
        work_off()
        assert told(company.section_manager) == [NoticeKind.YOUR_TURN]
        assert told(company.applicant) == [NoticeKind.RETURNED]

    def test_tells_the_applicant_how_it_ended(self, company: Company) -> None:
        proposal = submitted(company, amount=1)
        decide(proposal)
        decide(submitted(company, amount=1), Verdict.REJECT)
        work_off()
        assert sorted(told(company.applicant)) == [NoticeKind.COMPLETED, NoticeKind.REJECTED]

    def test_tells_of_a_comment_all_but_whoever_wrote_it(self, company: Company) -> None:
        proposal = submitted(company)
        operations.comment(proposal_id=proposal.pk, body="見積書はありますか", by=company.section_manager, at=NOON)
        work_off()
        assert told(company.applicant) == [NoticeKind.COMMENTED]
        assert told(company.section_manager) == [NoticeKind.YOUR_TURN]

    def test_tells_nobody_twice_however_often_it_runs(self, company: Company) -> None:
        submitted(company)
        work_off()
        OutboxMessage.objects.update(state="waiting", finished_at=None)
        work_off()
        assert told(company.section_manager) == [NoticeKind.YOUR_TURN]

    def test_forgets_the_turn_when_the_proposal_is_taken_back(self, company: Company) -> None:
        proposal = submitted(company)
        work_off()
        operations.pull_back(proposal_id=proposal.pk, by=company.applicant, at=NOON)
        work_off()
        assert unread(company.section_manager) == []


class TestRemind:
    def test_reminds_after_working_days_and_again(self, company: Company) -> None:
        submitted(company)  # Monday
        work_off()
        for day, expected in ((17, 0), (18, 1), (18, 0), (19, 0), (23, 1)):  # Thursday; the weekend does not count
            at = dt.datetime(2026, 6, day, 3, 0, tzinfo=dt.UTC)
            assert reminders.remind(at=at) == expected, day
        assert told(company.section_manager) == [NoticeKind.YOUR_TURN, NoticeKind.REMINDER, NoticeKind.REMINDER]

    def test_reminds_nobody_of_what_they_are_only_now_told(self, company: Company) -> None:
        submitted(company)
        late = NOON + dt.timedelta(days=7)
        assert reminders.remind(at=late) == 0, "the outbox has it, and will tell any moment"
        work_off(late)
        assert reminders.remind(at=late) == 0
        assert reminders.remind(at=late + dt.timedelta(days=3)) == 1
        assert told(company.section_manager) == [NoticeKind.YOUR_TURN, NoticeKind.REMINDER]

    def test_reminds_whoever_was_never_told(self, company: Company) -> None:
        submitted(company)
        OutboxMessage.objects.update(state="dead")
        assert reminders.remind(at=NOON + dt.timedelta(days=3)) == 1

    def test_reminds_nobody_whose_turn_is_over(self, company: Company) -> None:
        decide(submitted(company, amount=1))
        assert reminders.remind(at=NOON + dt.timedelta(days=30)) == 0


@pytest.mark.django_db
class TestWorkingDays:
    @pytest.mark.parametrize(
        ("start", "end", "days"),
        [
            (dt.date(2026, 6, 15), dt.date(2026, 6, 15), 0),
            (dt.date(2026, 6, 15), dt.date(2026, 6, 10), 0),
            (dt.date(2026, 6, 19), dt.date(2026, 6, 22), 1),
            # Golden Week 2026: 29 April, 3 to 5 May, and 6 May in place of the Sunday.
            (dt.date(2026, 4, 28), dt.date(2026, 5, 7), 3),
        ],
    )
    def test_count_what_people_work(self, start: dt.date, end: dt.date, days: int) -> None:
        assert working_days_between(start, end) == days

    def test_leave_out_the_companys_own_days_off(self) -> None:
        DayOff.objects.create(date=dt.date(2026, 6, 16), name="創立記念日")
        assert working_days_between(dt.date(2026, 6, 15), dt.date(2026, 6, 17)) == 1


class TestLetters:
    @pytest.fixture
    def notice(self, company: Company) -> Notice:
        submitted(company)
        work_off()
        return Notice.objects.select_related("person", "proposal__applicant").get(person=company.section_manager)

    @pytest.mark.parametrize(("language", "says"), [("ja", "承認をお願いします"), ("en", "Please decide")])
    def test_are_in_the_persons_own_language_and_link_to_the_proposal(
        self, notice: Notice, language: str, says: str
    ) -> None:
        notice.person.language = language
        subject, body = letters.write(notice)
        assert says in subject
        assert "ノートPCの購入" in subject
        assert f"#/proposals/{notice.proposal_id}" in body

    @pytest.mark.parametrize("kind", NoticeKind.values)
    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_have_words_for_every_kind(self, notice: Notice, kind: str, language: str) -> None:
        notice.kind, notice.person.language = kind, language
        subject, body = letters.write(notice)
        assert "{" not in subject + body
        assert all(line.isascii() for line in body.splitlines()[:1]) == (language == "en")


@pytest.mark.django_db
class TestTick:
    def test_does_every_part(self, company: Company) -> None:
        proposal = submitted(company, at=timezone.now())
        did = timers.tick()
        assert did["outbox"] == {"done": 1, "failed": 0, "dead": 0, "lost": 0}
        assert did["head"] == AuditEvent.objects.count()
        assert pending(Proposal.objects.get(pk=proposal.pk)).person == company.section_manager
        assert told(company.section_manager) == [NoticeKind.YOUR_TURN]

    def test_goes_on_when_one_part_fails(self, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(**_values: object) -> int:
            raise ZeroDivisionError

        submitted(company, at=timezone.now())
        monkeypatch.setattr(reminders, "remind", fail)
        with pytest.raises(timers.TickFailed, match="reminders"):
            timers.tick()
        assert told(company.section_manager) == [NoticeKind.YOUR_TURN]


@pytest.mark.django_db(transaction=True)
class TestTickTwiceAtOnce:
    def test_does_everything_once(self, database: str) -> None:
        company = found_company()
        now = timezone.now()
        proposals = [submitted(company, at=now) for _ in range(5)]
        before = now - dt.timedelta(days=10)
        proposals += [submitted(company, at=before) for _ in range(5)]
        drain(handlers=timers.HANDLERS, clock=lambda: before, until=now)
        proposals += [submitted(company, at=before) for _ in range(5)]  # nobody was told of these yet
        gone = expect(draft(company), by=company.applicant, at=now - dt.timedelta(days=3))

        outcomes = together(3, lambda _number: timers.tick())

        assert all(isinstance(outcome, dict) for outcome in outcomes), outcomes
        assert not OutboxMessage.objects.exclude(state="done").exists()
        told_ = Counter(Notice.objects.values_list("kind", "proposal"))
        assert told_ == Counter(
            [(NoticeKind.YOUR_TURN, proposal.pk) for proposal in proposals]
            + [(NoticeKind.REMINDER, proposal.pk) for proposal in proposals[5:10]]
        )
        gone.refresh_from_db()
        assert (gone.state, gone.purged_at is not None) == ("removed", True)
        assert verify() is None


def test_every_kind_of_message_has_a_handler() -> None:
    assert notices.MAIL in timers.HANDLERS
