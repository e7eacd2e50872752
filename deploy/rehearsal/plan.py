"""What the resources of a network come to: hosts, where each may send, what is let through. Pure data, no system call.

One host stands for one network interface, and one more host, the router, for everything between them: the VPC's own
routing, the link to the company and AWS's side of gateways. A route table becomes the routes of packets that come
from its subnets; security groups become filters at both ends of each connection, as they are in AWS.
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

CORPORATE, OUTSIDE, GATEWAY = "corporate", "outside", "s3-gateway"
Kind = Literal["function", "balancer", "endpoint", "database", "neighbour", "corporate", "outside", "gateway"]
"""A neighbour is what might run beside the database, in its subnets and with its groups; a container is a function."""
OUTSIDE_ADDRESS = "203.0.113.10"
"""The outside host's own address (RFC 5737), by which public names other than S3's answer."""
STRANGER = "vpce-0fffffffffffffff0"
STRANGERS = {"s3": "203.0.113.20", "execute-api": "203.0.113.21"}
"""Somebody else's endpoints, which the company's people reach as well: service -> address."""


@dataclass(frozen=True)
class Resources:
    """What describe calls say of one VPC, as they say it; `functions` maps a name to its VpcConfig."""

    vpc: Mapping[str, Any]
    subnets: Sequence[Mapping[str, Any]]
    route_tables: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]
    prefix_lists: Mapping[str, tuple[str, tuple[str, ...]]]
    """Id -> its name and ranges."""
    endpoints: Sequence[Mapping[str, Any]]
    interfaces: Mapping[str, Mapping[str, Any]]
    """Id -> network interface."""
    database: Mapping[str, Any]
    """`host`, `port`, `subnets`, `groups` of the database."""
    functions: Mapping[str, Mapping[str, Any]]
    corporate: str
    """Name of the prefix list with the company's ranges."""
    fixed_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of private hosted zones -> addresses."""
    balancers: Sequence[Mapping[str, Any]] = ()
    """What is told of load balancers."""
    company_names: Mapping[str, str] = field(default_factory=dict)
    """Names in the company's DNS -> the name of the load balancer that they lead to."""


@dataclass(frozen=True)
class Host:
    """One network interface: its name here, its address, whose it is."""

    name: str
    address: str
    kind: Kind
    subnet: str = ""
    groups: tuple[str, ...] = ()
    service: str = ""
    owner: str = ""
    """The function's or endpoint's name."""


@dataclass(frozen=True)
class Route:
    """Packets to a range go to a host; without one they end here."""

    destination: str
    host: str = ""


@dataclass(frozen=True)
class Rule:
    """One thing that a security group lets through: a protocol ("-1": any), its ports, and peers' ranges."""

    protocol: str
    ports: tuple[int, int] | None
    ranges: tuple[str, ...]


@dataclass(frozen=True)
class Filter:
    """What may leave an address, and what may come to it."""

    out: tuple[Rule, ...]
    into: tuple[Rule, ...]


@dataclass(frozen=True)
class Name:
    """A DNS name, its first label perhaps a star, and the addresses that it has; `views`: to whom."""

    name: str
    addresses: tuple[str, ...]
    views: frozenset[str] = frozenset({"vpc", CORPORATE, OUTSIDE})


@dataclass(frozen=True)
class Plan:
    """The whole network."""

    hosts: tuple[Host, ...]
    routes: Mapping[str, tuple[Route, ...]]
    """Host -> where packets that come from it are sent on to."""
    filters: Mapping[str, Filter]
    """Address -> what its groups let through; an address that is not here is not filtered."""
    names: tuple[Name, ...]
    assumed: tuple[str, ...] = ()
    """What no resource shows and is taken for granted: "link"."""

    @property
    def region(self) -> str:
        """The region that the names speak of."""
        return next((name.name.split(".")[-3] for name in self.names if name.name.startswith("s3.")), "")

    @property
    def foreign(self) -> tuple[str, ...]:
        """Names of endpoints that are somebody else's."""
        return tuple(f"{STRANGER}-stranger.{service}.{self.region}.vpce.amazonaws.com" for service in STRANGERS)

    def host(self, name: str) -> Host:
        """Give a host by its name."""
        return next(host for host in self.hosts if host.name == name)

    def of(self, kind: Kind) -> Iterator[Host]:
        """Yield the hosts of one kind."""
        return (host for host in self.hosts if host.kind == kind)


def make(resources: Resources, before: Plan | None = None) -> Plan:
    """Work out the network; interfaces that describe calls do not show keep the addresses they had `before`."""
    builder = _Builder(resources, before)
    hosts = tuple(builder.hosts())
    return Plan(
        hosts=hosts,
        routes={host.name: tuple(builder.routes(host, hosts)) for host in hosts},
        filters={host.address: builder.filter(host, hosts) for host in hosts if host.subnet},
        names=tuple(builder.names(hosts)),
        assumed=() if builder.linked() else ("link",),
    )


class _Builder:
    def __init__(self, resources: Resources, before: Plan | None) -> None:
        self.given = resources
        self.before = {host.name: host.address for host in before.hosts} if before else {}
        self.subnets = {subnet["SubnetId"]: subnet for subnet in resources.subnets}
        self.groups = {group["GroupId"]: group for group in resources.groups}
        self.company = next((held for name, held in resources.prefix_lists.values() if name == resources.corporate), ())
        self.region = resources.endpoints[0]["ServiceName"].split(".")[2] if resources.endpoints else ""
        self.s3 = next(
            (held for name, held in resources.prefix_lists.values() if name.endswith(f"{self.region}.s3")), ()
        )
        self.taken = {interface["PrivateIpAddress"] for interface in resources.interfaces.values()}
        self.taken |= set(self.before.values())

    # ---- hosts

    def hosts(self) -> Iterator[Host]:
        yield Host(CORPORATE, _address(self.company[0], 10), "corporate")
        yield Host(OUTSIDE, OUTSIDE_ADDRESS, "outside")
        for name, config in self.given.functions.items():
            for place, subnet in enumerate(config["SubnetIds"], start=1):
                groups = tuple(config["SecurityGroupIds"])
                host = f"{_short(name)}-{place}"
                yield Host(host, self._free(host, subnet), "function", subnet, groups, owner=name)
        for balancer in self.given.balancers:
            for place, zone in enumerate(balancer["AvailabilityZones"], start=1):
                host, groups = f"balancer-{place}", tuple(balancer["SecurityGroups"])
                yield Host(host, self._free(host, zone["SubnetId"]), "balancer", zone["SubnetId"], groups,
                           owner=balancer["LoadBalancerName"])  # fmt: skip
        for endpoint in self.given.endpoints:
            service = _service(endpoint)
            if endpoint["VpcEndpointType"] == "Gateway":
                yield Host(
                    GATEWAY, _address(self.s3[0], 1), "gateway", service=service, owner=endpoint["VpcEndpointId"]
                )
                continue
            for place, interface in enumerate(endpoint["NetworkInterfaceIds"], start=1):
                held = self.given.interfaces[interface]
                yield Host(
                    f"{service}-{place}",
                    held["PrivateIpAddress"],
                    "endpoint",
                    held["SubnetId"],
                    tuple(group["GroupId"] for group in held["Groups"]),
                    service,
                    endpoint["VpcEndpointId"],
                )
        if self.given.database:
            subnets, groups = self.given.database["subnets"], tuple(self.given.database["groups"])
            subnet = subnets[0]
            yield Host("db-2", self._free("db-2", subnets[-1]), "neighbour", subnets[-1], groups)
            yield Host("db", self._free("db", subnet), "database", subnet, groups, owner=self.given.database["host"])

    def _free(self, host: str, subnet: str) -> str:
        """Take the highest free address of a subnet, where describe calls give no interface its own."""
        if host in self.before:
            return self.before[host]
        network = ipaddress.ip_network(self.subnets[subnet]["CidrBlock"])
        for number in range(network.num_addresses - 2, 3, -1):
            address = str(network[number])
            if address not in self.taken:
                self.taken.add(address)
                return address
        raise ValueError(f"{subnet} ({network}) has no free address")

    # ---- routes

    def routes(self, host: Host, hosts: Sequence[Host]) -> Iterator[Route]:
        """Yield where packets from a host go; the longest range counts, as everywhere."""
        if host.kind == "gateway":  # it answers whoever reached it
            yield from (Route(f"{one.address}/32", one.name) for one in hosts if one.subnet)
            return
        if not host.subnet:
            yield from self._beyond(host, hosts)
            return
        for route in self._table(host.subnet)["Routes"]:
            for destination in self._destinations(route):
                yield from self._targets(destination, route, hosts)
        if not self.linked() and host.kind in ("endpoint", "balancer"):
            yield from (Route(destination, CORPORATE) for destination in self.company)

    def _beyond(self, host: Host, hosts: Sequence[Host]) -> Iterator[Route]:
        """Yield the routes of the company, which has a way out of its own, and of the outside host."""
        for one in hosts:
            if one.subnet and (host.kind == "corporate" or self._is_public(one.subnet)):
                yield Route(f"{one.address}/32", one.name)
        yield Route(self.given.vpc["CidrBlock"])
        if host.kind == "corporate":
            yield Route("0.0.0.0/0", OUTSIDE)
        else:
            yield from (Route(destination, CORPORATE) for destination in self.company)

    def _table(self, subnet: str) -> Mapping[str, Any]:
        """Give the route table of a subnet: its own, else the VPC's main one."""
        main: Mapping[str, Any] = {"Routes": []}
        for table in self.given.route_tables:
            for association in table["Associations"]:
                if association.get("SubnetId") == subnet:
                    return table
                if association.get("Main"):
                    main = table
        return main

    def _destinations(self, route: Mapping[str, Any]) -> tuple[str, ...]:
        if route.get("DestinationPrefixListId"):
            return self.given.prefix_lists[route["DestinationPrefixListId"]][1]
        return (route["DestinationCidrBlock"],) if route.get("DestinationCidrBlock") else ()

    def _targets(self, destination: str, route: Mapping[str, Any], hosts: Sequence[Host]) -> Iterator[Route]:
        gateway = route.get("GatewayId") or ""
        if gateway == "local":
            yield from (Route(f"{one.address}/32", one.name) for one in hosts if one.subnet)
            yield Route(destination)
        elif gateway.startswith("vpce-"):
            yield Route(destination, GATEWAY)
        elif gateway.startswith("igw-") or route.get("NatGatewayId") or route.get("EgressOnlyInternetGatewayId"):
            yield Route(destination, OUTSIDE)
        elif gateway.startswith("vgw-") or route.get("TransitGatewayId") or route.get("VpcPeeringConnectionId"):
            yield Route(destination, CORPORATE)

    def _is_public(self, subnet: str) -> bool:
        """Say whether the outside reaches a subnet: through an internet gateway, the address standing for a public."""
        return any((route.get("GatewayId") or "").startswith("igw-") for route in self._table(subnet)["Routes"])

    def linked(self) -> bool:
        """Say whether any route leads to the company; without one the network team's own is taken for granted."""
        return any(
            route.get("VpcPeeringConnectionId") or route.get("TransitGatewayId")
            or (route.get("GatewayId") or "").startswith("vgw-")
            for table in self.given.route_tables for route in table["Routes"]
        )  # fmt: skip

    # ---- filters

    def filter(self, host: Host, hosts: Sequence[Host]) -> Filter:
        """Give what all groups of a host let through together."""
        out, into = list[Rule](), list[Rule]()
        for group in host.groups:
            out += [self._rule(held, hosts) for held in self.groups[group]["IpPermissionsEgress"]]
            into += [self._rule(held, hosts) for held in self.groups[group]["IpPermissions"]]
        return Filter(tuple(rule for rule in out if rule.ranges), tuple(rule for rule in into if rule.ranges))

    def _rule(self, held: Mapping[str, Any], hosts: Sequence[Host]) -> Rule:
        ranges = [one["CidrIp"] for one in held.get("IpRanges", [])]
        for listed in held.get("PrefixListIds", []):
            ranges += self.given.prefix_lists[listed["PrefixListId"]][1]
        for pair in held.get("UserIdGroupPairs", []):
            ranges += [f"{one.address}/32" for one in hosts if pair["GroupId"] in one.groups]
        ports = (held["FromPort"], held["ToPort"]) if held.get("FromPort") is not None else None
        return Rule(held["IpProtocol"], ports, tuple(dict.fromkeys(ranges)))

    # ---- names

    def names(self, hosts: Sequence[Host]) -> Iterator[Name]:
        """Yield every name that means something: endpoints' own, private ones, the database's, public ones.

        Endpoint names and the database's are in public DNS and say private addresses (AWS PrivateLink Guide,
        "Interface endpoints"; Amazon RDS User Guide, "Hiding a DB instance in a VPC from the internet").
        """
        inside = frozenset({"vpc"})
        for endpoint in self.given.endpoints:
            held = [host for host in hosts if host.owner == endpoint["VpcEndpointId"] and host.kind == "endpoint"]
            addresses = tuple(host.address for host in held)
            if not addresses:
                continue
            for entry in endpoint["DnsEntries"]:
                if ".vpce." in entry["DnsName"]:
                    yield Name(entry["DnsName"], self._of_zone(entry["DnsName"], held) or addresses)
            service = _service(endpoint)
            public = f"{'.'.join(reversed(service.split('.')))}.{self.region}.amazonaws.com"
            if service == "execute-api":
                # "Invoke a private API": API-VPCE.execute-api.REGION is known to public DNS as well.
                yield Name(f"*-{endpoint['VpcEndpointId']}.{public}", addresses)
            if endpoint["PrivateDnsEnabled"]:
                yield Name(public, addresses, inside)
                yield Name(f"*.{public}", addresses, inside)
        for name, known in self.given.fixed_names.items():
            yield Name(name, known, inside)
        yield from self._of_balancers(hosts)
        yield from (Name(host.owner, (host.address,)) for host in hosts if host.kind == "database")
        if self.region:
            for service, address in STRANGERS.items():
                for star in ("", "*."):
                    yield Name(f"{star}{STRANGER}-stranger.{service}.{self.region}.vpce.amazonaws.com", (address,))
            for star in ("", "*."):
                yield Name(f"{star}s3.{self.region}.amazonaws.com", (_address(self.s3[0], 1),))
                yield Name(f"{star}amazonaws.com", (OUTSIDE_ADDRESS,))
        yield Name("*.example.com", (OUTSIDE_ADDRESS,))

    def _of_balancers(self, hosts: Sequence[Host]) -> Iterator[Name]:
        """Yield load balancers' own names, which public DNS knows ("Internal load balancers"), and the company's."""
        for balancer in self.given.balancers:
            owner = balancer["LoadBalancerName"]
            addresses = tuple(host.address for host in hosts if host.kind == "balancer" and host.owner == owner)
            yield Name(balancer["DNSName"].lower(), addresses)
            for name, leads_to in self.given.company_names.items():
                if leads_to == owner:
                    yield Name(name, addresses, frozenset({CORPORATE}))

    def _of_zone(self, name: str, held: Sequence[Host]) -> tuple[str, ...]:
        """Give the addresses in the zone that an endpoint's name speaks of, none where it speaks of no zone."""
        return tuple(host.address for host in held if f"-{self.subnets[host.subnet]['AvailabilityZone']}." in name)


def _address(cidr: str, number: int) -> str:
    network = ipaddress.ip_network(cidr)
    return str(network[min(number, network.num_addresses - 1)])


def _short(function: str) -> str:
    """Name a function's hosts: `tasks` for the one that ends so, else `web`."""
    return "tasks" if function.endswith("-tasks") else "web"


def _service(endpoint: Mapping[str, Any]) -> str:
    """Give a service's short name: `com.amazonaws.ap-northeast-1.ecr.api` -> `ecr.api`."""
    return str(endpoint["ServiceName"]).split(".", 3)[3]
