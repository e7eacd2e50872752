"""A small VPC as describe calls tell it: functions, two endpoints, a gateway, a database."""

from dataclasses import replace
from typing import Any

from deploy.rehearsal.plan import Resources

REGION = "ap-northeast-1"
SITE = "site.bucket.vpce-0b-cd.s3.ap-northeast-1.vpce.amazonaws.com"


def resources(**changes: Any) -> Resources:
    """Give the VPC, with other values in the place of its own."""
    return replace(_VPC, **changes)


def table(name: str, subnets: list[str], *routes: dict[str, str]) -> dict[str, Any]:
    """Give a route table with the VPC's own route first."""
    local = {"DestinationCidrBlock": "10.20.0.0/24", "GatewayId": "local"}
    return {
        "RouteTableId": name,
        "Associations": [{"SubnetId": subnet, "Main": False} for subnet in subnets],
        "Routes": [local, *routes],
    }


def group(name: str, *, into: list[dict[str, Any]], out: list[dict[str, Any]]) -> dict[str, Any]:
    """Give a security group."""
    return {"GroupId": name, "IpPermissions": into, "IpPermissionsEgress": out}


def tcp(port: int, **peers: Any) -> dict[str, Any]:
    """Give a permission for one port: `cidr`, `prefix_list` or `group`."""
    return {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "IpRanges": [{"CidrIp": peers["cidr"]}] if "cidr" in peers else [],
        "PrefixListIds": [{"PrefixListId": peers["prefix_list"]}] if "prefix_list" in peers else [],
        "UserIdGroupPairs": [{"GroupId": peers["group"]}] if "group" in peers else [],
    }


TO_S3 = {"DestinationPrefixListId": "pl-s3", "GatewayId": "vpce-gw"}
TO_COMPANY = {"DestinationPrefixListId": "pl-company", "VpcPeeringConnectionId": "pcx-1"}
TO_ANYWHERE = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}
NOTHING = tcp(443, cidr="127.0.0.1/32")

_VPC = Resources(
    vpc={"VpcId": "vpc-1", "CidrBlock": "10.20.0.0/24"},
    subnets=[
        {"SubnetId": "app", "CidrBlock": "10.20.0.0/26", "AvailabilityZone": "ap-northeast-1a"},
        {"SubnetId": "lb", "CidrBlock": "10.20.0.128/27", "AvailabilityZone": "ap-northeast-1a"},
        {"SubnetId": "lb2", "CidrBlock": "10.20.0.160/27", "AvailabilityZone": "ap-northeast-1c"},
        {"SubnetId": "db", "CidrBlock": "10.20.0.192/28", "AvailabilityZone": "ap-northeast-1a"},
    ],
    route_tables=[table("t-app", ["app"], TO_S3), table("t-lb", ["lb", "lb2"], TO_COMPANY), table("t-db", ["db"])],
    groups=[
        group("web", into=[], out=[tcp(5432, cidr="10.20.0.192/28"), tcp(443, prefix_list="pl-s3")]),
        group("doors", into=[tcp(443, prefix_list="pl-company")], out=[NOTHING]),
        group("data", into=[tcp(5432, group="web")], out=[NOTHING]),
    ],
    prefix_lists={
        "pl-s3": ("com.amazonaws.ap-northeast-1.s3", ("52.216.0.0/15", "3.5.0.0/19")),
        "pl-company": ("cloister-poc-corporate", ("10.1.0.0/16",)),
    },
    endpoints=[
        {
            "VpcEndpointId": "vpce-0a",
            "VpcEndpointType": "Interface",
            "ServiceName": "com.amazonaws.ap-northeast-1.execute-api",
            "NetworkInterfaceIds": ["eni-1"],
            "PrivateDnsEnabled": False,
            "DnsEntries": [{"DnsName": "vpce-0a-ef.execute-api.ap-northeast-1.vpce.amazonaws.com"}],
        },
        {
            "VpcEndpointId": "vpce-0b",
            "VpcEndpointType": "Interface",
            "ServiceName": "com.amazonaws.ap-northeast-1.s3",
            "NetworkInterfaceIds": ["eni-2", "eni-3"],
            "PrivateDnsEnabled": False,
            "DnsEntries": [
                {"DnsName": "*.vpce-0b-cd.s3.ap-northeast-1.vpce.amazonaws.com"},
                {"DnsName": "*.vpce-0b-cd-ap-northeast-1c.s3.ap-northeast-1.vpce.amazonaws.com"},
            ],
        },
        {
            "VpcEndpointId": "vpce-gw",
            "VpcEndpointType": "Gateway",
            "ServiceName": "com.amazonaws.ap-northeast-1.s3",
            "NetworkInterfaceIds": [],
            "PrivateDnsEnabled": False,
            "DnsEntries": [],
        },
    ],
    interfaces={
        name: {"PrivateIpAddress": address, "SubnetId": subnet, "Groups": [{"GroupId": "doors"}]}
        for name, address, subnet in (
            ("eni-1", "10.20.0.132", "lb"),
            ("eni-2", "10.20.0.133", "lb"),
            ("eni-3", "10.20.0.164", "lb2"),
        )
    },
    database={"host": "db.rds.amazonaws.com", "port": 5432, "subnets": ["db"], "groups": ["data"]},
    functions={"cloister-poc": {"SubnetIds": ["app"], "SecurityGroupIds": ["web"]}},
    corporate="cloister-poc-corporate",
)
