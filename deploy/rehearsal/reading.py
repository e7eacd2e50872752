"""The resources of a stage's network, read back from the cloud by describe calls."""

from typing import Any

from deploy import lookups
from deploy.aws import Account
from deploy.rehearsal.balancers import Balancers
from deploy.rehearsal.plan import Resources
from deploy.stage import Stage

FOR_EACH_SUBNET = 2
"""Interfaces that containers have in each subnet: a service is replaced while the former ones still answer."""


def read(stage: Stage, account: Account, vpc: str) -> Resources:
    """Read all that the plan is made from; `vpc` is the stage's VPC."""
    ec2 = account.client("ec2")
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    interfaces = ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"]
    return Resources(
        vpc=ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0],
        subnets=ec2.describe_subnets(Filters=mine)["Subnets"],
        route_tables=ec2.describe_route_tables(Filters=mine)["RouteTables"],
        groups=ec2.describe_security_groups(Filters=mine)["SecurityGroups"],
        prefix_lists=_prefix_lists(ec2),
        endpoints=[
            one for one in ec2.describe_vpc_endpoints(Filters=mine)["VpcEndpoints"] if one["State"] != "deleted"
        ],
        interfaces={interface["NetworkInterfaceId"]: interface for interface in interfaces},
        database=_database(stage, account),
        functions=_containers(stage, account) if stage.in_containers else _functions(stage, account),
        corporate=f"{stage.prefix}-corporate",
        fixed_names={name: tuple(cidr.split("/")[0] for cidr in cidrs) for name, cidrs in stage.fixed_names.items()},
        balancers=[] if stage.has_api else Balancers(account).of(stage.prefix),
        company_names={} if stage.has_api else {stage.text("balancer.host"): stage.prefix},
    )


def _prefix_lists(ec2: Any) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = {}
    for held in ec2.describe_managed_prefix_lists()["PrefixLists"]:
        if held["AddressFamily"] == "IPv4":
            entries = ec2.get_managed_prefix_list_entries(PrefixListId=held["PrefixListId"])["Entries"]
            found[held["PrefixListId"]] = (held["PrefixListName"], tuple(entry["Cidr"] for entry in entries))
    return found


def _database(stage: Stage, account: Account) -> dict[str, Any]:
    rds = account.client("rds")
    if stage.text("database.kind") == "aurora":
        held = rds.describe_db_clusters(DBClusterIdentifier=stage.prefix)["DBClusters"][0]
        host, port = held["Endpoint"], held["Port"]
        name = held["DBSubnetGroup"]
    else:
        held = rds.describe_db_instances(DBInstanceIdentifier=stage.prefix)["DBInstances"][0]
        host, port = held["Endpoint"]["Address"], held["Endpoint"]["Port"]
        name = held["DBSubnetGroup"]["DBSubnetGroupName"]
    group = rds.describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"][0]
    return {
        "host": host,
        "port": port,
        "subnets": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
        "groups": [one["VpcSecurityGroupId"] for one in held["VpcSecurityGroups"]],
    }


def _functions(stage: Stage, account: Account) -> dict[str, dict[str, Any]]:
    found = {}
    for page in account.client("lambda").get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            name = function["FunctionName"]
            if name in (stage.prefix, f"{stage.prefix}-tasks"):
                found[name] = function["VpcConfig"]
    return dict(sorted(found.items()))


def _containers(stage: Stage, account: Account) -> dict[str, dict[str, Any]]:
    """Give the places of web containers and of tasks, as the stage's stacks hand them to ECS."""
    known = lookups.outputs(stage, account)
    subnets = [known[name] for name in ("AppSubnet1", "AppSubnet2")]
    return {
        name: {"SubnetIds": subnets * FOR_EACH_SUBNET, "SecurityGroupIds": [known[group]]}
        for name, group in ((stage.prefix, "WebGroupId"), (f"{stage.prefix}-tasks", "TasksGroupId"))
    }
