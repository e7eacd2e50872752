"""The map: arrows only where rules of the templates let traffic pass; and documents that go stale loudly."""

import re
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

    reached = {flow.source: set(flow.ports) for flow in found.flows if flow.target == "inside"}
    assert reached == {"web": {636}, "tasks": {636, 443, 587, 465}}


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
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<', drawn_text)
    held = [(float(x), float(y), said) for x, y, said in found]
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


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({}, "Direct Connect / Transit Gateway"),
        ({"link": "transit-gateway"}, ">Transit Gateway<"),
        ({"link": "peering"}, "VPC peering"),
        ({"names": "inbound"}, "Resolver inbound"),
        ({"names": "own-endpoint"}, "Resolver outbound"),
        ({"names": "shared-rule"}, "shared Resolver rule"),
        ({"names": "fixed"}, "fixed addresses"),
    ],
)
def test_the_link_and_who_finds_whose_names_are_drawn(choice: dict[str, str], said: str) -> None:
    assert said in draw.svg(drawn(**choice), "en")
    assert choice == {} or said not in draw.svg(drawn(), "en")


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
        "*.ap-northeast-1.vpce.amazonaws.com",
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


def requested(*, language: Language = "en", **choice: str) -> str:
    made = combinations.combine({**combinations.default(), **choice})
    assert made is not None
    return request.text(made.stage, language)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_request_names_the_ways_into_the_company_and_back(language: Language) -> None:
    said = requested(language=language, inside="systems", names="own-endpoint")

    assert re.search(r"10\.20\.0\.0/26, 10\.20\.0\.64/26 .*10\.1\.2\.20/32", said)
    assert re.search(r"10\.20\.0\.128/27, 10\.20\.0\.160/27 .*10\.1\.0\.53/32", said)
    assert re.search(r"corp\.example\.co\.jp, ad\.example\.co\.jp", said)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_request_names_the_rules_of_groups_and_the_policies_of_endpoints_that_exist(language: Language) -> None:
    said = requested(
        language=language, network="existing-vpc", groups="existing", endpoints="existing", inside="systems"
    )
    ids = combinations.EXISTING

    out, inward = ("out", "in") if language == "en" else ("送信", "受信")
    assert f"| {ids['web_group']} (web) | {out} | {ids['database_group']} | TCP 5432 |" in said
    assert f"| {ids['tasks_group']} (tasks) | {out} | 10.1.2.20/32 | TCP 443 |" in said
    assert f"| {ids['web_group']} (web) | {out} | 10.1.2.20/32 | TCP 443 |" not in said
    assert f"| {ids['endpoint_group']} (endpoints) | {inward} | 10.1.0.0/16 | TCP 443 |" in said
    assert said.index(ids["s3"]) < said.index('"Sid": "PresignedAttachments"')
    assert '"Sid": "CallOurApi"' in said


def test_a_request_asks_for_nothing_in_groups_and_endpoints_that_we_make() -> None:
    said = requested()

    assert "Security groups that exist" not in said
    assert '"Sid": "CallOurApi"' not in said


def test_a_request_names_what_the_other_end_of_a_link_must_do() -> None:
    assert f"Sharing of {combinations.EXISTING['transit_gateway']}" in requested(link="transit-gateway")
    assert f"For peering with {combinations.EXISTING['peer_vpc']}" in requested(link="peering")
    assert "route tables are yours" in requested(network="existing-subnets", link="peering")
    assert "route tables are yours" not in requested(link="peering")


def test_a_request_forwards_both_names_that_browsers_use_to_the_resolver() -> None:
    said = requested(names="inbound")

    assert "ap-northeast-1.vpce.amazonaws.com and execute-api.ap-northeast-1.amazonaws.com" in said


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("choice", "names", "nowhere"),
    [
        ({"door": "load-balancer"}, {"vpce", "elb"}, "execute-api"),
        ({"door": "load-balancer", "attachments": "no"}, {"elb"}, "vpce"),
        ({"door": "api"}, {"vpce", "execute-api"}, "elb"),
        ({"door": "api", "attachments": "function"}, {"execute-api"}, "vpce"),
        ({}, {"vpce", "execute-api"}, "elb"),
    ],
)
def test_a_request_names_the_names_of_its_own_door_only(
    language: Language, choice: dict[str, str], names: set[str], nowhere: str
) -> None:
    said = requested(language=language, names="inbound", **choice).partition("### ")[0]
    public, forwarded, direct = (line for line in said.splitlines() if ".amazonaws.com" in line or "PAC" in line)

    for line in (public, forwarded):
        assert {name for name in ("vpce", "execute-api", "elb") if name in line} == names
        assert nowhere not in line
    assert ("ringi.corp.example.co.jp" in direct) == ("elb" in names)
    assert "elb" not in direct  # no browser is told of it


def test_a_request_names_the_services_that_use_the_key_by_themselves() -> None:
    assert "logs.ap-northeast-1.amazonaws.com, cloudwatch.amazonaws.com" in requested(key="own", alarms="mail")
    assert "cloudwatch.amazonaws.com" not in requested(key="own")
