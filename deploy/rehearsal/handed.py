"""A network that a company hands out, made in the local cloud: VPC, subnets, route tables, groups and endpoints.

Handed-out groups let through what our own template would: that is what `python -m deploy request` asks the company for.
"""

import dataclasses
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from deploy import blueprint, lookups
from deploy.aws import Account
from deploy.cfn import Reference
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

GROUPS = {"web": "web", "tasks": "tasks", "endpoint": "endpoints", "database": "database", "balancer": "balancer"}
"""Key of the stage file, without `_group` -> what our own is named after."""
NO_ROOM = Words(
    "The rehearsal has nowhere to put the endpoints that the stage names: its subnets take all of network.cidr, "
    "{cidr}. Write network.lb_subnets and network.lb_cidrs, where those endpoints are.",
    "ステージに書かれた既存のエンドポイントを、リハーサルで置く場所がありません（network.cidr {cidr} がすべて"
    "使われています）。"
    "エンドポイントのある network.lb_subnets と network.lb_cidrs を書いてください。",
)


def group(noun: str) -> str:
    """Name a handed-out group by what our own would be named after."""
    return f"given-{noun}"


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
    named_groups = {name: stage.text(f"network.{name}_group") for name in GROUPS}
    # Endpoints that are handed out have a group, whether the stage knows it or not.
    apart = any(stage.text(f"endpoints.{one.key}") for one in stage.endpoints if not one.gateway)
    groups = {
        name: ec2.create_security_group(GroupName=group(GROUPS[name]), Description=name, VpcId=vpc)["GroupId"]
        for name, given in named_groups.items()
        if given or (apart and name == "endpoint")
    }
    _let_through(stage, account, ec2, groups)
    made |= {named_groups[name]: group for name, group in groups.items() if named_groups[name]}
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
    # Without these keys our own templates make the groups, and the endpoints that they are for.
    keys = [*(f"network.{name}_group" for name in GROUPS), *(f"endpoints.{one.key}" for one in stage.endpoints)]
    ours = dataclasses.replace(stage, values={**stage.values, **dict.fromkeys(keys, "")})
    found = blueprint.Found(account=account.number, s3_prefix_list=lookups.s3_prefix_list(account))
    wanted = {f"{name.capitalize()}Group": group for name, group in groups.items()}
    for resource in blueprint.assembly(ours, found).resources():
        if resource.logical_id not in wanted or resource.type != "AWS::EC2::SecurityGroup":
            continue
        group = wanted[resource.logical_id]
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[_ANYTHING])
        for side, call in (("Ingress", ec2.authorize_security_group_ingress),
                           ("Egress", ec2.authorize_security_group_egress)):  # fmt: skip
            asked = [_permission(rule, stage, wanted) for rule in resource.properties.get(f"SecurityGroup{side}", [])]
            for place, told in enumerate(asked):
                if told not in asked[:place]:  # two groups of ours that stand in the same subnets
                    call(GroupId=group, IpPermissions=[told])


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
    subnets = [made[one] for one in stage.several("network.lb_subnets")]
    for one in stage.endpoints:
        named = stage.text(f"endpoints.{one.key}")
        if not named:
            continue
        where: dict[str, Any]
        if one.gateway:
            where = {"VpcEndpointType": "Gateway", "RouteTableIds": _routed(stage, ec2, vpc, made)}
        else:
            subnets = subnets or list(_apart(stage, ec2, vpc))
            where = {
                "VpcEndpointType": "Interface",
                "SubnetIds": subnets,
                "SecurityGroupIds": [groups["endpoint"]],
                "PrivateDnsEnabled": one.service not in ("execute-api", "s3"),  # what runs inside calls the others
            }
        service = one.service.removesuffix("-gateway")
        told = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{account.region}.{service}", **where)
        yield named, told["VpcEndpoint"]["VpcEndpointId"]


def _routed(stage: Stage, ec2: Any, vpc: str, made: Mapping[str, str]) -> list[str]:
    """Give the route tables that a handed-out gateway is in: those named, else the VPC's main one."""
    named = [made[one] for one in stage.several("network.app_route_tables")]
    main = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    return named or [table["RouteTableId"] for table in ec2.describe_route_tables(Filters=main)["RouteTables"]]


def _apart(stage: Stage, ec2: Any, vpc: str) -> Iterator[str]:
    """Make the subnets that others' endpoints stand in, where the stage's own are to be made yet.

    Raises:
        Failure: the VPC's range has no room beside the stage's own.

    """
    taken = [ipaddress.ip_network(cidr) for tier in ("app", "lb", "db") for cidr in stage.ranges(tier)]
    free = (
        block
        for block in ipaddress.ip_network(stage.text("network.cidr")).subnets(new_prefix=28)
        if not any(block.overlaps(one) for one in taken)
    )
    for zone in stage.zones:
        block = next(free, None)
        if block is None:
            raise Failure(NO_ROOM.say(language(), cidr=stage.text("network.cidr")))
        yield ec2.create_subnet(VpcId=vpc, CidrBlock=str(block), AvailabilityZone=zone)["Subnet"]["SubnetId"]
