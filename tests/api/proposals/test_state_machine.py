"""Random people doing random things at random times, with workers that die: what must always hold holds after each.

The invariants are those of the design: one decision for an assignment, routes frozen at submit, numbers without gap or
double given with the final approval, state, audit and outbox telling one story, nobody deciding on what they did not
see, nobody told twice.
"""

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from api import timers
from api.organization.models import Person, Post
from api.proposals import attachments, operations, outbox, permissions, reminders
from api.proposals.errors import ProposalError, StaleRevision
from api.proposals.models import (
    Assignment,
    Attachment,
    AttachmentState,
    AuditEvent,
    Decision,
    Notice,
    NoticeKind,
    OutboxMessage,
    OutboxState,
    Proposal,
    Revision,
    Step,
)
from api.proposals.operations import purging
from api.proposals.outbox import Handler
from api.proposals.ports import ScanVerdict
from api.proposals.states import AssignmentState, ProposalState, StepState, Verdict
from api.proposals.verification import Head, current_head, verify
from tests.attachments import Scanner, deliver, store
from tests.company import NOON, Company, add_person, add_post, found_company, purchase
from tests.fuzz import examples

STATE_AFTER = {
    "created": ProposalState.DRAFT,
    "submitted": ProposalState.IN_PROGRESS,
    "approved": ProposalState.IN_PROGRESS,
    "completed": ProposalState.APPROVED,
    "returned": ProposalState.RETURNED,
    "rejected": ProposalState.REJECTED,
    "withdrawn": ProposalState.WITHDRAWN,
    "pulled_back": ProposalState.DRAFT,
}
TOLD = {f"proposal.{kind}" for kind in STATE_AFTER if kind != "created"} | {"proposal.commented", "proposal.circulated"}
CONTENT = [b"%PDF-1.7 one", b"%PDF-1.7 two, longer"]

AMOUNTS = (1, 299_999, 300_000, 1_500_000, 99_000_000)
VERDICTS = (Verdict.APPROVE, Verdict.RETURN, Verdict.APPROVE, Verdict.REJECT, Verdict.APPROVE)
MINUTES = (1, 4, 6, 60, 1440, 3 * 1440, 40 * 1440, -1, -60)
SCANS = (ScanVerdict.CLEAN, ScanVerdict.PENDING, ScanVerdict.INFECTED, None)
ACTS = ("comment", "withdraw", "pull_back", "acknowledge", "copy")


class Killed(BaseException):
    """A worker's process ends where it stands."""


class Company_(RuleBasedStateMachine):  # noqa: N801  the company itself is called so
    """One company for some weeks. Rules pick people and proposals by number, whether or not they may."""

    company: Company  # found by the test, once for all examples

    def __init__(self) -> None:
        super().__init__()
        self._savepoint = transaction.atomic()
        self._savepoint.__enter__()
        self.now = NOON
        self.heads: list[Head] = []
        self.routes: dict[int, Any] = {}
        self.numbers: dict[int, str] = {}
        self.approved: set[int] = set()
        self.people = list(Person.objects.order_by("pk"))
        self.store = store()

    def teardown(self) -> None:
        try:
            self._everything_settles()
        finally:
            transaction.set_rollback(True)
            self._savepoint.__exit__(None, None, None)

    # --- picking ---------------------------------------------------------------------------------------------
    def person(self, number: int) -> Person:
        return Person.objects.get(pk=self.people[number % len(self.people)].pk)

    def proposal(self, number: int) -> Proposal | None:
        keys = list(Proposal.objects.order_by("-pk").values_list("pk", flat=True)[:6])
        return Proposal.objects.get(pk=keys[number % len(keys)]) if keys else None

    def applicant_or(self, number: int, proposal: Proposal) -> Person:
        """Return mostly the applicant, who may do most, else somebody."""
        return proposal.applicant if number > 1 else self.person(number * 3)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do something that may be refused for a reason; whatever else goes wrong fails the test."""
        before = AuditEvent.objects.count()
        try:
            with transaction.atomic():
                act()
        except ProposalError:
            assert AuditEvent.objects.count() == before, "a refusal leaves nothing behind"
            return False
        return True

    @rule(what=st.sampled_from(range(33)), a=st.integers(0, 30), b=st.integers(0, 30), c=st.integers(0, 30))
    def something_happens(self, what: int, a: int, b: int, c: int) -> None:
        """Let one thing happen, the frequent ones most often; `a` picks what it happens to, `b` who does it."""
        happenings: tuple[tuple[int, Callable[[], object]], ...] = (
            (4, lambda: self.begin(b, AMOUNTS[c % 5])),
            (2, lambda: self.submit_and_let_all_approve(a)),
            (6, lambda: self.decide(a, VERDICTS[c % 5], b % 4)),
            (1, lambda: self.decide_uninvited(a, b, VERDICTS[c % 5])),
            (2, lambda: self.submit(a, b)),
            (1, lambda: self.edit(a, b, c % 2)),
            (3, lambda: self.act(a, b, ACTS[c % 5])),
            (1, lambda: self.circulate(a, b, c)),
            (1, lambda: self.leave_or_come_back(b)),
            (1, lambda: self.announce(a, CONTENT[c % 2])),
            (2, lambda: self.send_and_confirm(a, CONTENT[c % 2], SCANS[b % 4])),
            (1, lambda: self.remove_file(a)),
            (1, self.look_after_files),
            (1, lambda: self.clock_steps(MINUTES[c % 9])),
            (1, lambda: self.work_off_and_die(a % 4, fails=b % 2 == 0, before=c % 2 == 0)),
            (1, self.work_off),
            (1, lambda: self.look_after_the_dead(settle=b % 2 == 0)),
            (1, self.remind),
            (1, self.keep_head),
            (1, lambda: self.purge(0 if c % 3 else 30)),
        )
        weighted = [happens for weight, happens in happenings for _ in range(weight)]
        weighted[what % len(weighted)]()

    # --- people ----------------------------------------------------------------------------------------------
    @initialize(amount=st.sampled_from([1, 1_500_000]))
    def first(self, amount: int) -> None:
        self.begin(0, amount, of=self.company.applicant)
        self.submit(0, 0, by=self.company.applicant)

    def begin(self, number: int, amount: int, of: Person | None = None) -> None:
        """Write a draft; of two of three the next thing is to submit it."""
        by = of or self.person(number)
        post = Post.objects.filter(person=by).first()
        self.attempt(
            lambda: operations.create_draft(
                type_code="purchase",
                post_id=post.pk if post else 1,
                title="端末の購入",
                content=purchase(self.company, amount=amount),
                by=by,
                at=self.now,
            )
        )
        if number % 3:
            self.submit(0, 2)

    def edit(self, number: int, person: int, behind: int) -> None:
        if (proposal := self.proposal(number)) is not None:
            version = max(1, proposal.version - behind)
            self.attempt(
                lambda: operations.edit_draft(
                    proposal_id=proposal.pk,
                    version=version,
                    title="改訂",
                    by=self.applicant_or(person, proposal),
                    at=self.now,
                )
            )

    def submit(self, number: int, person: int, by: Person | None = None) -> None:
        if (proposal := self.proposal(number)) is not None:
            by = by or self.applicant_or(person, proposal)
            self.attempt(
                lambda: operations.submit(proposal_id=proposal.pk, version=proposal.version, by=by, at=self.now)
            )

    def decide(self, number: int, verdict: Verdict, behind: int) -> None:
        """Let whoever is asked decide, sometimes having read an older revision."""
        pending = Assignment.objects.filter(state=AssignmentState.PENDING)
        if not pending.exists():
            self.submit(number, 2)
        waiting = list(pending.order_by("-pk")[:6])
        if not waiting:
            return
        assignment = waiting[number % len(waiting)]
        current = assignment.proposal.revision
        seen = max(1, current - (behind == 3))
        before = Decision.objects.count()
        done = self.attempt(
            lambda: operations.decide(
                assignment_id=assignment.pk,
                verdict=verdict,
                revision=seen,
                by=assignment.person,
                at=self.now,
                comment="理由",
            )
        )
        assert not (done and seen != current), StaleRevision
        assert Decision.objects.count() == before + done

    def decide_uninvited(self, number: int, person: int, verdict: Verdict) -> None:
        assignments = list(Assignment.objects.order_by("-pk")[:8])
        if not assignments:
            return
        assignment, by = assignments[number % len(assignments)], self.person(person)
        done = self.attempt(
            lambda: operations.decide(
                assignment_id=assignment.pk,
                verdict=verdict,
                revision=assignment.proposal.revision,
                by=by,
                at=self.now,
                comment="理由",
            )
        )
        assert not done or assignment.person == by

    def act(self, number: int, person: int, act: str) -> None:
        proposal = self.proposal(number)
        if proposal is None:
            return
        by = self.applicant_or(person, proposal)
        acts: dict[str, Callable[..., object]] = {
            "withdraw": operations.withdraw,
            "pull_back": operations.pull_back,
            "comment": lambda **given: operations.comment(body="確認しました", **given),
            "acknowledge": operations.acknowledge,
            "copy": operations.copy_proposal,
        }
        self.attempt(lambda: acts[act](proposal_id=proposal.pk, by=by, at=self.now))

    def circulate(self, number: int, person: int, to: int) -> None:
        if (proposal := self.proposal(number)) is not None:
            by = self.applicant_or(person, proposal)
            people = [self.person(to).pk]
            self.attempt(lambda: operations.circulate(proposal_id=proposal.pk, people=people, by=by, at=self.now))

    def submit_and_let_all_approve(self, number: int) -> None:
        """The whole way, so that numbers are given often."""
        self.submit(number, 2)
        proposal = self.proposal(number)
        while proposal is not None and proposal.state == ProposalState.IN_PROGRESS:
            asked = Assignment.objects.filter(proposal=proposal, state=AssignmentState.PENDING).order_by("pk")[0]
            approve = partial(
                operations.decide,
                assignment_id=asked.pk,
                verdict=Verdict.APPROVE,
                revision=proposal.revision,
                by=asked.person,
                at=self.now,
            )
            assert self.attempt(approve)
            proposal = Proposal.objects.get(pk=proposal.pk)

    def leave_or_come_back(self, person: int) -> None:
        someone = self.person(person)
        someone.is_active = not someone.is_active
        someone.save(update_fields=["is_active"])

    # --- files -----------------------------------------------------------------------------------------------
    def announce(self, number: int, content: bytes) -> None:
        if (proposal := self.proposal(number)) is not None:
            self.attempt(
                lambda: operations.add_attachment(
                    proposal_id=proposal.pk,
                    name="見積書.pdf",
                    content_type="",
                    size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                    by=proposal.applicant,
                    at=self.now,
                    store=self.store,
                )
            )

    def send_and_confirm(self, number: int, content: bytes, verdict: ScanVerdict | None) -> None:
        """Bytes arrive, the right ones or others; sometimes nothing arrives at all."""
        files = list(Attachment.objects.order_by("-pk")[:4])
        if not files:
            return
        file = files[number % len(files)]
        if file.state == AttachmentState.EXPECTED and number % 3:
            deliver(file, content)
        self.attempt(
            lambda: operations.confirm_attachment(
                attachment_id=file.pk, by=file.uploaded_by, at=self.now, store=self.store, scanner=Scanner(verdict)
            )
        )

    def remove_file(self, number: int) -> None:
        files = list(Attachment.objects.order_by("-pk")[:4])
        if files:
            file = files[number % len(files)]
            self.attempt(lambda: operations.remove_attachment(attachment_id=file.pk, by=file.uploaded_by, at=self.now))

    def look_after_files(self) -> None:
        operations.recheck_attachments(at=self.now, store=self.store, scanner=Scanner(ScanVerdict.CLEAN))
        operations.clean_attachments(at=self.now, store=self.store)

    # --- the clock and the timers ----------------------------------------------------------------------------
    def clock_steps(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    def work_off_and_die(self, after: int, fails: bool, before: bool) -> None:
        """A worker is killed, or its handler fails, at some message: before its work, or when it was all but done."""
        seen = 0

        def dying(handler: Handler) -> Handler:
            def work(message: OutboxMessage, at: dt.datetime) -> None:
                nonlocal seen
                seen += 1
                if seen == after + 1 and before:
                    raise ConnectionError if fails else Killed
                handler.work(message, at)
                if seen == after + 1:
                    raise ConnectionError if fails else Killed

            return Handler(work, within_transaction=handler.within_transaction)

        handlers = {kind: dying(handler) for kind, handler in timers.HANDLERS.items()}
        with suppress(Killed):
            outbox.drain(handlers=handlers, clock=lambda: self.now, until=self.now + dt.timedelta(minutes=1), batch=3)

    def work_off(self) -> None:
        outbox.drain(handlers=timers.HANDLERS, clock=lambda: self.now, until=self.now + dt.timedelta(minutes=1))

    def remind(self) -> None:
        reminders.remind(at=self.now)

    def keep_head(self) -> None:
        self.heads.append(current_head(at=self.now))

    def look_after_the_dead(self, settle: bool) -> None:
        message = OutboxMessage.objects.filter(state=OutboxState.DEAD).order_by("pk").first()
        if message is not None:
            by = self.company.administrator
            if settle:
                operations.settle_message(message_id=message.pk, comment="電話で", by=by, at=self.now)
            else:
                operations.retry_message(message_id=message.pk, by=by, at=self.now)

    def purge(self, days: int) -> None:
        end = self.now - dt.timedelta(days=days)
        for due in (purging.ended_before(end), purging.abandoned_before(end - dt.timedelta(days=10))):
            purging.purge_proposals(due, at=self.now, store=self.store)
        purging.purge_rows(purging.notices_before(end))

    # --- what always holds -----------------------------------------------------------------------------------
    @invariant()
    def the_trail_verifies_and_tells_the_state(self) -> None:
        assert verify(self.heads) is None
        states: dict[int, ProposalState] = {}
        changes: set[str] = set()
        for sequence, kind, proposal in AuditEvent.objects.order_by("sequence").values_list(
            "sequence", "kind", "proposal_id"
        ):
            if kind in STATE_AFTER:
                states[proposal] = STATE_AFTER[kind]
            if f"proposal.{kind}" in TOLD:
                changes.add(f"audit:{sequence}")
            if kind == "purged":
                del states[proposal]
        assert states == dict(Proposal.objects.values_list("pk", "state"))
        told = set(OutboxMessage.objects.filter(kind__in=TOLD).values_list("dedupe_key", flat=True))
        of_living = AuditEvent.objects.filter(proposal_id__in=states).values_list("sequence", flat=True)
        assert told == changes & {f"audit:{sequence}" for sequence in of_living}

    @invariant()
    def numbers_have_no_gap_no_double_and_never_change(self) -> None:
        approved = dict(Proposal.objects.filter(state="approved").values_list("pk", "decision_number"))
        assert None not in approved.values()
        for proposal, number in approved.items():
            assert self.numbers.setdefault(proposal, str(number)) == number
        by_year = defaultdict(list)
        for number in self.numbers.values():
            year, _, place = number.rpartition("-")
            by_year[year].append(int(place))
        for year, places in by_year.items():
            assert sorted(places) == list(range(1, len(places) + 1)), year

    @invariant()
    def routes_are_frozen_and_nobody_decides_for_another_or_themselves(self) -> None:
        steps, asked = defaultdict(list), defaultdict(list)
        for revision, *step in Step.objects.order_by("order").values_list("revision", "order", "name", "needed"):
            steps[revision].append(step)
        for revision, *assignment in Assignment.objects.order_by("pk").values_list(
            "step__revision", "step__order", "person", "title"
        ):
            asked[revision].append(assignment)
        for revision, digest in Revision.objects.values_list("pk", "content_sha256"):
            route = digest, steps[revision], asked[revision]
            assert self.routes.setdefault(revision, route) == route
        for decision in Decision.objects.select_related("assignment__step", "assignment__proposal"):
            assert decision.decided_by_id == decision.assignment.person_id
            assert decision.decided_by_id != decision.assignment.proposal.applicant_id
            assert decision.revision_id == decision.assignment.step.revision_id
            assert decision.assignment.state == AssignmentState.DECIDED

    @invariant()
    def it_waits_for_someone_exactly_while_in_progress(self) -> None:
        open_, active = defaultdict(set), defaultdict(list)
        for proposal, state, revision in Assignment.objects.filter(state__in=["waiting", "pending"]).values_list(
            "proposal", "state", "step__revision__number"
        ):
            open_[proposal].add((state, revision))
        for proposal, revision in Step.objects.filter(state=StepState.ACTIVE).values_list(
            "revision__proposal", "revision__number"
        ):
            active[proposal].append(revision)
        for row in Proposal.objects.all():
            if row.state == ProposalState.IN_PROGRESS:
                assert ("pending", row.revision) in open_[row.pk]
                assert active[row.pk] == [row.revision]
            else:
                assert not open_[row.pk]
                assert not active[row.pk]
            if row.state == ProposalState.APPROVED and row.pk not in self.approved:
                self.approved.add(row.pk)
                self._is_wholly_approved(row)

    def _is_wholly_approved(self, proposal: Proposal) -> None:
        steps = Step.objects.filter(revision__proposal=proposal, revision__number=proposal.revision)
        for step in steps.exclude(state=StepState.SKIPPED):
            approvals = Decision.objects.filter(assignment__step=step, verdict=Verdict.APPROVE).count()
            assert (step.state, approvals >= step.needed) == (StepState.DONE, True)

    @invariant()
    def messages_of_a_lane_are_done_in_order_and_nobody_is_told_twice(self) -> None:
        first_open: dict[str, int] = {}
        for pk, lane, state in OutboxMessage.objects.exclude(lane="").order_by("pk").values_list("pk", "lane", "state"):
            if state in outbox.OPEN:
                first_open.setdefault(lane, pk)
            elif state == OutboxState.DONE:
                assert lane not in first_open, f"{pk} was done before {first_open.get(lane)}"
        turns = Counter(Notice.objects.filter(kind=NoticeKind.YOUR_TURN).values_list("person", "proposal"))
        asked = Counter(Assignment.objects.filter(asked_at__isnull=False).values_list("person", "proposal"))
        assert turns <= asked

    @invariant()
    def nobody_sees_what_they_may_not(self) -> None:
        outsider = self.company.colleague  # type: ignore[attr-defined]  # set by the test
        circulated = set(Proposal.objects.filter(viewers__person=outsider).values_list("pk", flat=True))
        own = set(Proposal.objects.filter(applicant=outsider).values_list("pk", flat=True))
        assert set(permissions.visible_to(outsider).values_list("pk", flat=True)) <= circulated | own
        for file in Attachment.objects.exclude(state=AttachmentState.AVAILABLE).exclude(uploaded_by=outsider):
            with pytest.raises(ProposalError):
                attachments.readable_by(person=self.company.administrator, attachment_id=file.pk)
        for file in Attachment.objects.filter(state=AttachmentState.AVAILABLE):
            stored = self.store.look_up(file.key)
            assert stored is not None
            assert (stored.size, stored.sha256) == (file.size, file.sha256)

    def _everything_settles(self) -> None:
        """In the end, when workers live, everything is delivered and whoever is asked has been told."""
        for _ in range(30):
            self.now += dt.timedelta(days=1)
            for message in OutboxMessage.objects.filter(state=OutboxState.DEAD):
                operations.retry_message(message_id=message.pk, by=self.company.administrator, at=self.now)
            self.work_off()
            if not OutboxMessage.objects.filter(state__in=outbox.OPEN).exists():
                break
        assert not OutboxMessage.objects.filter(state__in=outbox.OPEN).exists()
        for assignment in Assignment.objects.filter(state=AssignmentState.PENDING):
            key = f"turn:{assignment.pk}"
            assert Notice.objects.filter(person=assignment.person_id, dedupe_key=key).count() == 1
        self.messages_of_a_lane_are_done_in_order_and_nobody_is_told_twice()


@pytest.mark.django_db
@pytest.mark.only_on("postgresql")
def test_what_must_always_hold_holds_after_every_step() -> None:
    company = found_company()
    deputy, colleague = add_person("deputy"), add_person("colleague")
    add_post(deputy, company.section, 50, "課長")
    add_post(colleague, company.sales, 10, "社員")
    company.colleague = colleague  # type: ignore[attr-defined]  # one more than others need
    Company_.company = company
    run_state_machine_as_test(Company_, settings=examples(12, stateful_step_count=40))
