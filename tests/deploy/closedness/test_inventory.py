"""An existing VPC, read by inventory and judged by the same rules; the cloud is moto."""

import ipaddress
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deploy import inventory
from deploy.closedness import cases, observed, subject
from deploy.closedness.judgement import CANNOT_TELL, OPEN, Judgement, judge
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.stage_file import parse
from tests.deploy.closedness.test_mutations import found
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import REGION, client

POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site-123456789012/*"}
    ],
}


MISSING = {
    "describe_client_vpn_endpoints": "ClientVpnEndpoints",
    "list_firewall_rule_group_associations": "FirewallRuleGroupAssociations",
}
"""Calls that moto does not know, and the key of their answers: none of these exists in a test."""


class Lacking:
    """A client of the local cloud that answers with nothing where moto has no answer at all."""

    def __init__(self, held: Any) -> None:
        self._held = held

    def __getattr__(self, name: str) -> Any:
        if name in MISSING:
            return lambda **_: {MISSING[name]: []}
        return getattr(self._held, name)

    def can_paginate(self, name: str) -> bool:
        return name not in MISSING and bool(self._held.can_paginate(name))


class Refusing(Lacking):
    """A client that is not allowed one of its calls."""

    def __init__(self, held: Any, refused: str) -> None:
        super().__init__(held)
        self._refused = refused

    def __getattr__(self, name: str) -> Any:
        return self._refuse if name == self._refused else super().__getattr__(name)

    def _refuse(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, self._refused)


class Network:
    """A VPC that somebody made by hand, with one subnet, a group and an S3 endpoint."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "inventory.json"
        self.ec2 = client("ec2")
        self.s3 = client("s3")
        self.bucket("site-123456789012")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.20.0.0/24")["Vpc"]["VpcId"]
        self.subnet = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.20.0.0/26")["Subnet"]["SubnetId"]
        tables = self.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])
        self.table = tables["RouteTables"][0]["RouteTableId"]
        self.group = self._group("endpoints")
        # AWS puts a group of its own into each VPC, which lets everything out: a careful team empties it.
        groups = self.ec2.describe_security_groups(
            Filters=[{"Name": "vpc-id", "Values": [self.vpc]}, {"Name": "group-name", "Values": ["default"]}]
        )
        self._empty(groups["SecurityGroups"][0]["GroupId"])
        self.endpoint = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.{REGION}.s3",
            VpcEndpointType="Interface",
            SubnetIds=[self.subnet],
            SecurityGroupIds=[self.group],
            PolicyDocument=json.dumps(POLICY),
        )["VpcEndpoint"]["VpcEndpointId"]

    def bucket(self, name: str, *, blocked: bool = True) -> str:
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if blocked:
            self.s3.put_public_access_block(
                Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(observed.BLOCKS, True)
            )
        return name

    def _group(self, name: str) -> str:
        group: str = self.ec2.create_security_group(VpcId=self.vpc, GroupName=name, Description=name)["GroupId"]
        self._empty(group)
        self.admit(group, "10.1.0.0/16")
        return group

    def _empty(self, group: str) -> None:
        held = self.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
        for direction, call in (
            ("IpPermissionsEgress", self.ec2.revoke_security_group_egress),
            ("IpPermissions", self.ec2.revoke_security_group_ingress),
        ):
            if held[direction]:
                call(GroupId=group, IpPermissions=held[direction])

    def admit(self, group: str, cidr: str) -> None:
        permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": cidr}]}
        self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])

    def take(self) -> dict[str, Any]:
        """Take the inventory and write it."""
        held = inventory.Reader(lambda service: Lacking(client(service)), [self.vpc]).read(REGION)
        self.file.write_text(json.dumps(held, default=str), encoding="utf-8")
        return held

    def judge(self) -> Judgement:
        self.take()
        company = (ipaddress.ip_network("10.1.0.0/16"),)
        return cases.of_files([], {}, company, self.file, date(2026, 11, 22)).judgement


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with local_cloud():
        yield Network(tmp_path)


class TestInventory:
    def test_reads_only_what_its_rights_allow(self, network: Network) -> None:
        held = network.take()

        assert held["refused"] == {}
        assert [vpc["VpcId"] for vpc in held["held"]["vpcs"]] == [network.vpc]
        (statement,) = inventory.permissions()["Statement"]
        for action in statement["Action"]:
            name = action.partition(":")[2]
            assert name == "GET" or name.startswith(("Describe", "List", "Get")), action

    def test_of_a_closed_vpc_is_closed(self, network: Network) -> None:
        judgement = network.judge()

        assert found(judgement) == {("dns-resolver", network.vpc)}
        assert judgement.questions == ()

    def test_shows_a_gateway_and_its_route(self, network: Network) -> None:
        gateway = network.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        network.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
        network.ec2.create_route(RouteTableId=network.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)

        findings = network.judge().findings

        assert {one.key for one in findings} == {
            ("internet-gateway", gateway),
            ("internet-route", f"{network.table} 0.0.0.0/0"),
        }
        (route,) = (one for one in findings if one.rule.id == "internet-route")
        assert network.subnet in route.what("ja")

    def test_shows_a_group_that_admits_the_world(self, network: Network) -> None:
        network.admit(network.group, "0.0.0.0/0")

        assert {one.rule.id for one in network.judge().findings} == {"ingress-wide"}

    def test_shows_an_endpoint_that_leads_to_strangers(self, network: Network) -> None:
        everything = {**POLICY, "Statement": [{**POLICY["Statement"][0], "Action": "*", "Resource": "*"}]}
        network.ec2.modify_vpc_endpoint(VpcEndpointId=network.endpoint, PolicyDocument=json.dumps(everything))

        assert {one.rule.id for one in network.judge().findings} == {"endpoint-open", "endpoint-write"}

    def test_that_was_refused_something_cannot_tell(self, network: Network) -> None:
        network.take()
        held = json.loads(network.file.read_text(encoding="utf-8"))
        network.file.write_text(json.dumps({**held, "refused": {"nat_gateways": "AccessDenied"}}), encoding="utf-8")
        judgement = cases.of_files([], {}, None, network.file, date(2026, 11, 22)).judgement

        assert judgement.status == CANNOT_TELL
        assert [one.where for one in judgement.questions] == ["nat_gateways"]

    def test_answers_for_what_a_stage_says_others_made(self, network: Network) -> None:
        network.take()
        stage = parse(f'[network]\nvpc = "{network.vpc}"\n', name="poc", path=STAGE_FILE)
        held = observed.read(network.file)
        without = judge(subject.of_stage(stage), signatures=())
        with_it = judge(subject.of_stage(stage, more=held.things, lists=held.lists), signatures=())

        assert without.status == OPEN  # functions, which nobody signed for
        assert [one.given for one in without.questions] == [network.vpc]
        assert with_it.questions == ()
        assert ("dns-resolver", network.vpc) in {one.key for one in with_it.findings}

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', '{"format": 99}', "no JSON"])
    def test_that_is_none_is_refused(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "other.json"
        path.write_text(content, encoding="utf-8")

        with pytest.raises(Failure, match=r"other\.json"):
            cases.of_files([], {}, None, path, date(2026, 11, 22))

    def test_file_runs_alone(self, tmp_path: Path) -> None:
        alone = tmp_path / "inventory.py"
        alone.write_text(Path(inventory.__file__).read_text(encoding="utf-8"), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", str(alone), "--permissions"],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )

        assert json.loads(done.stdout) == inventory.permissions()


class TestBuckets:
    """Every bucket of the account: one that is public is open whatever the routes of the VPC are."""

    def test_that_are_private_are_closed(self, network: Network) -> None:
        network.bucket("private")

        assert found(network.judge()) == {("dns-resolver", network.vpc)}

    def test_that_the_account_keeps_private_are_closed(self, network: Network) -> None:
        network.bucket("private", blocked=False)
        account = client("sts").get_caller_identity()["Account"]
        block = dict.fromkeys(observed.BLOCKS, True)
        client("s3control").put_public_access_block(AccountId=account, PublicAccessBlockConfiguration=block)

        assert network.judge().findings == ()

    def test_that_nothing_keeps_private_are_found(self, network: Network) -> None:
        network.bucket("open", blocked=False)

        assert {one.key for one in network.judge().findings} == {("public-access-block", "open")}

    def test_that_are_public_by_each_way_are_found(self, network: Network) -> None:
        everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open/*"}
        network.bucket("open", blocked=False)
        network.s3.put_bucket_policy(
            Bucket="open", Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
        )
        network.s3.put_bucket_website(Bucket="open", WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
        network.s3.put_bucket_acl(Bucket="open", ACL="public-read")

        assert {one.key for one in network.judge().findings} == {
            ("bucket-open", "open"),
            ("public-access-block", "open"),
            ("public-acl", "open"),
            ("website-bucket", "open"),
        }

    def test_whose_policy_was_refused_cannot_be_told(self, network: Network) -> None:
        network.bucket("closed-to-readers")
        held = inventory.Reader(lambda service: Refusing(client(service), "get_bucket_policy"), [network.vpc]).read(
            REGION
        )
        network.file.write_text(json.dumps(held, default=str), encoding="utf-8")
        judgement = cases.of_files([], {}, None, network.file, date(2026, 11, 22)).judgement

        assert judgement.status == CANNOT_TELL
        assert "bucket closed-to-readers: get_bucket_policy" in [one.where for one in judgement.questions]

    def test_that_a_policy_names_and_the_account_has_not_are_asked_about(self, network: Network) -> None:
        elsewhere = json.dumps(POLICY).replace("site-123456789012", "somebody-s")
        network.ec2.modify_vpc_endpoint(VpcEndpointId=network.endpoint, PolicyDocument=elsewhere)

        assert ["somebody-s" in one.reason for one in network.judge().questions] == [True]


class TestRoutes:
    def test_through_an_interface_are_followed_to_where_it_stands(self, network: Network) -> None:
        interface = network.ec2.create_network_interface(SubnetId=network.subnet, Groups=[network.group])
        through = interface["NetworkInterface"]["NetworkInterfaceId"]
        network.ec2.create_route(
            RouteTableId=network.table, DestinationCidrBlock="10.1.0.0/16", NetworkInterfaceId=through
        )
        seen = network.judge()
        held = json.loads(network.file.read_text(encoding="utf-8"))
        held["held"]["interfaces"] = []
        network.file.write_text(json.dumps(held), encoding="utf-8")
        company = (ipaddress.ip_network("10.1.0.0/16"),)
        unseen = cases.of_files([], {}, company, network.file, date(2026, 11, 22)).judgement

        assert (seen.findings, seen.questions) == ((), ())
        assert any(through in one.reason for one in unseen.questions)


class TestRoles:
    def test_made_beforehand_are_read_with_their_policies_and_judged(self, network: Network) -> None:
        iam = client("iam")
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
        arn = iam.create_role(RoleName="given", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        wide = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        iam.put_role_policy(RoleName="given", PolicyName="wide", PolicyDocument=json.dumps(wide))

        held = inventory.Reader(lambda service: Lacking(client(service)), [network.vpc], [arn]).read(REGION)
        network.file.write_text(json.dumps(held, default=str), encoding="utf-8")
        judgement = cases.of_files([], {}, None, network.file, date(2026, 11, 22)).judgement

        assert {one.key for one in judgement.findings} == {("role-out", arn), ("role-opens", arn)}
