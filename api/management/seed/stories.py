"""Proposals with a past: each goes its way through the real operations, all of them in the order of time."""

from __future__ import annotations

import datetime as dt
import enum
import heapq
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.management.seed import subjects
from api.management.seed.calendar import later
from api.management.seed.subjects import Subject
from api.organization.models import Person, Post
from api.proposals import operations
from api.proposals.models import Assignment, Proposal
from api.proposals.states import AssignmentState, ProposalState, Verdict


class Outcome(enum.Enum):
    """Where a story ends."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    APPROVED_AT_SECOND_TRY = "approved at second try"
    WITHDRAWN = "withdrawn"
    PULLED_BACK = "pulled back"


ENDED = (Outcome.APPROVED, Outcome.REJECTED, Outcome.WITHDRAWN, Outcome.APPROVED_AT_SECOND_TRY)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One proposal to be told: who, what, from when, and how far (`approvals` before the end or the wait)."""

    post: Post
    colleague: Person
    subject: Subject
    outcome: Outcome
    begins: dt.datetime
    approvals: int = 0


def tell_all(stories: Iterable[Story], *, chance: random.Random, until: dt.datetime) -> None:
    """Let every story happen, whatever comes first first; what would happen after `until` does not."""
    waiting: list[tuple[dt.datetime, int, Iterator[dt.datetime]]] = []
    for number, story in enumerate(stories):
        teller = _Teller(story, chance)
        waiting.append((story.begins, number, teller.tell()))
    heapq.heapify(waiting)
    while waiting:
        at, number, steps = heapq.heappop(waiting)
        if at > until:
            continue
        following = next(steps, None)
        if following is not None:
            heapq.heappush(waiting, (following, number, steps))


class _Teller:
    """Carries one story out. Each step of `tell` does what happens at `_now` and yields when it goes on."""

    def __init__(self, story: Story, chance: random.Random) -> None:
        self._story = story
        self._chance = chance
        self._applicant = story.post.person
        self._now = story.begins
        self._proposal: Proposal

    def tell(self) -> Iterator[dt.datetime]:
        story = self._story
        self._create()
        if story.outcome is Outcome.DRAFT:
            return
        yield self._wait(least=0.1, most=4)
        self._submit()
        if story.outcome is Outcome.PULLED_BACK:
            yield self._wait(least=0.2, most=2)
            operations.pull_back(proposal_id=self._proposal.pk, by=self._applicant, at=self._now)
            return
        for _approval in range(story.approvals):
            if not self._is_someone_left():
                break  # a shorter route than the story expected
            yield self._wait()
            self._decide(Verdict.APPROVE)
        match story.outcome:
            case Outcome.WAITING:
                yield from self._comment_perhaps()
            case Outcome.APPROVED:
                yield from self._approve_to_the_end()
            case Outcome.REJECTED:
                yield self._wait()
                self._decide(Verdict.REJECT)
            case Outcome.WITHDRAWN:
                yield self._wait()
                reason = self._chance.choice(subjects.WITHDRAWN)
                operations.withdraw(proposal_id=self._proposal.pk, by=self._applicant, at=self._now, comment=reason)
            case Outcome.RETURNED | Outcome.RESUBMITTED | Outcome.APPROVED_AT_SECOND_TRY:
                yield from self._be_returned()

    def _be_returned(self) -> Iterator[dt.datetime]:
        yield self._wait()
        self._decide(Verdict.RETURN)
        if self._story.outcome is Outcome.RETURNED:
            return
        yield self._wait()
        self._revise()
        yield self._wait(least=0.1, most=1)
        self._submit()
        if self._story.outcome is Outcome.APPROVED_AT_SECOND_TRY:
            yield from self._approve_to_the_end()

    def _approve_to_the_end(self) -> Iterator[dt.datetime]:
        while self._proposal.state == ProposalState.IN_PROGRESS:
            yield from self._comment_perhaps()
            yield self._wait()
            self._decide(Verdict.APPROVE)

    def _wait(self, *, least: float = 1, most: float = 30) -> dt.datetime:
        self._now = later(self._now, self._chance, least=least, most=most)
        return self._now

    def _create(self) -> None:
        story = self._story
        place = subjects.Place(story.post.department_id, story.colleague.pk, self._now.date())
        content = story.subject.content(place)
        if story.outcome is Outcome.DRAFT:
            content.pop("purpose", None)  # still to be written
        self._proposal = operations.create_draft(
            type_code=story.subject.type_code,
            post_id=story.post.pk,
            title=story.subject.title,
            content=content,
            by=self._applicant,
            at=self._now,
        )

    def _submit(self) -> None:
        self._proposal = operations.submit(
            proposal_id=self._proposal.pk, version=self._proposal.version, by=self._applicant, at=self._now
        )

    def _revise(self) -> None:
        content = dict(self._proposal.content)
        field = next(name for name in ("purpose", "summary") if name in content)
        content[field] += subjects.REVISED
        self._proposal = operations.edit_draft(
            proposal_id=self._proposal.pk,
            version=self._proposal.version,
            content=content,
            by=self._applicant,
            at=self._now,
        )

    def _is_someone_left(self) -> bool:
        """Say whether anyone is to be asked after those who are asked now."""
        return Assignment.objects.filter(proposal=self._proposal, state=AssignmentState.WAITING).exists()

    def _decide(self, verdict: Verdict) -> None:
        asked = Assignment.objects.select_related("person").get(proposal=self._proposal, state=AssignmentState.PENDING)
        said = {
            Verdict.APPROVE: subjects.APPROVED,
            Verdict.RETURN: subjects.RETURNED,
            Verdict.REJECT: subjects.REJECTED,
        }[verdict]
        self._proposal = operations.decide(
            assignment_id=asked.pk,
            verdict=verdict,
            revision=self._proposal.revision,
            by=asked.person,
            at=self._now,
            comment=self._chance.choice(said),
        )

    def _comment_perhaps(self) -> Iterator[dt.datetime]:
        if self._chance.random() < 0.25:
            yield self._wait(least=0.5, most=6)
            operations.comment(
                proposal_id=self._proposal.pk,
                body=self._chance.choice(subjects.COMMENTED),
                by=self._applicant,
                at=self._now,
            )
