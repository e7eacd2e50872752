"""Security groups: who is admitted, and where may be sent."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from deploy.cfn.source import walk
from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.graph import prefix_list
from deploy.closedness.world import PRIVATE, Network, Path, Thing, Undecided, World, inside
from deploy.words import Words

NOWHERE = ipaddress.ip_network("127.0.0.0/8")
BY_GATEWAY = ("s3", "dynamodb")
"""Services whose lists name what a gateway endpoint leads to."""
MANY = 100
"""More ports than this in one rule are no longer a service."""


@dataclass(frozen=True)
class Permission:
    """One rule of a group: its peers as ranges (empty: another group, or a list of AWS's), and its ports."""

    thing: Thing
    path: Path
    group: str
    ranges: tuple[Network, ...]
    peer: str
    """The other group or AWS's list, empty where the rule names ranges."""
    low: int
    high: int
    protocol: str

    @property
    def all_ports(self) -> bool:
        """Whether it names no service."""
        return self.protocol == "-1" or (
            self.protocol not in ("icmp", "1", "icmpv6", "58") and self.high - self.low > MANY
        )

    @property
    def ports(self) -> Words:
        """Write the ports for people."""
        if self.protocol == "-1":
            return Words("all ports", "全ポート")
        name = {"6": "tcp", "17": "udp"}.get(self.protocol, self.protocol)
        return Words(*(2 * [f"{name} {self.low}" if self.low == self.high else f"{name} {self.low}-{self.high}"]))

    def covers(self, port: int) -> bool:
        """Whether TCP to this port passes."""
        return self.protocol == "-1" or (self.protocol in ("tcp", "6") and self.low <= port <= self.high)


_PEERS = {
    "Ingress": ("SourceSecurityGroupId", "SourcePrefixListId"),
    "Egress": ("DestinationSecurityGroupId", "DestinationPrefixListId"),
}


def permissions(world: World, group: Thing, direction: str) -> Iterator[Permission]:
    """Yield a group's rules in one direction ("Ingress" or "Egress"), inline and apart."""
    for place, _ in enumerate(group.several(f"SecurityGroup{direction}")):
        yield _permission(world, group, (f"SecurityGroup{direction}", place), group.token, direction)
    for apart in world.of(f"AWS::EC2::SecurityGroup{direction}"):
        if apart.get("GroupId") == group.token:
            yield _permission(world, apart, (), group.token, direction)


def _permission(world: World, thing: Thing, path: Path, group: str, direction: str) -> Permission:
    protocol = str(thing.get(*path, "IpProtocol", default="-1")).lower()
    low, high = (_port(thing, (*path, name)) for name in ("FromPort", "ToPort"))
    ranges: list[Network] = []
    for name in ("CidrIp", "CidrIpv6"):
        network = thing.network(*path, name)
        if network is not None:
            ranges.append(network)
    peer, listed = (str(thing.get(*path, name, default="")) for name in _PEERS[direction])
    if listed and listed not in world.lists:
        ranges += prefix_list(world, thing, listed, (*path, _PEERS[direction][1]))
        listed = ""
    if not ranges and not peer and not listed:
        if not thing.get(*path, "SourceSecurityGroupName"):
            raise Undecided(thing, path, "it names no range, group or list")
        peer = str(thing.get(*path, "SourceSecurityGroupName"))
    everything = protocol == "-1" or low < 0
    return Permission(
        thing,
        path,
        group,
        tuple(ranges),
        peer or listed,
        0 if everything else low,
        65535 if everything else high,
        "-1" if everything else protocol,
    )


def _port(thing: Thing, path: Path) -> int:
    value = thing.get(*path, default=-1)
    try:
        return int(str(value))
    except ValueError:
        raise Undecided(thing, path, f"{value} is no port") from None


def known(world: World, direction: str) -> tuple[Network, ...]:
    """Give the ranges that a rule may name: the VPC's, the company's, and for egress what was declared."""
    bounds = world.bounds
    beyond = bounds.corporate or ()
    return (*world.local, *beyond, *(bounds.destinations if direction == "Egress" else ()), NOWHERE)


def is_inside(network: Network, world: World, direction: str) -> bool:
    """Say whether a range is one that this network may deal with."""
    if world.bounds.corporate is None and inside(network, PRIVATE) and network not in PRIVATE:
        return True
    return inside(network, known(world, direction))


_INSIDE = Words("the VPC and the corporate ranges", "VPC と社内の範囲")


def _ingress(group: Thing, world: World) -> Found:
    sent_on = cache(lambda: _is_sent_on(group, world))
    for one in permissions(world, group, "Ingress"):
        for network in one.ranges:
            if not is_inside(network, world, "Ingress"):
                yield finding("ingress-wide", one.thing, *one.path, source=network, ports=one.ports, inside=_INSIDE)
            elif one.all_ports:
                yield finding("ingress-all-ports", one.thing, *one.path, source=network, ports=one.ports)
            elif one.covers(80) and not sent_on():
                yield finding("plain-ingress", one.thing, *one.path, source=network)
        if one.peer in world.lists:
            yield finding(
                "ingress-wide", one.thing, *one.path, source=world.shown(one.peer), ports=one.ports, inside=_INSIDE
            )
        elif one.all_ports and one.peer and one.peer != one.group:
            yield finding("ingress-all-ports", one.thing, *one.path, source=world.shown(one.peer), ports=one.ports)
    yield from _strange(group, world, "Ingress")


_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


def _is_sent_on(group: Thing, world: World) -> bool:
    """Say whether port 80 of a group is that of load balancers, which answer there by redirections only."""

    def is_named(one: Thing) -> bool:
        return any(inner == group.token for inner in walk(one.properties))

    holders = [one for one in world.of(_BALANCER) if is_named(one)]
    # Everything is looked through only where a load balancer holds the group at all.
    if not holders or any(is_named(one) for one in world.things if one.type not in (*_RULES, _BALANCER)):
        return False
    balancers = {one.token for one in holders}
    plain = [
        one
        for one in world.of("AWS::ElasticLoadBalancingV2::Listener")
        if str(one.get("LoadBalancerArn")) in balancers and str(one.get("Port", default=80)) == "80"
    ]
    return bool(plain) and all(redirects(one) for one in plain)


def redirects(listener: Thing) -> bool:
    """Say whether a listener does nothing by itself but send on to HTTPS."""
    actions = listener.several("DefaultActions")
    return bool(actions) and all(
        listener.get("DefaultActions", place, "Type") == "redirect"
        and listener.get("DefaultActions", place, "RedirectConfig", "Protocol", default="#{protocol}") == "HTTPS"
        for place, _action in enumerate(actions)
    )


_RULES = ("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")


def _egress(group: Thing, world: World) -> Found:
    inline = group.several("SecurityGroupEgress")
    if not inline:
        yield finding("egress-default", group)
    for one in permissions(world, group, "Egress"):
        for network in one.ranges:
            if not is_inside(network, world, "Egress"):
                yield finding("egress-wide", one.thing, *one.path, target=network, ports=one.ports, inside=_INSIDE)
            elif one.all_ports and not inside(network, (NOWHERE,)):
                yield finding("egress-all-ports", one.thing, *one.path, target=network, ports=one.ports)
        if one.peer in world.lists and world.lists[one.peer] not in BY_GATEWAY:
            yield finding(
                "egress-wide", one.thing, *one.path, target=world.shown(one.peer), ports=one.ports, inside=_INSIDE
            )
        elif one.all_ports and one.peer and one.peer != one.group:
            yield finding("egress-all-ports", one.thing, *one.path, target=world.shown(one.peer), ports=one.ports)
    yield from _strange(group, world, "Egress")


def _strange(group: Thing, world: World, direction: str) -> Found:
    """Groups that a rule names and that are not among what is judged: nobody knows who is in them."""
    for one in permissions(world, group, direction):
        if one.peer and one.peer not in world.by_token and one.peer not in world.lists and one.peer not in world.given:
            yield Undecided(one.thing, one.path, f"{one.peer} is not among what is judged here")


def _orphan(thing: Thing, world: World) -> Found:
    """A rule apart whose group is not among what is judged: judged by itself."""
    direction = thing.type.removeprefix("AWS::EC2::SecurityGroup")
    group = str(thing.get("GroupId", default=thing.get("GroupName", default="")))
    if group in world.by_token:
        return
    one = _permission(world, thing, (), "", direction)
    for network in one.ranges:
        if not is_inside(network, world, direction):
            if direction == "Ingress":
                yield finding("ingress-wide", thing, source=network, ports=one.ports, inside=_INSIDE)
            else:
                yield finding("egress-wide", thing, target=network, ports=one.ports, inside=_INSIDE)
        elif one.all_ports and not inside(network, (NOWHERE,)):
            yield finding(f"{direction.lower()}-all-ports", thing, **_other_side(direction, network), ports=one.ports)
    world.named(thing, group, ("GroupId",), among=("AWS::EC2::SecurityGroup",))


def _other_side(direction: str, network: Network) -> dict[str, object]:
    """Name the other side as each direction's sentence does."""
    return {"source" if direction == "Ingress" else "target": network}


def _home(group: Thing, world: World) -> Found:
    """A group without a VPC belongs to the account's default one."""
    if group.get("VpcId") is None:
        raise Undecided(group, ("VpcId",), "it stands in the account's default VPC")
    world.find(group, "VpcId", among=("AWS::EC2::VPC",))
    return ()


CHECKS = (
    Check(("AWS::EC2::SecurityGroup",), _ingress),
    Check(("AWS::EC2::SecurityGroup",), _egress),
    Check(("AWS::EC2::SecurityGroup",), _home),
    Check(("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"), _orphan),
)
