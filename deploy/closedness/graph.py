"""Which route table which subnet uses, which routes a table has, and what a route's destination is."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from deploy.closedness.world import Network, Path, Thing, Undecided, World

EVERYTHING = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))

DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "EgressOnlyInternetGatewayId",
    "CarrierGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "NetworkInterfaceId",
    "InstanceId",
    "VpcEndpointId",
    "LocalGatewayId",
    "CoreNetworkArn",
)
"""Where a route may lead. Source: CloudFormation's reference, AWS::EC2::Route."""


@dataclass(frozen=True)
class Way:
    """One route: its destination as ranges, and the kind of its target with the id."""

    thing: Thing
    destination: str
    path: Path
    ranges: tuple[Network, ...]
    kind: str
    target: str

    @property
    def to_internet(self) -> bool:
        """Whether the target itself is a gateway to the internet."""
        gateway = self.kind == "GatewayId" and self.target.startswith("igw-")
        return gateway or self.kind in ("NatGatewayId", "EgressOnlyInternetGatewayId", "CarrierGatewayId")

    @property
    def is_default(self) -> bool:
        """Whether it takes everything, in one or in two halves."""
        return any(one.prefixlen <= 1 for one in self.ranges)


def way(route: Thing, world: World) -> Way | None:
    """Read a route; None where it stays inside AWS's own network (`local`, gateway endpoints)."""
    kind = next((name for name in TARGETS if route.get(name) not in (None, "")), "")
    path: Path = (next((name for name in DESTINATIONS if route.get(name) not in (None, "")), DESTINATIONS[0]),)
    destination = str(route.get(*path, default=""))
    if not kind or not destination:
        raise Undecided(route, (), "its destination or target is not known")
    target = str(route.get(kind))
    if target == "local":
        return None
    of_endpoint = kind == "GatewayId" and target.startswith("vpce-") and path == ("DestinationPrefixListId",)
    if of_endpoint and not any(one.type == "AWS::EC2::PrefixList" for one in world.by_token.get(destination, [])):
        # A gateway endpoint's own route. One of a Gateway Load Balancer names ranges: an inventory shows it alike.
        return None
    ranges: tuple[Network, ...]
    if path == ("DestinationPrefixListId",):
        ranges = tuple(prefix_list(world, route, destination, path))
    else:
        held = route.network(*path)
        ranges = (held,) if held else ()
    if kind == "GatewayId" and not target.startswith(("igw-", "vgw-", "vpce-")):
        found = world.find(route, "GatewayId")
        if found.type not in ("AWS::EC2::InternetGateway", "AWS::EC2::VPNGateway"):
            raise Undecided(route, ("GatewayId",), f"{target} is no gateway that is known here")
    if kind == "NatGatewayId":
        nat = next((one for one in world.by_token.get(target, []) if one.type == "AWS::EC2::NatGateway"), None)
        if nat is not None and nat.get("ConnectivityType", default="public") == "private":
            kind = "private NAT"
    return Way(route, destination, path, ranges, kind, target)


def prefix_list(world: World, asker: Thing, token: str, path: Path) -> Iterator[Network]:
    """Yield the ranges of a prefix list of ours.

    Raises:
        Undecided: the list is not among what is judged, or an entry is not known.

    """
    held = world.named(asker, token, path, among=("AWS::EC2::PrefixList",))
    for place, _ in enumerate(held.several("Entries")):
        entry = held.network("Entries", place, "Cidr")
        if entry is not None:
            yield entry


def subnets_of(world: World, table: str) -> list[str]:
    """Name the subnets that use a route table, those without a table of their own included for a VPC's main one."""
    using = [
        world.find(link, "SubnetId", among=("AWS::EC2::Subnet",)).name
        for link in world.of("AWS::EC2::SubnetRouteTableAssociation")
        if link.get("RouteTableId") == table and link.get("SubnetId") in world.by_token
    ]
    held = next((one for one in world.by_token.get(table, []) if one.type == "AWS::EC2::RouteTable"), None)
    if held is not None and held.flag("Main"):
        linked = {link.get("SubnetId") for link in world.of("AWS::EC2::SubnetRouteTableAssociation")}
        using += [
            subnet.name
            for subnet in world.of("AWS::EC2::Subnet")
            if subnet.token not in linked and subnet.get("VpcId") == held.get("VpcId")
        ]
    return using


def table_of(world: World, subnet: Thing) -> str:
    """Give the route table of a subnet, empty for the main one of a VPC made here, which has local routes only."""
    for link in world.of("AWS::EC2::SubnetRouteTableAssociation"):
        if link.get("SubnetId") == subnet.token:
            return str(link.get("RouteTableId"))
    for table in world.of("AWS::EC2::RouteTable"):
        if table.flag("Main") and table.get("VpcId") == subnet.get("VpcId"):
            return table.token
    world.find(subnet, "VpcId", among=("AWS::EC2::VPC",))
    return ""


def routes_of(world: World, table: str) -> Iterator[Thing]:
    """Yield the routes of a table."""
    for route in world.of("AWS::EC2::Route"):
        if route.get("RouteTableId") == table:
            yield route
