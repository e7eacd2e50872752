"""The second VPC: it looks by itself, lets nobody in, and leaves nothing behind."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import deploy.__main__ as deploy
from deploy import blueprint, combinations, stage_file
from deploy.cfn import Template
from deploy.closedness import subject
from deploy.closedness.judgement import judge
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.verification import PROBE_IMAGE, WINDOWS_IMAGE, Verification, hand_out
from tests.deploy import cloud, surroundings
from tests.deploy.surroundings import client

IMAGE = "ami-0123456789abcdef0"


@pytest.fixture(autouse=True)
def empty_cloud() -> Iterator[None]:
    with local_cloud():
        for name in (PROBE_IMAGE, WINDOWS_IMAGE):
            client("ssm").put_parameter(Name=name.replace("/aws/", "/of-aws/"), Value=IMAGE, Type="String")
        yield


class Place(Verification):
    """A verification whose images have other names: nobody but AWS may write below /aws/."""

    def _image(self, name: str) -> str:
        return super()._image(name.replace("/aws/", "/of-aws/"))


def placed(level: str = "none", said: list[str] | None = None, network: str = "new") -> Place:
    """A stage whose stacks stand, and the verification of it."""
    made = combinations.combine({**combinations.default(), "link": level, "alarms": "off", "network": network})
    assert made is not None
    stage = surroundings.stage(made.text)
    stacks = cloud.stacks(stage)
    values = blueprint.parameters(stage, stacks.found())
    stacks.runner.up(stacks.name("network"), blueprint.template("network"), values)
    say = (said if said is not None else []).append
    return Place(stage, stacks.account, "en", say, lambda _stack: True, pause=lambda _seconds: None)


def left() -> dict[str, list[Any]]:
    """Everything of a kind that a verification makes, in the account."""
    ec2 = client("ec2")
    machines = [one for found in ec2.describe_instances()["Reservations"] for one in found["Instances"]]
    peerings = ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    tables = ec2.describe_route_tables()["RouteTables"]
    return {
        **{key: value for key, value in cloud.left_behind().items() if key in ("endpoints", "buckets", "roles")},
        "machines": [one["InstanceId"] for one in machines if one["State"]["Name"] != "terminated"],
        "vpcs": sorted(one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]),
        "peerings": [one for one in peerings if one["Status"]["Code"] != "deleted"],
        "routes": sorted(str(route) for table in tables for route in table["Routes"]),
        "profiles": client("iam").list_instance_profiles()["InstanceProfiles"],
    }


@pytest.mark.parametrize("level", ["none", "transit-gateway"])
def test_it_comes_up_whole_and_goes_with_its_routes_on_both_sides(level: str) -> None:
    place = placed(level)
    before = left()

    place.up(windows=True)
    assert cloud.absent() == []
    standing = left()
    assert all(len(standing[key]) > len(before[key]) for key in ("machines", "vpcs", "routes", "roles", "buckets"))
    assert bool(standing["peerings"]) == (level == "none")

    client("s3").put_object(Bucket=place.bucket, Key="report.json", Body=b"{}")
    place.down()
    assert left() == before


def test_a_stage_that_is_looked_at_goes_down_only_after_it() -> None:
    place = placed()
    stacks = cloud.stacks(place.stage)
    stacks.check_down("")  # never brought up, it is in nobody's way
    place.up()

    with pytest.raises(Failure, match="verification poc down"):
        stacks.check_down("")
    place.down()
    stacks.check_down("")


def test_it_says_the_exact_commands_to_look() -> None:
    said: list[str] = []
    outputs = placed(said=said).up(windows=True)
    text = "\n".join(said)

    assert "python -m deploy verification poc run\n" in text
    assert f"--target {outputs['WindowsId']} --document-name AWS-StartPortForwardingSession" in text
    assert "python -m deploy verification poc down" in text
    assert "It takes 10.1.255.192/26" in text


@pytest.mark.parametrize(("level", "asked"), [("none", "have them route {}"), ("transit-gateway", "answers to {}")])
def test_whose_subnets_are_anothers_is_told_which_routes_to_ask_for_and_to_have_removed(level: str, asked: str) -> None:
    said: list[str] = []
    place = placed(level, said, network="existing-subnets")
    outputs = place.up()
    (told,) = (line for line in said if "belong to others" in line)
    kind = "pcx-" if level == "none" else "tgw-"
    assert asked.format("10.1.255.192/26") in told
    assert outputs["LinkId"].startswith(kind)
    assert outputs["LinkId"] in told
    assert place.stage.several("network.lb_subnets")[0] in told

    said.clear()
    place.down()
    assert any("have them remove it" in line for line in said) == (level == "none")


def test_a_load_balancers_name_is_known_there_as_the_companys_dns_would_know_it() -> None:
    place = placed()
    place.stage = replace(place.stage, values={**place.stage.values, "balancer.host": "ringi.corp.example.co.jp"})
    text = 'Resources: {Any: {Type: "AWS::SNS::Topic"}}\nOutputs: {BalancerAddress: {Value: internal-x.elb.example}}\n'
    place.runner.up("cloister-poc-loadbalancer", Template.parse(text, name="loadbalancer"), {})

    place.up()

    assert cloud.absent() == []
    (zone,) = client("route53").list_hosted_zones()["HostedZones"]
    records = client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    told = {record["Name"]: record["ResourceRecords"] for record in records if record["Type"] == "CNAME"}
    assert (zone["Name"], zone["Config"]["PrivateZone"]) == ("corp.example.co.jp.", True)
    assert told == {"ringi.corp.example.co.jp.": [{"Value": "internal-x.elb.example"}]}


def test_the_probe_looks_with_what_it_is_given_and_its_report_is_handed_back(tmp_path: Path) -> None:
    place = placed()
    probe = place.up()["ProbeId"]

    def pause(_seconds: float) -> None:
        """What the machine does meanwhile: started, it stores its report."""
        held = client("s3").get_object(Bucket=place.bucket, Key="verify.py")["Body"].read()
        if place._state(probe) == "running":
            client("s3").put_object(Bucket=place.bucket, Key="report.json", Body=json.dumps({"ran": held.decode()}))

    place.pause = pause
    place.language = "ja"
    assert place.look("print('{}')") == {"ran": "print('{}')"}
    assert client("s3").get_object(Bucket=place.bucket, Key="language")["Body"].read() == b"ja"
    place.language = "en"
    with pytest.raises(Failure, match="certificates in PEM form"):
        place.look("print('{}')", tmp_path / "missing.pem")
    (tmp_path / "corp.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    place.look("print('{}')", tmp_path / "corp.pem")
    assert client("s3").head_object(Bucket=place.bucket, Key="ca.pem")
    place.look("print('{}')")
    assert not client("s3").list_objects_v2(Bucket=place.bucket, Prefix="ca.pem").get("KeyCount")


def test_the_probe_signs_in_by_an_account_that_nobody_finds_afterwards() -> None:
    place = placed()
    probe = place.up()["ProbeId"]

    def pause(_seconds: float) -> None:
        if place._state(probe) == "running":
            told = client("s3").get_object(Bucket=place.bucket, Key="account")["Body"].read()
            client("s3").put_object(Bucket=place.bucket, Key="report.json", Body=json.dumps({"told": told.decode()}))

    place.pause = pause
    assert place.look("", signed_in=("verify-1", "a password")) == {"told": "verify-1\na password\n"}
    assert not client("s3").list_objects_v2(Bucket=place.bucket, Prefix="account").get("KeyCount")


def test_without_a_function_that_makes_accounts_the_rest_is_looked_at(tmp_path: Path) -> None:
    said: list[str] = []
    place = placed(said=said)
    probe = place.up()["ProbeId"]

    def pause(_seconds: float) -> None:
        if place._state(probe) == "running":
            client("s3").put_object(Bucket=place.bucket, Key="report.json", Body=b"{}")

    place.pause = pause
    (tmp_path / "verify.py").write_text("")
    assert place.run(tmp_path / "verify.py", None, sign_in=True) == {}
    assert "The account for signing in could not be made" in "\n".join(said)


def test_a_probe_that_says_nothing_is_not_waited_for_without_end() -> None:
    place = placed()
    place.up()

    with pytest.raises(Failure, match="get-console-output"):
        place.look("")


@pytest.mark.parametrize("cidr", ["10.20.0.0/26", "10.99.0.0/26", "10.1.0.0/16", "somewhere"])
def test_a_range_that_the_stage_does_not_admit_is_refused(cidr: str) -> None:
    with pytest.raises(Failure, match=r"inside a range of corporate\.cidrs"):
        placed().up(cidr)


@pytest.mark.parametrize(
    ("corporate", "range_"),
    [
        (("10.1.0.0/16",), "10.1.255.192/26"),
        (("10.1.2.0/26",), "10.1.2.0/26"),
        (("10.1.0.32/27",), "10.1.0.32/27"),
        (("10.1.0.4/32", "10.1.0.16/28"), "10.1.0.16/28"),
    ],
)
def test_without_a_range_it_takes_the_end_of_the_first_that_has_room(corporate: tuple[str, ...], range_: str) -> None:
    place = placed()
    place.stage = replace(place.stage, values={**place.stage.values, "corporate.cidrs": corporate})

    place.up()

    assert range_ in {vpc["CidrBlock"] for vpc in client("ec2").describe_vpcs()["Vpcs"]}


def test_where_no_range_has_room_that_is_said() -> None:
    place = placed()
    place.stage = replace(place.stage, values={**place.stage.values, "corporate.cidrs": ("10.1.0.4/32",)})

    with pytest.raises(Failure, match=r"corporate\.cidrs \(10\.1\.0\.4/32\) has no room"):
        place.up()


def test_what_stands_keeps_its_range_when_a_host_is_added() -> None:
    place = placed()
    place.up("10.1.5.0/26")
    (own,) = (vpc["VpcId"] for vpc in client("ec2").describe_vpcs()["Vpcs"] if vpc["CidrBlock"] == "10.1.5.0/26")

    assert "WindowsId" in place.up(windows=True)
    assert own in {vpc["VpcId"] for vpc in client("ec2").describe_vpcs()["Vpcs"]}


@pytest.mark.parametrize(
    ("report", "status"), [({"exit": 0}, 0), ({"exit": 1}, 1), ({"exit": 2}, 2), ({"error": "no Python"}, 2)]
)
def test_a_report_is_handed_out_as_it_is_and_answers_for_itself(
    capsys: pytest.CaptureFixture[str], report: dict[str, object], status: int
) -> None:
    assert hand_out(report) == status
    assert json.loads(capsys.readouterr().out) == report


def test_what_aws_refuses_is_said_and_how_to_go_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_file, "STAGES", tmp_path)
    (tmp_path / "poc.toml").write_text("")
    placed()

    assert deploy.main(["verification", "poc", "up", "--yes"]) == 1  # nobody has put the images' names there
    told = capsys.readouterr().err
    assert "AWS refused or could not be reached: " in told
    assert "python -m deploy verification poc down" in told


def test_nothing_to_look_at_or_with_is_said_before_anything_is_made(tmp_path: Path) -> None:
    place = placed()
    for given in (None, tmp_path / "verify.py"):
        with pytest.raises(Failure, match="verification poc up"):
            place.written(given)
    place.up()
    with pytest.raises(Failure, match="--write"):
        place.written(tmp_path / "verify.py")
    (tmp_path / "verify.py").write_text("print('{}')")
    assert place.written(tmp_path / "verify.py") == "print('{}')"


class TestTheTemplate:
    def test_lets_nobody_in_and_carries_no_key(self) -> None:
        resources = blueprint.template("verification").resources
        for name in ("Probe", "WindowsHost"):
            properties = resources[name].properties
            assert "KeyName" not in properties
            assert "NetworkInterfaces" not in properties
        for name in ("ProbeGroup", "WindowsGroup"):
            assert "SecurityGroupIngress" not in resources[name].properties
        assert resources["Subnet"].properties["MapPublicIpOnLaunch"] is False

    @pytest.mark.parametrize(("old", "new"), [
        ("MapPublicIpOnLaunch: false", "MapPublicIpOnLaunch: true"),
        ("CidrIp: !Ref VpcCidr, Description: the stage", "CidrIp: 0.0.0.0/0, Description: the stage"),
        ("", ""),
    ])  # fmt: skip
    def test_is_judged_by_the_same_rules(self, old: str, new: str) -> None:
        import ipaddress

        text = blueprint.template("verification").text.replace(old, new) if old else None
        template = Template.parse(text, name="verification") if text else blueprint.template("verification")
        values = {"VpcId": "vpc-0a", "S3PrefixList": "pl-0a", "VerificationBucket": "looks", "ProbeImage": IMAGE}
        values |= {"WindowsImage": IMAGE, "Windows": "true"}
        corporate = (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("10.20.0.0/24"))
        world, _ = subject.of_templates([template], {"verification": "verification.yaml"}, values, corporate)

        found = {one.rule.id for one in judge(world).findings}
        assert bool(found & {"public-subnet", "egress-wide"}) == bool(old)
        assert old or not found
