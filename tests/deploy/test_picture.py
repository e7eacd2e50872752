"""The map: arrows only where rules of the templates let traffic pass; and documents that go stale loudly."""

from xml.dom import minidom

import pytest

from deploy import combinations, documents, request
from deploy.map import draw
from deploy.map.picture import Picture, picture
from deploy.words import Language
from tests.deploy.paths import ROOT


def drawn(**choice: str) -> Picture:
    made = combinations.combine({**combinations.default(), **choice})
    assert made is not None
    return picture(made.stage)


def test_the_default_stage_lets_users_in_and_functions_to_the_database_only() -> None:
    flows = {(flow.source, flow.target): flow.ports for flow in drawn().flows}

    assert flows == {
        ("users", "endpoints"): (443,),
        ("web", "database"): (5432,),
        ("web", "s3-gateway"): (443,),
        ("tasks", "database"): (5432,),
        ("tasks", "s3-gateway"): (443,),
    }
    assert not drawn().internet


def test_declared_systems_get_their_arrows() -> None:
    found = drawn(inside="systems")

    assert found.flow("web", "inside").ports == (636,)  # type: ignore[union-attr]  # None would fail just as well
    assert set(found.flow("tasks", "inside").ports) == {636, 443, 587, 465}  # type: ignore[union-attr]  # as above


def test_what_others_own_is_drawn_as_not_known() -> None:
    found = drawn(network="existing-subnets", groups="existing")

    assert all(not flow.known for flow in found.flows)
    assert all(tier.existing for tier in found.tiers)


def test_every_option_can_be_drawn() -> None:
    for place, made in enumerate(combinations.singles()):
        drawn_text = draw.svg(picture(made.stage), "ja" if place % 2 else "en")
        root = minidom.parseString(drawn_text).documentElement  # noqa: S318  our own text, a line above
        assert root is not None
        assert root.tagName == "svg"


def test_the_documents_are_up_to_date() -> None:
    stale = [name for name, text in documents.documents().items() if (ROOT / name).read_text(encoding="utf-8") != text]

    assert stale == [], "write them again with: python -m deploy documents"


def test_the_example_stage_is_what_init_writes() -> None:
    from deploy import init

    assert (ROOT / "deploy" / "stages" / "poc.toml").read_text(encoding="utf-8") == init.text()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_request_names_all_that_other_teams_must_grant(language: Language) -> None:
    made = combinations.combine(
        {**combinations.default(), "inside": "systems", "names": "own-endpoint", "key": "own", "roles": "bounded"}
    )
    assert made is not None
    said = request.text(made.stage, language)

    for part in (
        "10.20.0.0/24",
        "10.20.0.128/27",
        "| 10.1.0.0/16 | 10.20.0.128/27, 10.20.0.160/27 | TCP 443 |",
        "| 10.20.0.0/26, 10.20.0.64/26 | 10.1.2.20/32 | TCP 443 |",
        "| 10.20.0.128/27, 10.20.0.160/27 | 10.1.0.53/32, 10.1.1.53/32 | UDP/TCP 53 |",
        "*.vpce.amazonaws.com",
        combinations.EXISTING["key"],
        "policy/boundary",
        "cloister-poc-deploy-network",
        '"Sid": "MakeNetwork"',
    ):
        assert part in said, part


def test_a_request_lists_the_rights_of_roles_that_exist_already() -> None:
    made = combinations.combine({**combinations.default(), "roles": "given"})
    assert made is not None

    assert "arn:aws:iam::123456789012:role/given-web" in request.text(made.stage, "en")
    assert '"Sid": "SignAttachments"' in request.text(made.stage, "en")
