"""A company's past: as many proposals as wanted over three years, most of them decided."""

from __future__ import annotations

import datetime as dt
import random

from api.management.seed.calendar import later
from api.management.seed.company import Company
from api.management.seed.multiply import multiply
from api.management.seed.stories import Outcome, Story, tell_all
from api.management.seed.subjects import SUBJECTS
from api.proposals.models import Proposal

PATTERNS = 60
"""Proposals of each period that go through the real operations; all others are copies of them."""
OPEN = 0.03
"""Share of the proposals that belong to the last months, and so may still be open."""

# (outcome, weight) of what was proposed long ago, and of what was proposed lately.
_ENDED = ((Outcome.APPROVED, 80), (Outcome.APPROVED_AT_SECOND_TRY, 8), (Outcome.REJECTED, 8), (Outcome.WITHDRAWN, 4))
_LATELY = (
    (Outcome.WAITING, 55),
    (Outcome.APPROVED, 25),
    (Outcome.RETURNED, 8),
    (Outcome.RESUBMITTED, 7),
    (Outcome.DRAFT, 5),
)
_LONG_AGO, _LATE = dt.timedelta(days=3 * 365), dt.timedelta(days=91)


def tell_past(company: Company, *, count: int, seed: int, until: dt.datetime, most_patterns: int = PATTERNS) -> None:
    """Write `count` proposals that were made in the three years before `until`."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    lately = min(count // 2, max(most_patterns, round(count * OPEN)))
    for number, outcomes, begins, ends in (
        (count - lately, _ENDED, until - _LONG_AGO, until - _LATE),
        (lately, _LATELY, until - _LATE, until),
    ):
        known = set(Proposal.objects.values_list("pk", flat=True))
        # Patterns of copies lie at the beginning of the period: copies are always later.
        spread = dt.timedelta(days=5) if number > most_patterns else ends - begins - dt.timedelta(days=5)
        stories = [_story(company, chance, outcomes, begins, spread) for _pattern in range(min(number, most_patterns))]
        tell_all(stories, chance=chance, until=ends)
        told = [pk for pk in Proposal.objects.order_by("pk").values_list("pk", flat=True) if pk not in known]
        if number > len(told):
            multiply(patterns=told, count=number - len(told), until=ends, chance=chance)


def _story(
    company: Company,
    chance: random.Random,
    outcomes: tuple[tuple[Outcome, int], ...],
    begins: dt.datetime,
    spread: dt.timedelta,
) -> Story:
    outcome = chance.choices([one for one, _ in outcomes], weights=[weight for _, weight in outcomes])[0]
    return Story(
        post=chance.choice(company.staff),
        colleague=chance.choice(company.people),
        subject=chance.choice(SUBJECTS),
        outcome=outcome,
        begins=later(begins, chance, least=0, most=spread / dt.timedelta(hours=1)),
        approvals=chance.randint(0, 2),
    )
