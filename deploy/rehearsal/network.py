"""A plan as networks of the kernel: one namespace a host, a router between them with routes and packet filters."""

from collections.abc import Iterator

from deploy.rehearsal.namespaces import HELD, make, prefix, run
from deploy.rehearsal.plan import Filter, Host, Plan, Rule

ROUTER = "router"
_HOP = "169.254.0.1"
"""The router's address on every line; a host knows no other (link-local, RFC 3927)."""


def build(plan: Plan) -> None:
    """Make every host and the router, with a line between them, then apply routes and filters."""
    make(ROUTER)
    for knob in ("net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0"):
        run(*prefix(ROUTER), "sysctl", "-q", "-w", knob)
    for place, host in enumerate(plan.hosts):
        make(host.name)
        line = _line(place)
        run("ip", "link", "add", line, "netns", ROUTER, "type", "veth", "peer", "name", "eth0", "netns", host.name)
    run("ip", "-n", ROUTER, "-batch", "-", given="\n".join(_router(plan)) + "\n")
    for host in plan.hosts:
        run("ip", "-n", host.name, "-batch", "-", given="\n".join(_host(plan, host)) + "\n")
    apply(plan)


def apply(plan: Plan) -> None:
    """Put routes and filters in force, in the place of those before; the hosts stay."""
    lines = [f"route flush table {_table(place)}" for place in range(len(plan.hosts))]
    # A table that is empty cannot be flushed; that is no error.
    run("ip", "-n", ROUTER, "-force", "-batch", "-", given="\n".join(lines) + "\n", heed=False)
    run("ip", "-n", ROUTER, "-batch", "-", given="\n".join(routes(plan)) + "\n")
    run(*prefix(ROUTER), "nft", "-f", "-", given=filters(plan))


def _line(place: int) -> str:
    return f"v{place}"


def _table(place: int) -> int:
    return 100 + place


def _router(plan: Plan) -> Iterator[str]:
    for place, _ in enumerate(plan.hosts):
        yield f"address add {_HOP}/32 dev {_line(place)}"
        yield f"link set {_line(place)} up"
        yield f"rule add iif {_line(place)} lookup {_table(place)} priority {_table(place)}"


def _host(plan: Plan, host: Host) -> Iterator[str]:
    yield f"address add {host.address}/32 dev eth0"
    yield from (f"address add {address}/32 dev lo" for address in _further(plan, host))
    yield "link set eth0 up"
    yield f"route add {_HOP} dev eth0 scope link"
    yield f"route add default via {_HOP} dev eth0 src {host.address}"


def _further(plan: Plan, host: Host) -> list[str]:
    """Give the addresses that a host answers for beside its own: the outside host stands for S3's public side too."""
    if host.kind != "outside":
        return []
    return sorted({other.address for other in plan.of("gateway")})


def routes(plan: Plan) -> Iterator[str]:
    """Yield the router's routes, one table for the packets of each host; what has no route ends without a word."""
    places = {host.name: place for place, host in enumerate(plan.hosts)}
    for place, host in enumerate(plan.hosts):
        told = {}
        for route in plan.routes[host.name]:
            told.setdefault(route.destination, route.host)
        for destination, target in told.items():
            if target and target != host.name:
                address = plan.host(target).address
                yield f"route add {destination} via {address} dev {_line(places[target])} onlink table {_table(place)}"
            elif not target:
                yield f"route add blackhole {destination} table {_table(place)}"
        if "0.0.0.0/0" not in told:
            yield f"route add blackhole default table {_table(place)}"


def filters(plan: Plan) -> str:
    """Write the filters for nft: both ends must let a connection through, and answers then pass (stateful)."""
    chains, out, into = list[str](), list[str](), list[str]()
    for place, (address, held) in enumerate(plan.filters.items()):
        chains += _chains(place, held)
        out.append(f"{address} : jump out{place}")
        into.append(f"{address} : jump into{place}")
    maps = [
        f"    ip {side} vmap {{ {', '.join(entries)} }}\n" for side, entries in (("saddr", out), ("daddr", into)) if entries
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
    import ipaddress

    return [str(network) for network in ipaddress.collapse_addresses(ipaddress.IPv4Network(one) for one in ranges)]


def hosts() -> list[str]:
    """Name the hosts that stand."""
    return sorted(path.name for path in HELD.iterdir())
