"""Gateways, addresses and routes: whether a path to the internet exists."""

from deploy.closedness.findings import Check, Found, finding, listed
from deploy.closedness.graph import subnets_of, way
from deploy.closedness.world import PRIVATE, Network, Thing, Undecided, World, inside


def _gateway(thing: Thing, _: World) -> Found:
    yield finding("internet-gateway", thing)


def _attachment(thing: Thing, world: World) -> Found:
    """An attachment of a gateway that is made elsewhere."""
    gateway = thing.get("InternetGatewayId")
    if gateway is not None and not world.by_token.get(str(gateway)):
        yield finding("internet-gateway", thing, "InternetGatewayId")


def _egress_only(thing: Thing, _: World) -> Found:
    yield finding("egress-only-gateway", thing)


def _nat(thing: Thing, _: World) -> Found:
    if thing.get("ConnectivityType", default="public") != "private":
        yield finding("nat-gateway", thing)


def _vpn(thing: Thing, _: World) -> Found:
    yield finding("vpn-entrance", thing)


def _address(thing: Thing, _: World) -> Found:
    yield finding("public-address", thing)


def _interfaces(thing: Thing, _: World) -> Found:
    """Instances and launch templates: addresses asked for by their interfaces."""
    base: tuple[str, ...] = ("LaunchTemplateData",) if thing.type == "AWS::EC2::LaunchTemplate" else ()
    for place, _interface in enumerate(thing.several(*base, "NetworkInterfaces")):
        # A carrier's address is reached from its mobile network. Source: Amazon VPC User Guide, "Carrier gateways".
        for name in ("AssociatePublicIpAddress", "AssociateCarrierIpAddress"):
            if thing.flag(*base, "NetworkInterfaces", place, name):
                yield finding("public-address", thing, *base, "NetworkInterfaces", place, name)
    if thing.flag("AssociatePublicIpAddress"):
        yield finding("public-address", thing, "AssociatePublicIpAddress")


def _containers(thing: Thing, _: World) -> Found:
    path = ("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp")
    if thing.get(*path, default="DISABLED") == "ENABLED":
        yield finding("public-address", thing, *path)


def _subnet(thing: Thing, _: World) -> Found:
    if thing.flag("MapPublicIpOnLaunch"):
        yield finding("public-subnet", thing, "MapPublicIpOnLaunch")


THROUGH = ("NetworkInterfaceId", "InstanceId", "VpcEndpointId")
"""Targets that pass on what they are sent to wherever they like: they must be among what is judged."""


def _route(thing: Thing, world: World) -> Found:
    found = way(thing, world)
    if found is None:
        return
    rule = "internet-route" if found.to_internet else "default-route" if found.is_default else ""
    if not rule and not all(_is_declared(one, world) for one in found.ranges):
        rule = "wide-route"
    if not rule and (found.kind in THROUGH or found.target.startswith("vpce-")):
        world.find(thing, found.kind)
    owner = (found.target.split(":") + 5 * [""])[4] if found.kind == "CoreNetworkArn" else world.account
    if not rule and owner != world.account:
        raise Undecided(thing, ("CoreNetworkArn",), f"whose {found.target} is")
    if rule:
        subnets = subnets_of(world, str(thing.get("RouteTableId")))
        yield finding(
            rule,
            thing,
            *found.path,
            destination=found.destination,
            target=world.shown(found.target),
            subnets=listed(subnets),
        )


def _is_declared(network: Network, world: World) -> bool:
    bounds = world.bounds
    if bounds.corporate is None:
        # Nobody said where the company is: private ranges pass, whole ones of RFC 1918 do not.
        return inside(network, PRIVATE) and network not in PRIVATE
    return inside(network, (*bounds.corporate, *bounds.destinations, *world.local))


def _transit_route(thing: Thing, world: World) -> Found:
    """A VPN's or transit gateway's own route, which has other names for the same."""
    destination = thing.network("DestinationCidrBlock")
    if thing.flag("Blackhole"):
        return
    if destination is not None and not _is_declared(destination, world):
        rule = "default-route" if destination.prefixlen <= 1 else "wide-route"
        target = str(thing.get("TransitGatewayAttachmentId", default=thing.get("VpnConnectionId", default="")))
        yield finding(rule, thing, "DestinationCidrBlock", destination=destination, target=target, subnets=listed([]))


def _service(thing: Thing, _: World) -> Found:
    yield finding("endpoint-service", thing)


CHECKS = (
    Check(("AWS::EC2::InternetGateway",), _gateway),
    Check(("AWS::EC2::VPCGatewayAttachment",), _attachment),
    Check(("AWS::EC2::EgressOnlyInternetGateway",), _egress_only),
    Check(("AWS::EC2::NatGateway",), _nat),
    Check(("AWS::EC2::CarrierGateway",), _gateway),
    Check(("AWS::EC2::ClientVpnEndpoint", "AWS::EC2::VPNConnection"), _vpn),
    Check(("AWS::EC2::EIP", "AWS::EC2::EIPAssociation"), _address),
    Check(("AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration"), _interfaces),
    Check(("AWS::ECS::Service",), _containers),
    Check(("AWS::EC2::Subnet",), _subnet),
    Check(("AWS::EC2::Route",), _route),
    Check(("AWS::EC2::TransitGatewayRoute", "AWS::EC2::VPNConnectionRoute"), _transit_route),
    Check(("AWS::EC2::VPCEndpointService", "AWS::EC2::VPCEndpointServicePermissions"), _service),
)
