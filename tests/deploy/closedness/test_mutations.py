"""Our templates are clean, and each hole put into them is found by its rule and no other."""

from collections.abc import Mapping
from typing import Any

import pytest

from deploy.closedness import subject
from deploy.closedness.judgement import Judgement, judge
from deploy.closedness.table import RULES
from deploy.combinations import pairwise, singles
from tests.deploy.closedness.mutations import MUTATIONS, Finding, Mutation, apis

APIS = list(apis())


def found(judgement: Judgement) -> set[Finding]:
    return {one.key for one in (*judgement.findings, *judgement.nature)}


def before(mutation: Mutation) -> set[Finding]:
    return found(judge(subject.of_stage(mutation.stage)))


class TestUntouched:
    def test_every_shipped_combination_is_closed(self) -> None:
        for made in (*singles(), *pairwise()):
            judgement = judge(subject.of_stage(made.stage))

            assert {one.key for one in judgement.findings} == set(), made.name
            assert judgement.questions == (), made.name

    def test_what_others_made_is_a_question_and_nothing_else_is(self) -> None:
        for made in (*singles(), *pairwise()):
            judgement = judge(subject.of_stage(made.stage))
            others = any(path.startswith(("network.", "endpoints.", "roles.")) for path in made.values)

            assert bool(judgement.given) <= others, made.name


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_hole_is_found_by_its_rule_and_no_other(mutation: Mutation) -> None:
    judgement = judge(mutation.world())

    assert found(judgement) - before(mutation) == mutation.found
    assert judgement.questions == ()


@pytest.mark.parametrize(("policy", "expected"), [each[1:] for each in APIS], ids=[each[0] for each in APIS])
def test_a_hole_in_the_api_policy_is_found(policy: Mapping[str, Any], expected: frozenset[Finding]) -> None:
    stage = MUTATIONS[0].stage

    assert {one.key for one in judge(subject.of_stage(stage, policy=policy)).findings} == expected


def test_there_are_many_and_each_rule_has_one() -> None:
    always = {"dns-resolver", "control-plane"}  # in every stage
    covered = {rule for mutation in MUTATIONS for rule, _ in mutation.found} | {"api-open"} | always

    assert len(MUTATIONS) + len(APIS) >= 60
    assert covered == set(RULES)


def test_a_finding_points_at_the_line_of_the_hole() -> None:
    for mutation in MUTATIONS:
        lines = mutation.text().splitlines()
        for one in judge(mutation.world()).findings:
            assert one.file.endswith((f"{mutation.template}.yaml", ".json", ".py")) or mutation.template in (
                "network",
                "roles",
                "endpoints",
            )
            if one.file.endswith(f"{mutation.template}.yaml"):
                assert 0 < one.line <= len(lines), mutation.name
