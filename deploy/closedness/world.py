"""What templates or an inventory declare, as one flat list of things whose names for each other are plain texts.

A template's references become tokens: texts that look like what AWS will give out (`vpce-...`, an ARN) and are the same
wherever the same resource is meant. An inventory has real ones. So every rule, and every policy, compares texts.
"""

import hashlib
import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from deploy.cfn import Unknown
from deploy.closedness.code import Call
from deploy.closedness.patterns import HOLE
from deploy.keys import kinds
from deploy.words import Words

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Path = tuple[str | int, ...]


class Undecided(Exception):
    """Something that matters is not known: whose, which property, why; `given` is the id of a thing of others."""

    def __init__(self, thing: "Thing", path: Path, reason: str, *, given: str = "") -> None:
        self.thing = thing
        self.path = path
        self.reason = reason
        self.given = given
        super().__init__(f"{thing.name}: {'.'.join(map(str, path))}: {reason}")


def _no_line(*_: str | int) -> int:
    return 0


@cache
def _network(text: str) -> Network:
    return ipaddress.ip_network(text, strict=False)


@dataclass(frozen=True, eq=False)
class Thing:
    """One resource. `type` is CloudFormation's; `name` is what a person is shown, `token` what others call it."""

    type: str
    name: str
    token: str
    properties: Mapping[str, Any]
    file: str = ""
    line: Callable[..., int] = _no_line
    present: bool | Unknown = True
    attributes: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def get(self, *path: str | int, default: Any = None) -> Any:
        """Give a property, known or raise.

        Raises:
            Undecided: the property, or something above it, is not known.

        """
        value: Any = self.properties
        for place, step in enumerate(path):
            # Most are plain dicts, of which this is known sooner than that they are Mappings.
            if type(value) is dict and type(step) is str:
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int):
                value = value[step]
            elif isinstance(value, Mapping):
                value = value.get(str(step))
            else:
                value = None
            if value is None:
                return default
            if isinstance(value, Unknown):
                raise Undecided(self, path[: place + 1], value.reason)
        if isinstance(value, str) and HOLE in value:
            raise Undecided(self, path, "part of it is known only to AWS")
        return value

    def flag(self, *path: str | int, default: bool = False) -> bool:
        """Give a property that is true or false, also where it is written as text."""
        value = self.get(*path, default=default)
        text = str(value).lower()
        if text not in ("true", "false"):
            raise Undecided(self, path, f"{value} is neither true nor false")
        return text == "true"

    def several(self, *path: str | int) -> list[Any]:
        """Give a property that is a list; one value alone counts as a list of it."""
        value = self.get(*path)
        items = value if isinstance(value, list) else [] if value is None else [value]
        for place, item in enumerate(items):
            if isinstance(item, Unknown):
                raise Undecided(self, (*path, place), item.reason)
            if isinstance(item, str) and HOLE in item:
                raise Undecided(self, (*path, place), "part of it is known only to AWS")
        return items

    def network(self, *path: str | int) -> Network | None:
        """Give a property that is an address range, or None where it is not written."""
        value = self.get(*path)
        if value in (None, ""):
            return None
        try:
            return _network(str(value))
        except ValueError:
            raise Undecided(self, path, f"{value} is not an address range") from None


@dataclass(frozen=True)
class Bounds:
    """What counts as inside: `corporate` ranges (None: nobody said), what functions may reach there, the VPC's own."""

    corporate: tuple[Network, ...] | None = None
    destinations: tuple[Network, ...] = ()
    vpc: tuple[Network, ...] = ()


PRIVATE: tuple[Network, ...] = (*kinds.PRIVATE, ipaddress.ip_network("fc00::/7"))
"""Ranges that are routed by nobody on the internet. Source: RFC 1918, RFC 6598, RFC 4193."""


def inside(network: Network, ranges: tuple[Network, ...]) -> bool:
    """Say whether a range lies wholly in one of the others."""
    return any(_holds(other, network) for other in ranges)


def _holds(outer: Network, inner: Network) -> bool:
    if isinstance(outer, ipaddress.IPv4Network):
        return isinstance(inner, ipaddress.IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, ipaddress.IPv6Network) and inner.subnet_of(outer)


@dataclass(frozen=True)
class World:
    """Everything that is judged together."""

    things: tuple[Thing, ...]
    bounds: Bounds = Bounds()
    account: str = "000000000000"
    region: str = "ap-northeast-1"
    given: Mapping[str, Words] = field(default_factory=dict)
    """Ids of things that others made, which the stage names: theirs to show by an inventory."""
    lists: Mapping[str, str] = field(default_factory=dict)
    """Prefix lists that AWS keeps: id -> service."""
    pages: frozenset[str] = frozenset()
    """Buckets that anybody inside may read without signing in."""
    needed: tuple[str, ...] = ()
    """Endpoint services that browsers need, by the stage's table."""
    calls: tuple[Call, ...] = ()
    """Services that the application's code calls."""
    staged: bool = False
    """Whether this is a stage of ours, of which all parts are known."""

    @cached_property
    def remembered(self) -> dict[str, Any]:
        """What checks worked out about a thing, by its name, for those that come after."""
        return {}

    @cached_property
    def by_token(self) -> dict[str, list[Thing]]:
        """Every thing by each text that stands for it; names are unique within a type only."""
        found: dict[str, list[Thing]] = {}
        for thing in self.things:
            for text in dict.fromkeys((thing.token, *thing.attributes.values())):
                found.setdefault(text, []).append(thing)
        return found

    @cached_property
    def _by_type(self) -> dict[str, list[Thing]]:
        found: dict[str, list[Thing]] = {}
        for thing in self.things:
            found.setdefault(thing.type, []).append(thing)
        return found

    def of(self, *types: str) -> Iterator[Thing]:
        """Yield the things of these types, in the order in which they are declared."""
        if len(types) == 1:
            yield from self._by_type.get(types[0], ())
        elif not self._by_type.keys().isdisjoint(types):
            yield from (thing for thing in self.things if thing.type in types)

    def shown(self, token: str) -> str:
        """Give the name of what a token stands for, else the token itself."""
        return next((thing.name for thing in self.by_token.get(token, [])), token)

    def find(self, asker: Thing, *path: str | int, among: tuple[str, ...] = ()) -> Thing:
        """Give the thing that a property names.

        Raises:
            Undecided: it is not among what is judged here.

        """
        return self.named(asker, str(asker.get(*path)), path, among=among)

    def named(self, asker: Thing, token: str, path: Path, *, among: tuple[str, ...] = ()) -> Thing:
        """Give the thing behind a token that stands at `path` of `asker`; raises as `find` does."""
        thing = next((one for one in self.by_token.get(token, []) if not among or one.type in among), None)
        if thing is None:
            given = token if token in self.given else ""
            raise Undecided(asker, path, f"{token or '(nothing)'} is not among what is judged here", given=given)
        return thing

    def each(self, asker: Thing, *path: str | int, among: tuple[str, ...]) -> Iterator[Thing]:
        """Yield the things that a property names, one or several; raises as `find` does, when it comes to that one."""
        for place, text in enumerate(asker.several(*path)):
            yield self.named(asker, str(text), (*path, place), among=among)

    @cached_property
    def local(self) -> tuple[Network, ...]:
        """Ranges of our VPCs and subnets."""
        held = (thing.network("CidrBlock") for thing in self.of("AWS::EC2::VPC", "AWS::EC2::Subnet"))
        return (*self.bounds.vpc, *(network for network in held if network is not None))

    @cached_property
    def ours(self) -> frozenset[str]:
        """Ids of VPC endpoints that are ours: made here, or named by the stage."""
        made = {
            text for thing in self.of("AWS::EC2::VPCEndpoint") for text in (thing.token, *thing.attributes.values())
        }
        return frozenset(made | {token for token in self.given if token.startswith("vpce-")})

    @cached_property
    def vpcs(self) -> frozenset[str]:
        """Ids of VPCs that are ours."""
        made = {thing.token for thing in self.of("AWS::EC2::VPC")}
        return frozenset(made | {token for token in self.given if token.startswith("vpc-")})

    @cached_property
    def buckets(self) -> frozenset[str]:
        """Names of our buckets."""
        return frozenset(thing.token for thing in self.of("AWS::S3::Bucket"))


def token(kind: str, template: str, logical_id: str) -> str:
    """Make the text that stands for a resource that does not exist yet: an id of the form that AWS gives out."""
    digest = hashlib.sha256(f"{template}.{logical_id}".encode()).hexdigest()[:17]
    return f"{_PREFIXES.get(kind, logical_id.lower())}-{digest}"


_PREFIXES = {
    "AWS::EC2::VPC": "vpc",
    "AWS::EC2::Subnet": "subnet",
    "AWS::EC2::RouteTable": "rtb",
    "AWS::EC2::SecurityGroup": "sg",
    "AWS::EC2::VPCEndpoint": "vpce",
    "AWS::EC2::InternetGateway": "igw",
    "AWS::EC2::EgressOnlyInternetGateway": "eigw",
    "AWS::EC2::NatGateway": "nat",
    "AWS::EC2::CarrierGateway": "cagw",
    "AWS::EC2::VPNGateway": "vgw",
    "AWS::EC2::TransitGateway": "tgw",
    "AWS::EC2::VPCPeeringConnection": "pcx",
    "AWS::EC2::PrefixList": "pl",
    "AWS::EC2::Instance": "i",
    "AWS::EC2::NetworkInterface": "eni",
}
