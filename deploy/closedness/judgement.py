"""All checks over one world, and what follows: closed, open, or not to be told."""

from collections.abc import Iterable
from dataclasses import dataclass

from deploy.closedness import types
from deploy.closedness.findings import Check, Finding, Question, run
from deploy.closedness.rules import (
    buckets,
    callers,
    completeness,
    doors,
    endpoints,
    groups,
    links,
    nature,
    places,
    rights,
    roles,
    routes,
)
from deploy.closedness.signed import accepts
from deploy.closedness.table import RULES
from deploy.closedness.world import World
from deploy.stage import Signature

CHECKS: tuple[Check, ...] = (
    *routes.CHECKS,
    *groups.CHECKS,
    *doors.CHECKS,
    *buckets.CHECKS,
    *callers.CHECKS,
    *endpoints.CHECKS,
    *roles.CHECKS,
    *rights.CHECKS,
    *completeness.CHECKS,
    *places.CHECKS,
    *links.CHECKS,
    *nature.CHECKS,
    *types.OTHER_CHECKS,
)

CLOSED, OPEN, CANNOT_TELL = 0, 1, 2


@dataclass(frozen=True)
class Judgement:
    """What was found: `findings` count, `nature` remains open by nature, `questions` could not be told.

    `signed` pairs findings with the exceptions of the stage file that accept them; `given` are questions about what
    others made, where there is no stage to answer for them.
    """

    findings: tuple[Finding, ...]
    nature: tuple[Finding, ...]
    questions: tuple[Question, ...]
    given: tuple[Question, ...] = ()
    signed: tuple[tuple[Finding, Signature], ...] = ()

    @property
    def status(self) -> int:
        """0 closed, 1 findings, 2 cannot tell."""
        return OPEN if self.findings else CANNOT_TELL if self.questions else CLOSED


def judge(world: World, *, extra: Iterable[Question] = (), signatures: Iterable[Signature] | None = None) -> Judgement:
    """Judge a world.

    `signatures` are the stage's exceptions that are in force; None: there is no stage, so that what remains open by
    nature is listed apart and counts for nothing. `extra` are questions from reading.
    """
    checks = (*CHECKS, *types.unknown(CHECKS, world))
    found, asked = run(checks, world)
    order = list(RULES)
    found.sort(key=lambda one: (order.index(one.rule.id), one.resource, one.line))
    questions = tuple(dict.fromkeys([*extra, *asked]))
    if signatures is None:
        return Judgement(
            findings=tuple(one for one in found if not one.rule.by_nature),
            nature=tuple(one for one in found if one.rule.by_nature),
            questions=tuple(one for one in questions if not one.given),
            given=tuple(one for one in questions if one.given),
        )
    held = list(signatures)
    signed = tuple((one, by) for one in found if (by := next((each for each in held if accepts(each, one)), None)))
    accepted = {id(one) for one, _ in signed}
    return Judgement(
        findings=tuple(one for one in found if id(one) not in accepted),
        nature=(),
        questions=questions,
        signed=signed,
    )
