"""Templates of others: the origin's sample and public closed-network designs, rebuilt in small, judged as is known."""

import ipaddress
from datetime import date
from pathlib import Path

import pytest

from deploy import blueprint
from deploy.cfn import Template
from deploy.closedness import cases
from tests.deploy.closedness.mutations import Mutation
from tests.deploy.paths import TEMPLATES

DESIGNS = Path(__file__).parent / "designs"
COMPANY = (ipaddress.ip_network("10.1.0.0/16"),)

KNOWN = {
    "origin.yaml": {
        ("internet-gateway", "origin.TestGateway"),
        ("internet-route", "origin.TestDefault"),
        ("public-subnet", "origin.TestSubnet"),
        ("ingress-wide", "origin.TestGroup"),
        ("egress-default", "origin.TestGroup"),
        ("plain-ingress", "origin.BalancerGroup"),
        ("plain-listener", "origin.Listener"),
        ("plain-transport", "origin.SitePolicy"),
        ("bucket-write", "origin.SitePolicy"),
        ("api-open", "origin.Api"),
        ("endpoint-open", "origin.ApiEndpoint"),
        ("endpoint-open", "origin.SiteEndpoint"),
    },
    "documents.yaml": {("locked-out", "documents.Api")},
    "assistant.yaml": {("unused-endpoint", "assistant.Transcribe")},
    "pattern.json": {("api-open", "pattern.Api"), ("lockout", "pattern.BucketPolicy")},
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_design_is_judged_as_is_known_of_it(name: str) -> None:
    case = cases.of_files([DESIGNS / name], {}, COMPANY, None, date(2026, 11, 22))

    assert {one.key for one in case.judgement.findings} == KNOWN[name]
    assert case.judgement.questions == ()


def test_several_templates_are_judged_together() -> None:
    case = cases.of_files([DESIGNS / name for name in KNOWN], {}, COMPANY, None, date(2026, 11, 22))

    assert {one.key for one in case.judgement.findings} >= KNOWN["origin.yaml"]


def test_every_design_is_covered() -> None:
    assert {path.name for path in DESIGNS.iterdir()} == set(KNOWN)


def test_our_own_templates_as_anybody_s_in_any_order() -> None:
    found = blueprint.Found(artefact_key="a.zip", secret_key="s" * 50)
    stage = Mutation("", "site", "", frozenset()).stage
    files = [TEMPLATES / f"{noun}.yaml" for noun in sorted(blueprint.nouns(stage, found))]
    declared = {name for file in files for name in Template.read(file).parameters}
    parameters = {name: value for name, value in blueprint.parameters(stage, found).items() if name in declared}
    judgement = cases.of_files(files, parameters, COMPANY, None, date(2026, 11, 22)).judgement

    assert judgement.findings == ()
    # The list that AWS keeps of S3's addresses is not among templates.
    assert {one.reason for one in judgement.questions} == {"pl-00000000 is not among what is judged here"}
