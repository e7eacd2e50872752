"""Exceptions: in force they accept, before and after they do not, and only what remains by nature can be accepted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from deploy.closedness import subject
from deploy.closedness.judgement import CLOSED, OPEN, judge
from deploy.closedness.signed import accepts, in_force
from deploy.stage import Signature
from tests.deploy.closedness.mutations import MUTATIONS

DAY = date(2026, 11, 22)
STAGE = MUTATIONS[0].stage


def signature(rule: str, resource: str = "*") -> Signature:
    return Signature("x", rule, resource, "because it is so", "Hanako Tanaka", DAY, DAY + timedelta(days=30))


NAMES, CALLERS = signature("dns-resolver"), signature("control-plane")


def test_all_signed_is_closed_and_shows_who_answers() -> None:
    judgement = judge(subject.of_stage(STAGE), signatures=[NAMES, CALLERS])

    assert judgement.status == CLOSED
    assert {by for _, by in judgement.signed} == {NAMES, CALLERS}


def test_one_resource_signed_for_leaves_the_others_open() -> None:
    held = [NAMES, replace(CALLERS, resource="tasks.Tasks")]
    judgement = judge(subject.of_stage(STAGE), signatures=held)

    assert judgement.status == OPEN
    assert {one.key for one in judgement.findings} == {("control-plane", "zappa.Function")}


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (30, True), (31, False)])
def test_holds_from_its_signature_to_its_last_day(days: int, *, counts: bool) -> None:
    assert bool(in_force([NAMES], DAY + timedelta(days=days))) is counts


def test_accepts_nothing_that_can_be_mended() -> None:
    (finding,) = judge(MUTATIONS[0].world()).findings

    assert not accepts(signature("internet-gateway"), finding)
