"""Save what an existing VPC is, by reading only: `python -m deploy inventory VPC...`, or this one file alone.

    python inventory.py vpc-0123456789abcdef0 --region ap-northeast-1 --out network.json

It needs Python 3.9 or later and boto3, nothing else of this project, so that a network team can read it, run it and
hand over the file. It calls AWS with the credentials that boto3 finds (a proxy and its certificate as usual, in
HTTPS_PROXY and AWS_CA_BUNDLE), changes nothing, and needs the rights that `--permissions` prints. What it was not
allowed to read stands in the file as such: `python -m deploy prove --inventory network.json` then cannot tell.

The file holds addresses, ids, rules, policies and names (of every bucket of the account, too: one that is public is a
way out of this network whatever its routes are); no data, no secret, no environment variable.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 2

LOAD_BALANCERS = "elasticloadbalancing:DescribeLoadBalancers"


class Call(NamedTuple):
    """A call that lists something: its name in boto3, the key of its answer, the filter by which it is asked by VPC."""

    service: str
    name: str
    key: str
    by_vpc: str = ""
    right: str = ""

    @property
    def permission(self) -> str:
        """The right that it needs; most are called as the call is."""
        return self.right or f"{self.service}:{''.join(part.title() for part in self.name.split('_'))}"


# Name in the file -> the call.
CALLS: dict[str, Call] = {
    "vpcs": Call("ec2", "describe_vpcs", "Vpcs", "vpc-id"),
    "subnets": Call("ec2", "describe_subnets", "Subnets", "vpc-id"),
    "route_tables": Call("ec2", "describe_route_tables", "RouteTables", "vpc-id"),
    "internet_gateways": Call("ec2", "describe_internet_gateways", "InternetGateways", "attachment.vpc-id"),
    "egress_only_gateways": Call("ec2", "describe_egress_only_internet_gateways", "EgressOnlyInternetGateways"),
    "nat_gateways": Call("ec2", "describe_nat_gateways", "NatGateways", "vpc-id"),
    "vpn_gateways": Call("ec2", "describe_vpn_gateways", "VpnGateways", "attachment.vpc-id"),
    "vpn_connections": Call("ec2", "describe_vpn_connections", "VpnConnections"),
    "client_vpn": Call("ec2", "describe_client_vpn_endpoints", "ClientVpnEndpoints"),
    "security_groups": Call("ec2", "describe_security_groups", "SecurityGroups", "vpc-id"),
    "endpoints": Call("ec2", "describe_vpc_endpoints", "VpcEndpoints", "vpc-id"),
    "endpoint_services": Call("ec2", "describe_vpc_endpoint_service_configurations", "ServiceConfigurations"),
    "interfaces": Call("ec2", "describe_network_interfaces", "NetworkInterfaces", "vpc-id"),
    "prefix_lists": Call("ec2", "describe_managed_prefix_lists", "PrefixLists"),
    "balancers": Call("elbv2", "describe_load_balancers", "LoadBalancers", right=LOAD_BALANCERS),
    "classic_balancers": Call("elb", "describe_load_balancers", "LoadBalancerDescriptions", right=LOAD_BALANCERS),
    "databases": Call("rds", "describe_db_instances", "DBInstances", right="rds:DescribeDBInstances"),
    "functions": Call("lambda", "list_functions", "Functions"),
    "apis": Call("apigateway", "get_rest_apis", "items", right="apigateway:GET"),
    "firewalls": Call("route53resolver", "list_firewall_rule_group_associations", "FirewallRuleGroupAssociations"),
    "buckets": Call("s3", "list_buckets", "Buckets", right="s3:ListAllMyBuckets"),
}
# Name in the file -> (call, right needed, the error that says there is none).
OF_A_BUCKET: dict[str, tuple[str, str, str]] = {
    "Policy": ("get_bucket_policy", "s3:GetBucketPolicy", "NoSuchBucketPolicy"),
    "Block": ("get_public_access_block", "s3:GetBucketPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
    "Acl": ("get_bucket_acl", "s3:GetBucketAcl", ""),
    "Website": ("get_bucket_website", "s3:GetBucketWebsite", "NoSuchWebsiteConfiguration"),
}
FURTHER = (
    "ec2:DescribeVpcAttribute",
    "ec2:GetManagedPrefixListEntries",
    "elasticloadbalancing:DescribeListeners",
    "lambda:ListFunctionUrlConfigs",
    "s3:GetAccountPublicAccessBlock",
    "sts:GetCallerIdentity",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListRolePolicies",
    "iam:ListAttachedRolePolicies",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
)


def permissions() -> dict[str, Any]:
    """Return the policy that allows what this file calls, and nothing else."""
    of_buckets = {right for _, right, _ in OF_A_BUCKET.values()}
    actions = sorted({call.permission for call in CALLS.values()} | of_buckets | set(FURTHER))
    statement = {"Sid": "ReadNetwork", "Effect": "Allow", "Action": actions, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


class Reader:
    """Reads the VPCs of one account and region; `client` makes a boto3 client of a service."""

    def __init__(self, client: Callable[[str], Any], vpcs: list[str], roles: list[str] | None = None) -> None:
        self.client = client
        self.vpcs = vpcs
        self.roles = roles or []
        self.refused: dict[str, str] = {}

    def read(self, region: str) -> dict[str, Any]:
        """Return everything, as it is written into the file."""
        held: dict[str, Any] = {name: self._try(name, self._call, name) or [] for name in CALLS}
        held = {name: [one for one in found if self._concerns(name, one)] for name, found in held.items()}
        held["dns"] = {vpc: self._try("dns", self._dns, vpc) for vpc in self.vpcs}
        for entry in held["prefix_lists"]:
            entry["Entries"] = self._try("prefix_list_entries", self._entries, entry)
        for entry in held["balancers"]:
            entry["Listeners"] = self._try("listeners", self._listeners, entry)
        for entry in held["functions"]:
            # Variables may hold secrets: they are never kept.
            entry.pop("Environment", None)
            entry["Urls"] = self._try("function_urls", self._urls, entry)
        held["roles"] = [found for arn in self.roles if (found := self._try("roles", self._role, arn))]
        account = self._try("account", self._account)
        held["buckets"] = [self._bucket(entry["Name"]) for entry in held["buckets"]]
        held["account_block"] = self._try("account_block", self._account_block, account) if held["buckets"] else {}
        return {
            "format": FORMAT,
            "account": account or "",
            "region": region,
            "vpcs": self.vpcs,
            "taken": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
            "refused": self.refused,
            "held": held,
        }

    def _try(self, name: str, call: Callable[..., Any], *arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return call(*arguments)
        except (BotoCoreError, ClientError) as error:
            self.refused[name] = str(error)
            return None

    def _call(self, name: str) -> list[dict[str, Any]]:
        call = CALLS[name]
        arguments: dict[str, Any] = {"Filters": [{"Name": call.by_vpc, "Values": self.vpcs}]} if call.by_vpc else {}
        return list(_pages(self.client(call.service), call.name, call.key, arguments))

    def _concerns(self, name: str, entry: dict[str, Any]) -> bool:
        """Whether an answer that could not be asked by VPC belongs to one of ours."""
        own = set(self.vpcs)
        places: dict[str, list[Any]] = {
            "egress_only_gateways": [held.get("VpcId") for held in entry.get("Attachments", [])],
            "client_vpn": [entry.get("VpcId")],
            "balancers": [entry.get("VpcId")],
            "classic_balancers": [entry.get("VPCId")],
            "databases": [entry.get("DBSubnetGroup", {}).get("VpcId")],
            "functions": [entry.get("VpcConfig", {}).get("VpcId")],
            "firewalls": [entry.get("VpcId")],
        }
        return name not in places or bool(own & set(places[name]))

    def _dns(self, vpc: str) -> bool:
        answer = self.client("ec2").describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsSupport")
        return bool(answer["EnableDnsSupport"]["Value"])

    def _entries(self, entry: dict[str, Any]) -> list[dict[str, Any]]:
        if entry.get("OwnerId") == "AWS":
            return []
        arguments = {"PrefixListId": entry["PrefixListId"]}
        return list(_pages(self.client("ec2"), "get_managed_prefix_list_entries", "Entries", arguments))

    def _listeners(self, entry: dict[str, Any]) -> list[dict[str, Any]]:
        arguments = {"LoadBalancerArn": entry["LoadBalancerArn"]}
        return list(_pages(self.client("elbv2"), "describe_listeners", "Listeners", arguments))

    def _urls(self, entry: dict[str, Any]) -> list[dict[str, Any]]:
        arguments = {"FunctionName": entry["FunctionName"]}
        return list(_pages(self.client("lambda"), "list_function_url_configs", "FunctionUrlConfigs", arguments))

    def _bucket(self, name: str) -> dict[str, Any]:
        """Return what decides who reaches a bucket of the account; {} where there is none, None where refused."""
        client, found = self.client("s3"), {"Name": name}
        for key, (call, _, none) in OF_A_BUCKET.items():
            found[key] = self._try(f"bucket {name}: {call}", _unless, none, getattr(client, call), {"Bucket": name})
        return found

    def _account_block(self, account: str) -> dict[str, Any]:
        """Return what the account as a whole refuses to make public; it holds for every bucket."""
        call = self.client("s3control").get_public_access_block
        return _unless(OF_A_BUCKET["Block"][2], call, {"AccountId": account})

    def _role(self, arn: str) -> dict[str, Any]:
        """Return a role's trust and every policy it has, by name."""
        iam, name = self.client("iam"), arn.rpartition("/")[2]
        policies = {
            held: iam.get_role_policy(RoleName=name, PolicyName=held)["PolicyDocument"]
            for held in _pages(iam, "list_role_policies", "PolicyNames", {"RoleName": name})
        }
        for attached in _pages(iam, "list_attached_role_policies", "AttachedPolicies", {"RoleName": name}):
            policy = attached["PolicyArn"]
            version = iam.get_policy(PolicyArn=policy)["Policy"]["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=policy, VersionId=version)
            policies[attached["PolicyName"]] = found["PolicyVersion"]["Document"]
        role = iam.get_role(RoleName=name)["Role"]
        return {"Arn": role["Arn"], "Trust": role["AssumeRolePolicyDocument"], "Policies": policies}

    def _account(self) -> str:
        return str(self.client("sts").get_caller_identity()["Account"])


def _unless(none: str, call: Callable[..., Any], arguments: dict[str, str]) -> dict[str, Any]:
    """Return a call's answer, {} where the error is the one that says there is nothing."""
    from botocore.exceptions import ClientError

    try:
        answer: dict[str, Any] = call(**arguments)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != none:
            raise
        return {}
    answer.pop("ResponseMetadata", None)
    return answer


def _pages(client: Any, call: str, key: str, arguments: dict[str, Any]) -> Iterator[Any]:
    if client.can_paginate(call):
        for page in client.get_paginator(call).paginate(**arguments):
            yield from page[key]
    else:
        yield from getattr(client, call)(**arguments)[key]


AS_WRITTEN = argparse.RawDescriptionHelpFormatter


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser(
        "inventory", help="save what an existing VPC is, for prove", description=__doc__, formatter_class=AS_WRITTEN
    )
    _arguments(parser)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("vpc", nargs="*", metavar="VPC", help="vpc-...")
    parser.add_argument("--role", action="append", default=[], metavar="ARN", help="a role made beforehand, too")
    parser.add_argument("--region", help="the region (boto3's own setting)")
    parser.add_argument("--out", default="inventory.json", metavar="FILE", help="where (inventory.json)")
    parser.add_argument("--permissions", action="store_true", help="print the rights it needs, as a policy")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read and write the file; 1 when something was refused, which is named, 2 when nothing could be written."""
    if arguments.permissions:
        print(json.dumps(permissions(), indent=2))
        return 0
    if not arguments.vpc:
        print("Name at least one VPC: vpc-...  /  VPC の ID (vpc-...) を指定してください。", file=sys.stderr)
        return 2
    import boto3

    session = boto3.session.Session(region_name=arguments.region)
    make: Any = session.client  # its overloads take the name of a service, not a variable
    clients: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in clients:
            clients[service] = make(service)
        return clients[service]

    reader = Reader(client, arguments.vpc, arguments.role)
    held = reader.read(session.region_name or "")
    try:
        Path(arguments.out).write_text(json.dumps(held, indent=1, default=str, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        print(f"--out {arguments.out}: it cannot be written / 書き込めません ({error.strerror})", file=sys.stderr)
        return 2
    for name, problem in reader.refused.items():
        print(f"{name}: {problem}", file=sys.stderr)
    print(f"{arguments.out}: {', '.join(arguments.vpc)}")
    return 1 if reader.refused else 0


if __name__ == "__main__":
    _parser = argparse.ArgumentParser(description=__doc__, formatter_class=AS_WRITTEN)
    _arguments(_parser)
    _parsed = _parser.parse_args()
    sys.exit(_parsed.run(_parsed))
