"""A company's own things in the local cloud: what a stage file names when it says "existing"."""

from functools import cache
from pathlib import Path
from typing import Any

import boto3

from deploy.combinations import EXISTING
from deploy.stage import Stage
from deploy.stage_file import parse

REGION = "ap-northeast-1"


_TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": "lambda.amazonaws.com"}}]}'
)


@cache
def client(service: str) -> Any:
    """Give a client of the local cloud; making one takes longer than most of its calls."""
    make: Any = boto3.client  # its overloads take the name of a service, not a variable
    return make(service, region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing")


def make(text: str) -> dict[str, str]:
    """Make those things that a stage file's text names; answer the example's id -> the real one."""
    ids: dict[str, str] = {}
    named = {name for name, example in EXISTING.items() if example in text}
    ec2 = client("ec2")
    if "key" in named:
        ids["key"] = client("kms").create_key()["KeyMetadata"]["Arn"]
    if "certificate" in named:
        host = "ringi.corp.example.co.jp"
        ids["certificate"] = client("acm").request_certificate(DomainName=host)["CertificateArn"]
    if "peer_vpc" in named:
        ids["peer_vpc"] = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    if "transit_gateway" in named:
        ids["transit_gateway"] = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    for role in ("given-web", "given-tasks", "given-deployer"):
        if role in text:
            client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=_TRUST)
    if "vpc" in named:
        ids |= _network(ec2, named)
    if "shared_rule" in named:
        rule = client("route53resolver").create_resolver_rule(
            CreatorRequestId="shared", RuleType="SYSTEM", DomainName="corp.example.co.jp", Name="shared"
        )
        ids["shared_rule"] = rule["ResolverRule"]["Id"]
    return {EXISTING[name]: made for name, made in ids.items()}


def _network(ec2: Any, named: set[str]) -> dict[str, str]:
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/24")["Vpc"]["VpcId"]
    ids = {"vpc": vpc}
    if "app1" in named:
        ranges = {"app": ("0/26", "64/26"), "lb": ("128/27", "160/27"), "db": ("192/28", "208/28")}
        for tier, cidrs in ranges.items():
            for place, cidr in enumerate(cidrs, start=1):
                zone = f"{REGION}{'ac'[place - 1]}"
                made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.0.{cidr}", AvailabilityZone=zone)
                ids[f"{tier}{place}"] = made["Subnet"]["SubnetId"]
        ids["table"] = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    for group in ("web_group", "tasks_group", "endpoint_group", "database_group"):
        if group in named:
            ids[group] = ec2.create_security_group(GroupName=group, Description=group, VpcId=vpc)["GroupId"]
    for name, service, kind in (
        ("execute_api", "execute-api", "Interface"),
        ("s3", "s3", "Interface"),
        ("s3_gateway", "s3", "Gateway"),
    ):
        if name in named:
            made = ec2.create_vpc_endpoint(
                VpcId=vpc,
                ServiceName=f"com.amazonaws.{REGION}.{service}",
                VpcEndpointType=kind,
                PrivateDnsEnabled=False,
            )
            ids[name] = made["VpcEndpoint"]["VpcEndpointId"]
    return ids


def stage(text: str) -> Stage:
    """Read a stage file's text after making what it names."""
    for example, made in make(text).items():
        text = text.replace(example, made)
    return parse(text, name="poc", path=Path("deploy/stages/poc.toml"))
