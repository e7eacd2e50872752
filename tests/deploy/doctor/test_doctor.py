"""What the doctor finds, and that it finds nothing where all is well."""

import argparse
import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import stage_file
from deploy.doctor import account, machine, versions
from deploy.doctor.finding import Finding
from deploy.doctor.verb import run
from deploy.rehearsal.cloud import local_cloud
from deploy.stage import Stage
from deploy.stage_file import parse
from tests.deploy import cloud
from tests.deploy.container.test_images import FARGATE
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import client

NOW = dt.datetime(2026, 11, 22, 6, 0, tzinfo=dt.UTC)
AROUND = {"NO_PROXY": "localhost,127.0.0.1,169.254.169.254"}


def stage(text: str = "") -> Stage:
    return parse(text, name="poc", path=STAGE_FILE)


def verdicts(findings: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(finding.verdict, finding.found.en) for finding in findings]


def privately_named(vpc: str, service: str) -> str:
    """Make an endpoint whose private names are on, and return its id."""
    told = client("ec2").create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.ap-northeast-1.{service}",
        VpcEndpointType="Interface",
        PrivateDnsEnabled=True,
    )
    return str(told["VpcEndpoint"]["VpcEndpointId"])


class TestTheMachine:
    def test_with_another_python_is_bad(self) -> None:
        found = machine.python((3, 12))
        assert (found.verdict, found.found.en) == ("bad", "3.12, but the function runs 3.13")
        assert machine.python((3, 13)).verdict == "good"

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({}, [("good", "none is set")]),
            (AROUND | {"HTTPS_PROXY": "http://me:secret@proxy:8080"}, [("good", "proxy:8080")]),
            (AROUND | {"HTTPS_PROXY": "proxy:8080"}, [("bad", "HTTPS_PROXY=proxy:8080 has no scheme")]),
            (
                AROUND | {"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:1"},
                [("bad", "HTTPS_PROXY and https_proxy differ")],
            ),
            (
                {"https_proxy": "http://a:1", "no_proxy": "localhost"},
                [("good", "http://a:1"), ("look", "NO_PROXY lacks 127.0.0.1,169.254.169.254")],
            ),
        ],
    )
    def test_has_a_proxy_that_every_tool_reads_alike(
        self, given: dict[str, str], expected: list[tuple[str, str]]
    ) -> None:
        assert verdicts(machine.proxy(given)) == expected

    def test_names_whoever_was_not_told_of_the_private_certificates(self, tmp_path: Path) -> None:
        file = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
        ((verdict, found),) = verdicts(machine.certificates({"AWS_CA_BUNDLE": file}))
        assert verdict == "look"
        assert found.startswith("not told to everyone: REQUESTS_CA_BUNDLE (Zappa), PIP_CERT (pip)")
        assert verdicts(machine.certificates(dict.fromkeys(machine.CERTIFICATES, file))) == [
            ("good", "told to every tool")
        ]

    def test_names_a_file_of_certificates_that_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").write_text("nothing")
        first, *_rest = machine.certificates({"PIP_CERT": str(tmp_path / "ca.pem")})
        assert first.verdict == "bad"
        assert first.found.en.startswith(f"PIP_CERT={tmp_path}/ca.pem: ")


class TestVersions:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [(dt.date(2026, 11, 22), {"good"}), (dt.date(2028, 3, 1), {"good", "look"}), (dt.date(2031, 1, 1), {"bad"})],
    )
    def test_are_told_with_their_end_dates(self, day: dt.date, expected: set[str]) -> None:
        assert {finding.verdict for finding in versions.ends(day)} == expected

    def test_of_zappa_is_exact(self) -> None:
        assert versions.zappa("0.63.0").verdict == "good"
        assert versions.zappa("0.64.0").verdict == "bad"


class TestTheAccount:
    @pytest.fixture(autouse=True)
    def empty_cloud(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(name, raising=False)
        with local_cloud():
            yield

    def test_that_is_well_has_nothing_bad(self) -> None:
        stage_ = stage()
        found = list(account.findings(stage_, cloud.stacks(stage_).account, dt.datetime.now(dt.UTC)))
        assert [finding for finding in found if finding.verdict == "bad"] == []
        assert [finding.subject.en for finding in found][:3] == ["signed in as", "clock", "region"]

    def test_is_not_worked_in_as_root(self) -> None:
        assert account.identity({"Arn": "arn:aws:iam::123456789012:root"}).verdict == "bad"
        assert account.identity({"Arn": "arn:aws:sts::123456789012:assumed-role/deployer/me"}).verdict == "good"

    @pytest.mark.parametrize(("minutes", "verdict"), [(0, "good"), (2, "look"), (-2, "look"), (6, "bad"), (-6, "bad")])
    def test_refuses_a_clock_that_is_wrong(self, minutes: int, verdict: str) -> None:
        told = {"date": "Sun, 22 Nov 2026 06:00:00 GMT"}
        assert account.clock(told, NOW + dt.timedelta(minutes=minutes)).verdict == verdict

    def test_is_in_one_region_everywhere(self) -> None:
        assert verdicts(account.regions(stage(), {})) == [("good", "ap-northeast-1")]
        assert verdicts(account.regions(stage(), {"AWS_REGION": "us-east-1"})) == [
            ("bad", "the stage says ap-northeast-1, AWS_REGION says us-east-1")
        ]
        elsewhere = stage('[aws]\nregion = "us-east-1"\n')
        assert verdicts(account.regions(elsewhere, {"AWS_REGION": "us-east-1"})) == [
            ("bad", "the stage says us-east-1, zappa_settings.json says ap-northeast-1")
        ]

    def test_simulates_the_role_behind_a_session(self) -> None:
        session = "arn:aws:sts::123456789012:assumed-role/deployer/me"
        assert account._role(session) == "arn:aws:iam::123456789012:role/deployer"

    def test_has_one_private_name_a_vpc(self) -> None:
        vpc = client("ec2").create_vpc(CidrBlock="10.20.0.0/24")["Vpc"]["VpcId"]
        client("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
        lines = f'[network]\nvpc = "{vpc}"\n[endpoints]\nprivate_dns = true\n'
        wanted = cloud.stacks(stage(lines))
        assert list(account.private_names(stage(lines), wanted.account)) == []

        name = privately_named(vpc, "execute-api")

        (found,) = account.private_names(stage(lines), wanted.account)
        assert found.verdict == "bad"
        assert found.remedy is not None
        assert f'endpoints.execute_api = "{name}"' in found.remedy.en

    def test_finds_what_keeps_containers_from_their_services_in_a_vpc_of_others(self) -> None:
        vpc = client("ec2").create_vpc(CidrBlock="10.20.0.0/24")["Vpc"]["VpcId"]
        lines = f'{FARGATE}[network]\nvpc = "{vpc}"\n'
        given = cloud.stacks(stage(lines)).account
        ((verdict, found),) = verdicts(account.private_names(stage(lines), given))
        assert (verdict, found) == ("bad", f"enableDnsHostnames of {vpc} is off")

        client("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
        assert list(account.private_names(stage(lines), given)) == []

        name = privately_named(vpc, "ecr.dkr")
        (taken,) = account.private_names(stage(lines), given)
        assert taken.remedy is not None
        assert taken.remedy.en == f'Use it: endpoints.ecr_dkr = "{name}".'

    def test_may_have_another_vpc_or_says_whom_to_ask(self) -> None:
        given = cloud.stacks(stage()).account
        ((verdict, found),) = verdicts(account.quotas(stage(), given))
        allowed = int(found.split()[2])
        assert verdict == "good"

        held = len(client("ec2").describe_vpcs()["Vpcs"])
        for number in range(allowed - held):
            client("ec2").create_vpc(CidrBlock=f"10.{number}.0.0/16")

        assert verdicts(account.quotas(stage(), given)) == [("bad", f"{allowed} of {allowed} VPCs are used")]

    def test_exits_by_what_was_found(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "poc.toml").write_text("")
        monkeypatch.setattr(stage_file.read, "__kwdefaults__", {"folder": tmp_path})
        for name in (*machine.CERTIFICATES, "HTTPS_PROXY", "https_proxy"):
            monkeypatch.delenv(name, raising=False)

        assert run(argparse.Namespace(stage="poc")) == 0
        assert capsys.readouterr().out.endswith("Nothing stands in the way.\n")

        monkeypatch.setenv("AWS_REGION", "us-east-1")
        assert run(argparse.Namespace(stage="poc")) == 1
        assert capsys.readouterr().out.endswith("What stands in the way: 1.\n")


class TestZappasSettings:
    def test_that_lack_the_stage_are_bad_and_the_line_is_told(self) -> None:
        other = parse("", name="production", path=STAGE_FILE)

        (found,) = account.zappa_stage(other)

        assert (found.verdict, found.found.en) == ("bad", "zappa_settings.json has no stage production")
        assert found.remedy is not None
        assert '"production": {"extends": "common", "aws_region": "ap-northeast-1"}' in found.remedy.en

    def test_that_have_it_are_not_spoken_of(self) -> None:
        assert list(account.zappa_stage(stage())) == []
