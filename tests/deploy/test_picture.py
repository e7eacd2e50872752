"""The map: arrows only where rules of the templates let traffic pass; and documents that go stale loudly."""

from xml.dom import minidom

import pytest

from deploy import combinations, documents, request
from deploy.map import draw
from deploy.map.picture import Picture, picture
from deploy.stage_file import parse
from deploy.words import Language
from tests.deploy.paths import ROOT, STAGE_FILE


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


def test_what_functions_in_groups_of_others_are_to_reach_is_drawn_too() -> None:
    found = drawn(network="existing-vpc", groups="existing", inside="systems", secrets="ssm")
    reached = {(flow.source, flow.target): (flow.ports, flow.known) for flow in found.flows}

    assert reached["web", "inside"] == ((636,), False)
    assert reached["tasks", "inside"] == ((636, 443, 587, 465), False)
    assert reached["tasks", "endpoints"] == ((443,), False)


def test_long_names_and_many_ranges_stay_inside_their_boxes() -> None:
    text = """
    [corporate]
    cidrs = ["100.64.128.0/17", "100.65.128.0/17", "100.66.128.0/17", "100.67.128.0/17", "100.68.128.0/17",
             "100.69.128.0/17", "100.70.128.0/17", "100.71.128.0/17"]
    [destinations."基幹会計システム 本番環境 東日本"]
    addresses = ["10.1.102.120", "10.1.102.121"]
    ports = [443, 8443, 9443]
    """
    drawn_text = draw.svg(picture(parse(text, name="poc", path=STAGE_FILE)), "ja")
    texts = minidom.parseString(drawn_text).getElementsByTagName("text")  # noqa: S318  our own text, a line above
    held = [(float(one.getAttribute("x")), float(one.getAttribute("y")), one.firstChild.data) for one in texts]
    users = [(x, y) for x, y, said in held if said.endswith("/17")]

    assert {x for x, _ in users} == {draw.LEFT + 32}
    assert max(y for _, y in users) < draw.LB + 190
    assert "基幹会計システ…: 10.1.102.120 +1" in [said for _, _, said in held]
    assert "443 +2" in [said for _, _, said in held]


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
