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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("endpoints open to the world", "0.0.0.0/0"),
        ("public subnet, as text", 'MapPublicIpOnLaunch: "true"'),
        ("half of everything to a peering", "128.0.0.0/1"),
        ("database open to users", "10.1.0.0/16"),
        ("public policies not blocked", "PublicAccessBlockConfiguration"),
        ("everything on the site for whoever comes through the endpoint", "Sid: ReadThroughEndpoint"),
        ("S3 endpoint writes the site for anybody", "Sid: ReadSite"),
        ("tasks role writes to every bucket", "Sid: AnchorAudit"),
        ("deployer may make gateways", "Sid: MakeNetwork"),
        ("function outside the VPC", "Tasks:"),
    ],
)
def test_a_finding_points_at_the_line_of_the_hole(name: str, text: str) -> None:
    (mutation,) = (one for one in MUTATIONS if one.name == name)
    lines = mutation.text().splitlines()

    for one in judge(mutation.world()).findings:
        assert text in lines[one.line - 1]


def test_every_finding_can_be_told_in_both_languages() -> None:
    for mutation in MUTATIONS:
        for one in judge(mutation.world()).findings:
            assert "{" not in one.what("en") + one.what("ja")
            assert one.line > 0
