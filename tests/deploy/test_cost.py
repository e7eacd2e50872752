"""Costs: the arithmetic of the facts, unknowns that stay unknown, and a verdict that follows the numbers."""

import argparse
import datetime
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy.__main__ import main
from deploy.cost import chart, model, prices, refresh, verb, verdict
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.stage_file import parse
from deploy.words import Language
from tests.deploy.paths import STAGE_FILE

TOKYO = prices.read("ap-northeast-1")


def stage(text: str = "") -> Stage:
    return parse(text, name="poc", path=STAGE_FILE)


def bills(text: str = "", requests: int = 100_000) -> dict[str, model.Bill]:
    found = [model.stage_bill(stage(text), TOKYO, requests), *model.alternatives(TOKYO, requests, stage(text))]
    return {bill.key: bill for bill in found}


def test_the_default_network_costs_at_most_41_dollars_and_the_origins_102() -> None:
    found = bills()

    assert found["stage"].group("network") == pytest.approx(40.88)
    assert found["origin"].group("network") == pytest.approx(102.20)


def test_the_arithmetic_is_that_of_the_facts() -> None:
    found = bills(requests=1_000_000)
    ledger = model.Ledger(TOKYO)

    assert ledger.endpoint("x").usd == pytest.approx(20.44)
    assert found["small"].group("compute") == pytest.approx(19.856)
    assert found["stage"].group("compute") == pytest.approx(4.25 + 0.20 + 1.66667, abs=0.001)
    resolver = bills("[dns]\ninbound = true")["stage"].group("network") - found["stage"].group("network")
    assert resolver == pytest.approx(182.50)


def test_the_database_is_part_of_every_bill() -> None:
    assert {round(bill.group("database"), 2) for bill in bills().values()} == {21.41}


def test_a_price_without_a_source_is_unknown_and_the_total_at_least() -> None:
    bill = bills('[database]\nsize = "db.t4g.large"')["stage"]

    assert any(line.usd is None and line.price == "rds.db.t4g.large.hour" for line in bill.lines)
    assert bill.unknown
    told = verb.lines(list(bills('[database]\nsize = "db.t4g.large"').values()), TOKYO, 1000, "en")
    assert any("unknown" in line and "db.t4g.large" in line for line in told)
    assert any("at least" in line and "total" in line for line in told)


def test_osaka_has_no_price_with_a_source_yet() -> None:
    osaka = prices.read("ap-northeast-3")
    bill = model.stage_bill(stage(), osaka, 1000)

    assert bill.total == 0
    assert all(line.usd is None for line in bill.lines)


def test_nothing_is_judged_where_the_prices_that_decide_are_unknown() -> None:
    held = prices.read("ap-northeast-3")
    stage = parse('[aws]\nregion = "ap-northeast-3"\n', name="poc", path=STAGE_FILE)
    bills = [model.stage_bill(stage, held, 1000), *model.alternatives(held, 1000, stage)]
    said = "\n".join(verb.lines(bills, held, 1000, "en"))

    assert "Not judged: prices that decide it are unknown here." in said
    assert said.count("unknown, for want of prices") == 4
    assert "cheaper" not in said
    assert "0 %" not in said
    assert all(verdict.break_even(bills[0], other, held).cheaper is None for other in bills[1:])


@pytest.mark.parametrize("written", ["-1", "-5,000", "many", "1.5"])
def test_a_number_of_requests_that_is_none_is_refused(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cost", f"--requests={written}"])

    assert "--requests" in capsys.readouterr().err


def test_requests_may_be_none_and_millions_are_written_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--requests", "0"]) == 0
    assert main(["cost", "--requests", "2,000,000,000,000"]) == 0

    assert "2,000,000 million requests" in capsys.readouterr().out


def test_a_chart_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--chart", str(tmp_path / "absent" / "c.svg")]) == 1

    assert str(tmp_path / "absent" / "c.svg") in capsys.readouterr().err


def test_shared_endpoints_cost_the_stage_nothing() -> None:
    shared = '[network]\nvpc = "vpc-01234567"\n[endpoints]\nexecute_api = "vpce-01234567"\ns3 = "vpce-12345678"\n'

    assert bills(shared)["stage"].group("network") == 0


def test_the_break_even_follows_fixed_costs() -> None:
    found = bills()
    small = verdict.break_even(found["stage"], found["small"], TOKYO)
    medium = verdict.break_even(found["stage"], found["medium"], TOKYO)
    origin = verdict.break_even(found["stage"], found["origin"], TOKYO)

    assert not small.cheaper
    assert medium.cheaper
    assert medium.requests is not None
    at = bills(requests=medium.requests)
    assert at["stage"].total - at["stage"].group("storage") == pytest.approx(
        at["medium"].total - at["medium"].group("storage"), abs=0.01
    )
    assert (origin.cheaper, origin.requests) == (True, None)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "False against one bare t3.small"),
        (
            '[network]\nvpc = "vpc-01234567"\n[endpoints]\nexecute_api = "vpce-01234567"\ns3 = "vpce-12345678"\n',
            "True here",
        ),
        ("[dns]\ninbound = true\n", "False here"),
    ],
)
def test_the_verdict_on_the_articles_claim_follows_the_numbers(text: str, part: str) -> None:
    found = bills(text)

    assert part in verdict.claim(found["stage"], found).en
    assert verdict.claim(found["stage"], found).ja


def test_json_names_every_price_with_source_and_date(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    picture = tmp_path / "c.svg"
    arguments = argparse.Namespace(stage=None, region=None, requests=1000, json=True, chart=picture, refresh=False)
    assert verb.run(arguments) == 0

    document = json.loads(capsys.readouterr().out)
    assert [bill["key"] for bill in document["bills"]] == ["stage", "origin", "fargate", "small", "medium"]
    assert all(price["source"] and price["read"] for price in document["prices"].values())
    assert "<svg" in picture.read_text()


def test_the_report_is_in_both_languages() -> None:
    words: tuple[tuple[Language, str], ...] = (("en", "The article's claim"), ("ja", "元記事の主張"))
    for language, word in words:
        assert any(word in line for line in verb.lines(list(bills().values()), TOKYO, 100, language))
    assert "月額" in chart.svg(list(bills().values()), name="東京", requests=10, language="ja")


LIST = """\
"FormatVersion","v1.0"
"Disclaimer","..."
"Publication Date","2026-11-01T00:00:00Z"
"Version","1"
"OfferCode","x"
"SKU","TermType","StartingRange","EndingRange","Unit","PricePerUnit","usageType","Operating System","Tenancy","Pre "
"Installed S/W","CapacityStatus","Database Engine","Deployment Option"
"1","OnDemand","0","Inf","Hrs","0.0150000000","APN1-VpcEndpoint-Hours","","","","","",""
"2","OnDemand","1000","Inf","Hrs","0.0100000000","APN1-VpcEndpoint-Hours","","","","","",""
"3","OnDemand","0","Inf","Hrs","0.0900000000","APN1-BoxUsage:t3.small","Windows","Shared","NA","Used","",""
"4","OnDemand","0","Inf","Hrs","0.0280000000","APN1-BoxUsage:t3.small","Linux","Shared","NA","Used","",""
"5","Reserved","","","Hrs","0.0010000000","APN1-BoxUsage:t3.small","Linux","Shared","NA","Used","",""
"6","OnDemand","0","Inf","Requests","0.0000002000","APN1-Request","","","","","",""
"7","OnDemand","0","Inf","Hrs","0","APN1-Fargate-GB-Hours","","","","","",""
"""


@pytest.fixture
def price_list() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(LIST.encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{{service}}/{{region}}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_refresh_rewrites_prices_from_the_public_list(price_list: str, tmp_path: Path) -> None:
    found = refresh.fetch("ap-northeast-1", address=price_list, today=datetime.date(2026, 11, 22))

    assert found.usd("endpoint.hour") == 0.015
    assert found.usd("t3.small.hour") == 0.028
    assert found.usd("lambda.million") == pytest.approx(0.20)
    assert found.usd("fargate.gb_hour") is None
    assert found.held["endpoint.hour"].read == "2026-11-22"
    (tmp_path / "ap-northeast-1.toml").write_text(prices.text(found))
    assert prices.read("ap-northeast-1", folder=tmp_path) == found


def test_refresh_without_a_way_out_changes_nothing_and_says_how() -> None:
    with pytest.raises(Failure, match="HTTPS_PROXY"):
        refresh.fetch("ap-northeast-1", address="http://127.0.0.1:9/{service}/{region}")


def test_a_region_without_prices_is_refused_by_name() -> None:
    with pytest.raises(Failure, match="ap-northeast-1, ap-northeast-3, us-east-1"):
        prices.read("eu-west-1")


def test_price_files_are_as_they_would_be_written() -> None:
    for region in prices.regions():
        for price in prices.read(region).held.values():
            assert price.source
            assert price.read
            assert price.usd > 0
            assert price.key in refresh.WANTED


@pytest.mark.parametrize("region", prices.regions())
def test_every_term_of_a_price_file_is_said_in_japanese(region: str) -> None:
    held = prices.read(region)
    words = {held.name, *(term for price in held.held.values() for term in (price.unit, price.source))}

    assert {word for word in words if word != "GB" and prices.said(word, "ja") == word} == set()
    assert {prices.said(word, "en") for word in words} == words
