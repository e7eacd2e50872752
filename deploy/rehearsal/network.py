"""A plan as networks of the kernel: one namespace a host, a router between them with routes and packet filters."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deploy.rehearsal.namespaces import HELD, make, prefix, run, tune
from deploy.rehearsal.plan import STRANGERS, Filter, Host, Plan, Rule

ROUTER = "router"
_HOP = "169.254.0.1"
"""The router's address on every line; a host knows no other (link-local, RFC 3927)."""
_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class Way:
    """Where the router leads the packets of one host that are for a range; "" ends them without a word."""

    table: int
    destination: str
    to: str

    @property
    def line(self) -> str:
        """Put it in force, in one step also where there is another: no packet finds none (ip-route(8), replace)."""
        kind, to = ("", f" {self.to}") if self.to else ("blackhole ", "")
        return f"route replace {kind}{self.destination}{to} table {self.table}"


class Network:
    """What of a plan stands. A host keeps its place once it has one; routes and filters follow each new plan."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._ways: list[Way] = []
        make(ROUTER)
        tune(ROUTER, "ipv4/ip_forward", "1")
        for which in ("all", "default"):  # answers need not take the way that questions took
            tune(ROUTER, f"ipv4/conf/{which}/rp_filter", "0")

    def update(self, plan: Plan) -> list[Host]:
        """Make hosts that do not stand yet and put routes and filters in force; answer the new hosts."""
        new = [host for host in plan.hosts if host.name not in self._places]
        for host in new:
            place = self._places[host.name] = len(self._places)
            if not (HELD / host.name).exists():
                make(host.name)
            ends = ("type", "veth", "peer", "name", "eth0", "netns", host.name)
            run("ip", "link", "add", _line(place), "netns", ROUTER, *ends)
            _batch(ROUTER, _router_end(place))
            _batch(host.name, _host_end(plan, host))
        wanted = list(ways(plan, self._places))
        _batch(ROUTER, steps(self._ways, wanted))
        self._ways = wanted
        run(*prefix(ROUTER), "nft", "-f", "-", given=filters(plan))
        return new


def _batch(host: str, lines: Iterable[str]) -> None:
    run("ip", "-n", host, "-batch", "-", given="\n".join(lines) + "\n")


def _line(place: int) -> str:
    return f"v{place}"


def _table(place: int) -> int:
    return 100 + place


def _router_end(place: int) -> Iterator[str]:
    yield f"address add {_HOP}/32 dev {_line(place)}"
    yield f"link set {_line(place)} up"
    yield f"rule add iif {_line(place)} lookup {_table(place)} priority {_table(place)}"


def _host_end(plan: Plan, host: Host) -> Iterator[str]:
    yield f"address add {host.address}/32 dev eth0"
    yield from (f"address add {address}/32 dev lo" for address in _further(plan, host))
    yield "link set eth0 up"
    yield f"route add {_HOP} dev eth0 scope link"
    yield f"route add default via {_HOP} dev eth0 src {host.address}"


def _further(plan: Plan, host: Host) -> list[str]:
    """Give the addresses that a host answers for beside its own: the outside host is S3's public side and others'."""
    if host.kind != "outside":
        return []
    return sorted({*STRANGERS.values(), *(other.address for other in plan.of("gateway"))})


def ways(plan: Plan, places: Mapping[str, int]) -> Iterator[Way]:
    """Yield the router's routes, one table for the packets of each host; what has no route ends without a word."""
    for host in plan.hosts:
        table = _table(places[host.name])
        told = dict[str, str]()
        for route in plan.routes[host.name]:
            told.setdefault(route.destination, route.host)
        for destination, target in told.items():
            if target and target != host.name:
                line = _line(places[target])
                yield Way(table, destination, f"via {plan.host(target).address} dev {line} onlink")
            elif not target:
                yield Way(table, destination, "")
        if _ANYWHERE not in told:
            yield Way(table, _ANYWHERE, "")


def steps(before: Sequence[Way], wanted: Sequence[Way]) -> Iterator[str]:
    """Yield what brings the router from some routes to others. What stays is not touched: packets come meanwhile."""
    held, kept = set(before), {(way.table, way.destination) for way in wanted}
    yield from (way.line for way in wanted if way not in held)
    for way in before:
        if (way.table, way.destination) not in kept:
            yield f"route delete {way.destination} table {way.table}"


def filters(plan: Plan) -> str:
    """Write the filters for nft: both ends must let a connection through, and answers then pass (stateful)."""
    chains, out, into = list[str](), list[str](), list[str]()
    for place, (address, held) in enumerate(plan.filters.items()):
        chains += _chains(place, held)
        out.append(f"{address} : jump out{place}")
        into.append(f"{address} : jump into{place}")
    maps = [
        f"    ip {side} vmap {{ {', '.join(entries)} }}\n"
        for side, entries in (("saddr", out), ("daddr", into))
        if entries
    ]
    return (
        "table ip groups\ndelete table ip groups\ntable ip groups {\n"
        + "".join(chains)
        + "  chain forward {\n    type filter hook forward priority 0; policy drop;\n"
        + "    ct state established,related accept\n"
        + "".join(maps)
        + "    accept\n  }\n}\n"
    )


def _chains(place: int, held: Filter) -> Iterator[str]:
    for name, side, rules in ((f"out{place}", "daddr", held.out), (f"into{place}", "saddr", held.into)):
        lines = "".join(f"    {line} return\n" for rule in rules for line in _match(rule, side))
        yield f"  chain {name} {{\n{lines}    drop\n  }}\n"


def _match(rule: Rule, side: str) -> Iterator[str]:
    ranges = f"ip {side} {{ {', '.join(_merged(rule.ranges))} }}"
    if rule.protocol == "-1":
        yield ranges
    elif rule.protocol in ("tcp", "udp") and rule.ports is not None:
        first, last = rule.ports
        yield f"{ranges} {rule.protocol} dport {first}-{last}"
    elif rule.protocol in ("tcp", "udp", "icmp"):
        yield f"{ranges} ip protocol {rule.protocol}"


def _merged(ranges: tuple[str, ...]) -> list[str]:
    """Give the ranges without overlaps, which a set of nft does not take."""
    return [str(network) for network in ipaddress.collapse_addresses(ipaddress.IPv4Network(one) for one in ranges)]
