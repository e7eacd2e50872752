"""The demonstration: proposals in every state, so that whoever signs in finds something to see and to do."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from api.management.seed.calendar import later
from api.management.seed.company import Company
from api.management.seed.stories import Outcome, Story, tell_all
from api.management.seed.subjects import LAPTOPS, SUBJECTS, Subject
from api.organization.models import Post

DAYS = dt.timedelta(days=125)
"""How long ago the first of them is made."""

_OTHERS = 36
"""Proposals of people all over the company."""

# What the applicant whose name is printed has: every state once, with how many approved before. Long enough ago that a
# weekend in between leaves time for it: what waits, or was pulled back, was submitted five days ago or before.
_OWN: tuple[tuple[Outcome, int, Subject, int], ...] = (
    # outcome, approvals, subject, days ago
    (Outcome.APPROVED, 0, LAPTOPS, 75),
    (Outcome.APPROVED_AT_SECOND_TRY, 1, SUBJECTS[3], 60),
    (Outcome.REJECTED, 2, SUBJECTS[6], 48),
    (Outcome.WITHDRAWN, 0, SUBJECTS[11], 40),
    (Outcome.APPROVED, 0, SUBJECTS[10], 33),
    (Outcome.RETURNED, 1, SUBJECTS[18], 12),
    (Outcome.RESUBMITTED, 1, SUBJECTS[4], 15),
    (Outcome.WAITING, 2, SUBJECTS[7], 11),
    (Outcome.WAITING, 0, SUBJECTS[16], 5),
    (Outcome.PULLED_BACK, 0, SUBJECTS[13], 5),
    (Outcome.DRAFT, 0, SUBJECTS[1], 1),
)
# What waits for the heads above: (approved by how many already, days ago).
_WAITING = ((0, 5), (0, 4), (0, 2), (1, 8), (1, 6), (2, 11), (2, 9), (3, 14), (3, 12))


def tell_demo(company: Company, *, seed: int, now: dt.datetime) -> None:
    """Write the demonstration's proposals as of `now`, by the operations the application uses."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    tell_all(_stories(company, chance, now), chance=chance, until=now)


def _stories(company: Company, chance: random.Random, now: dt.datetime) -> Iterator[Story]:
    def story(post: Post, subject: Subject, outcome: Outcome, approvals: int, days: int) -> Story:
        begins = now
        while begins >= now:  # a weekend would move yesterday to tomorrow
            begins = later(now - dt.timedelta(days=days), chance, least=0, most=8)
            days += 1
        return Story(
            post=post,
            colleague=chance.choice(company.people),
            subject=subject,
            outcome=outcome,
            begins=begins,
            approvals=approvals,
        )

    applicant = company.applicant
    for outcome, approvals, subject, days in _OWN:
        yield story(applicant, subject, outcome, approvals, days)
    colleagues = [post for post in company.staff if post.department_id == applicant.department_id][1:]
    for approvals, days in _WAITING:
        long_enough = [subject for subject in SUBJECTS if subject.asked > approvals]
        yield story(
            chance.choice(colleagues or [applicant]), chance.choice(long_enough), Outcome.WAITING, approvals, days
        )
    for _other in range(_OTHERS):
        outcome = chance.choices(list(Outcome), weights=(1, 5, 14, 3, 2, 2, 3, 2, 1))[0]
        is_open = outcome in {Outcome.DRAFT, Outcome.WAITING, Outcome.RETURNED, Outcome.RESUBMITTED}
        days = chance.randint(2, 20) if is_open else chance.randint(20, 120)
        yield story(chance.choice(company.staff), chance.choice(SUBJECTS), outcome, chance.randint(0, 1), days)
