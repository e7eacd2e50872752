"""Who is asked, and in which order: the rules of a route, on plain values.

A route version holds a definition such as

    {"steps": [{"kind": "superiors", "from_rank": 50,
                "authority": [{"below": 300000, "rank": 50}, {"rank": 100}]}]}

`superiors` walks from the applicant's department to the root. Each department's head (its highest post of at
least `from_rank`, above everyone asked before) is asked in turn, until a head has the authority that the amount
requires. No Django here: `resolve` is a function of what it is given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class SkipReason(StrEnum):
    VACANT = "vacant"
    APPLICANT = "applicant"
    """Its only head is the applicant, who must not decide on an own proposal."""
    ASKED_LATER = "asked_later"
    """Its head also heads a department further up, and is asked there."""


class BadRoute(Exception):
    """A route definition that cannot be used; says which part and why."""


@dataclass(frozen=True)
class Holder:
    """One valid post of one active person."""

    post_id: int
    person_id: int
    rank: int
    title: str


@dataclass(frozen=True)
class Level:
    """One department on the way from the applicant's own to the root, with everyone who holds a post in it."""

    department_id: int
    name: str
    name_en: str
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Authority:
    """Up to `below` yen (exclusive; None: any amount) a head of `rank` may decide finally."""

    below: int | None
    rank: int


@dataclass(frozen=True)
class Superiors:
    from_rank: int
    authority: tuple[Authority, ...]

    def rank_for(self, amount: int | None) -> int:
        """Return the rank that may finally decide on `amount` (yen; None counts as 0)."""
        return next(band.rank for band in self.authority if band.below is None or (amount or 0) < band.below)


@dataclass(frozen=True)
class PlannedStep:
    """One step of a route: the holders who are asked, of whom `needed` must approve; or why nobody is."""

    department_id: int
    name: str
    name_en: str
    asked: tuple[Holder, ...]
    needed: int = 1
    skip_reason: SkipReason | None = None


@dataclass(frozen=True)
class Plan:
    """What a route comes to for one proposal.

    `missing_rank` is the authority that nobody on the way up has (then the proposal cannot be submitted), and
    None where the route is complete.
    """

    steps: tuple[PlannedStep, ...]
    missing_rank: int | None = None

    @property
    def is_complete(self) -> bool:
        return self.missing_rank is None and any(step.asked for step in self.steps)


def read_route(definition: dict[str, Any]) -> tuple[Superiors, ...]:
    """Return the rules of a route definition; raises `BadRoute` naming the first part that is wrong."""
    rules = []
    steps = definition.get("steps")
    if not isinstance(steps, list) or not steps:
        raise BadRoute("steps: a route needs at least one step")
    for number, step in enumerate(steps):
        where = f"steps[{number}]"
        if step.get("kind") != "superiors":
            raise BadRoute(f"{where}.kind: {step.get('kind')!r} is unknown; the kind there is: superiors")
        try:
            bands = tuple(Authority(band.get("below"), int(band["rank"])) for band in step["authority"])
            from_rank = int(step["from_rank"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadRoute(f"{where}: needs from_rank and authority [{{below, rank}}]: {error!r}") from error
        limits = [band.below for band in bands]
        if not bands or limits[-1] is not None or None in limits[:-1]:
            raise BadRoute(f"{where}.authority: the last band, and only it, has no 'below'")
        ordered = [limit for limit in limits if limit is not None]
        if ordered != sorted(set(ordered)):
            raise BadRoute(f"{where}.authority: 'below' must rise from band to band")
        if [band.rank for band in bands] != sorted(band.rank for band in bands):
            raise BadRoute(f"{where}.authority: rank must not fall from band to band")
        rules.append(Superiors(from_rank, bands))
    return tuple(rules)


def resolve(
    rules: Iterable[Superiors],
    *,
    applicant_id: int,
    applicant_rank: int,
    levels: Sequence[Level],
    amount: int | None,
) -> Plan:
    """Return the route of one proposal.

    `levels` runs from the applicant's department to the root; `amount` is yen, None where the form has none.
    """
    steps: list[PlannedStep] = []
    missing: int | None = None
    for rule in rules:
        required = rule.rank_for(amount)
        planned, reached = _superiors(rule, required, applicant_id, applicant_rank, levels)
        steps += planned
        if reached < required and missing is None:
            missing = required
    return Plan(_ask_once(steps), missing)


def _superiors(
    rule: Superiors, required: int, applicant_id: int, applicant_rank: int, levels: Sequence[Level]
) -> tuple[list[PlannedStep], int]:
    """Return the steps up to the first head with `required` rank, and the highest rank that is asked."""
    steps: list[PlannedStep] = []
    reached = 0
    floor = max(rule.from_rank, applicant_rank + 1)
    for number, level in enumerate(levels):
        above = [holder for holder in level.holders if holder.rank >= floor]
        others = [holder for holder in above if holder.person_id != applicant_id]
        step = PlannedStep(level.department_id, level.name, level.name_en, ())
        if others:
            reached = max(holder.rank for holder in others)
            heads = {holder.person_id: holder for holder in others if holder.rank == reached}
            steps.append(replace(step, asked=tuple(heads.values())))
            floor = reached + 1
        elif above:
            steps.append(replace(step, skip_reason=SkipReason.APPLICANT))
        elif number > 0 or applicant_rank < rule.from_rank:
            # The applicant's own department is no vacancy when the applicant is its head.
            steps.append(replace(step, skip_reason=SkipReason.VACANT))
        if reached >= required:
            break
    return steps, reached


def _ask_once(steps: list[PlannedStep]) -> tuple[PlannedStep, ...]:
    """Ask a person who heads several departments only at the last one."""
    result: list[PlannedStep] = []
    later: set[int] = set()
    for step in reversed(steps):
        asked = tuple(holder for holder in step.asked if holder.person_id not in later)
        later |= {holder.person_id for holder in asked}
        emptied = bool(step.asked) and not asked
        result.append(replace(step, asked=asked, skip_reason=SkipReason.ASKED_LATER if emptied else step.skip_reason))
    return tuple(reversed(result))
