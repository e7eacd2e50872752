"""A network that a company hands out, made in the local cloud: VPC, subnets, route tables, groups and endpoints.

Handed-out groups let through what our own template would: that is what `python -m deploy request` asks the company for.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from deploy import blueprint, lookups
from deploy.aws import Account
from deploy.cfn import Reference
from deploy.stage import Stage

GROUPS = ("web", "tasks", "endpoint", "database", "balancer")
SERVICES = {"execute_api": ("execute-api", "Interface"), "s3": ("s3", "Interface"), "s3_gateway": ("s3", "Gateway")}


def network(stage: Stage, account: Account) -> dict[str, str]:
    """Make what the stage names of a network; answer the id that the company named -> the local cloud's."""
    named = stage.text("network.vpc")
    if not named:
        return {}
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock=stage.text("network.cidr"))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})  # what endpoints' private names ask for
    made = {named: vpc, **dict(_subnets(stage, ec2, vpc))}
    made |= _tables(stage, ec2, vpc, made)
    groups = {
        name: ec2.create_security_group(GroupName=f"given-{name}", Description=name, VpcId=vpc)["GroupId"]
        for name in GROUPS
        if stage.text(f"network.{name}_group")
    }
    _let_through(stage, account, ec2, groups)
    made |= {stage.text(f"network.{name}_group"): group for name, group in groups.items()}
    return made | dict(_endpoints(stage, account, made, groups))


def _subnets(stage: Stage, ec2: Any, vpc: str) -> Iterator[tuple[str, str]]:
    for tier in ("app", "lb", "db"):
        given = zip(stage.several(f"network.{tier}_subnets"), stage.ranges(tier), stage.zones, strict=False)
        for named, cidr, zone in given:
            yield named, ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]


def _tables(stage: Stage, ec2: Any, vpc: str, made: Mapping[str, str]) -> dict[str, str]:
    """Make the app subnets' route tables, one for both or one for each."""
    named = stage.several("network.app_route_tables")
    tables = {name: ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for name in named}
    for place, subnet in enumerate(stage.several("network.app_subnets")):
        if named:
            table = tables[named[min(place, len(named) - 1)]]
            ec2.associate_route_table(RouteTableId=table, SubnetId=made[subnet])
    return tables


def _let_through(stage: Stage, account: Account, ec2: Any, groups: Mapping[str, str]) -> None:
    """Write into handed-out groups what our own would let through."""
    ours = dataclasses.replace(stage, values={**stage.values, **{f"network.{name}_group": "" for name in groups}})
    found = blueprint.Found(account=account.number, s3_prefix_list=lookups.s3_prefix_list(account))
    wanted = {f"{name.capitalize()}Group": group for name, group in groups.items()}
    for resource in blueprint.assembly(ours, found).resources():
        if resource.logical_id not in wanted or resource.type != "AWS::EC2::SecurityGroup":
            continue
        group = wanted[resource.logical_id]
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[_ANYTHING])
        for side, call in (("Ingress", ec2.authorize_security_group_ingress),
                           ("Egress", ec2.authorize_security_group_egress)):  # fmt: skip
            for rule in resource.properties.get(f"SecurityGroup{side}", []):
                call(GroupId=group, IpPermissions=[_permission(rule, stage, wanted)])


_ANYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def _permission(rule: Mapping[str, Any], stage: Stage, groups: Mapping[str, str]) -> dict[str, Any]:
    """Write a rule of a template as EC2's own calls take it; the company's ranges one by one, as it would itself."""
    told: dict[str, Any] = {name: rule[name] for name in ("IpProtocol", "FromPort", "ToPort")}
    listed = rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")
    peer = rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId")
    if "CidrIp" in rule:
        told["IpRanges"] = [{"CidrIp": rule["CidrIp"]}]
    elif isinstance(listed, str):
        told["PrefixListIds"] = [{"PrefixListId": listed}]
    elif listed is not None:
        told["IpRanges"] = [{"CidrIp": cidr} for cidr in stage.several("corporate.cidrs")]
    elif isinstance(peer, Reference) and peer.logical_id in groups:
        told["UserIdGroupPairs"] = [{"GroupId": groups[peer.logical_id]}]
    else:  # a group that our own stack makes later: the company would write its subnets
        named = peer.logical_id if isinstance(peer, Reference) else ""
        tier = {"DatabaseGroup": "db", "EndpointGroup": "lb", "BalancerGroup": "lb"}.get(named, "app")
        told["IpRanges"] = [{"CidrIp": cidr} for cidr in stage.ranges(tier)]
    return told


def _endpoints(
    stage: Stage, account: Account, made: Mapping[str, str], groups: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    ec2, vpc = account.client("ec2"), made[stage.text("network.vpc")]
    for key, (service, kind) in SERVICES.items():
        named = stage.text(f"endpoints.{key}")
        if not named:
            continue
        where: dict[str, Any] = {"RouteTableIds": [made[one] for one in stage.several("network.app_route_tables")]}
        if kind == "Interface":
            where = {
                "SubnetIds": [made[one] for one in stage.several("network.lb_subnets")],
                "SecurityGroupIds": [groups["endpoint"]] if "endpoint" in groups else [],
                "PrivateDnsEnabled": False,
            }
        told = ec2.create_vpc_endpoint(
            VpcId=vpc, ServiceName=f"com.amazonaws.{account.region}.{service}", VpcEndpointType=kind, **where
        )
        yield named, told["VpcEndpoint"]["VpcEndpointId"]
