"""What stands where, as a picture of letters."""

import ipaddress
from collections.abc import Iterator

from deploy.rehearsal.plan import CORPORATE, OUTSIDE, Host, Plan
from deploy.stage import Stage
from deploy.words import Language, Words

SIDES = {
    "corporate": Words("The company's network", "社内ネットワーク"),
    "outside": Words(
        "Outside: the internet, AWS's public names, others' endpoints",
        "外部: インターネット、AWS の公開名、他者のエンドポイント",
    ),
    "function": Words("Functions' subnets", "関数のサブネット"),
    "balancer": Words("Load balancer's subnets", "ロードバランサーのサブネット"),
    "endpoint": Words("Endpoints' subnets", "エンドポイントのサブネット"),
    "database": Words("Database's subnets", "データベースのサブネット"),
    "gateway": Words("AWS's side of the S3 gateway", "S3 ゲートウェイの AWS 側"),
}
WHAT = {
    "corporate": Words("people's browsers", "利用者のブラウザー"),
    "outside": Words("everybody", "誰でも"),
    "function": Words(
        "{owner}, the artefact under AWS's own runtime client", "{owner}（AWS のランタイムで動く成果物）"
    ),
    "balancer": Words("{owner}, internal load balancer (our front)", "{owner}（内部ロードバランサー、模擬）"),
    "endpoint": Words("{owner}, endpoint of {service} (our front)", "{owner}（{service} のエンドポイント、模擬）"),
    "database": Words("{owner}, PostgreSQL with TLS", "{owner}（TLS 付き PostgreSQL）"),
    "neighbour": Words("what might stand beside it", "その隣に置かれうるもの"),
    "gateway": Words("{owner}, S3 (our front)", "{owner}（S3、模擬）"),
}
CONTAINER = Words(
    "{owner}, a place for a container of the image's tree", "{owner}（イメージの中身を動かすコンテナの場所）"
)
REACHES = Words("reaches: {hosts}", "届く先: {hosts}")
NOTHING = Words("nothing", "なし")
ASSUMED = Words(
    "The link to the company is not among the stage's resources; its routes, which are the network team's, are taken "
    "for granted.",
    "社内との接続はステージの資源に含まれません。ネットワーク担当が用意する経路があるものとしています。",
)


def draw(stage: Stage, plan: Plan, language: Language) -> str:
    """Draw every host under its side, with what it may open a connection to."""
    lines = [f"{stage.prefix}  {stage.text('network.cidr')}"]
    for kind, side in SIDES.items():
        hosts = [host for host in plan.hosts if host.kind == kind or (kind, host.kind) == ("database", "neighbour")]
        if not hosts:
            continue
        lines.append(f"+-- {side.plain(language)}")
        for host in hosts:
            words = CONTAINER if stage.in_containers and host.kind == "function" else WHAT[host.kind]
            what = words.say(language, owner=host.owner, service=host.service)
            lines.append(f"|   {host.name:<15} {host.address:<15} {what}")
            if kind in ("corporate", "outside", "function", "balancer", "database"):
                told = ", ".join(reached(plan, host)) or NOTHING.plain(language)
                lines.append(f"|   {'':15} {REACHES.say(language, hosts=told)}")
    if plan.assumed:
        lines.append(ASSUMED.plain(language))
    return "\n".join(lines)


def reached(plan: Plan, host: Host) -> Iterator[str]:
    """Yield what a host may open a connection to, by routes both ways and by both ends' groups: `db:5432`."""
    for other in plan.hosts:
        if other is host or not (_routed(plan, host, other) and _routed(plan, other, host)):
            continue
        if {host.name, other.name} <= {CORPORATE, OUTSIDE}:
            yield other.name
            continue
        ports = _ports(plan, host, other, out=True) & _ports(plan, host, other, out=False)
        if ports:
            yield f"{other.name}:{'/'.join(map(str, sorted(ports)))}"


_ASKED = (80, 443, 5432)
_OF_CONTAINERS = 8000


def _asked(plan: Plan) -> set[int]:
    """Give the ports that matter: the containers' where somebody lets anybody come to it."""
    named = {rule.ports for held in plan.filters.values() for rule in held.into}
    return {*_ASKED, *({_OF_CONTAINERS} if (_OF_CONTAINERS, _OF_CONTAINERS) in named else ())}


def _ports(plan: Plan, host: Host, other: Host, *, out: bool) -> set[int]:
    """Give those of the ports that matter which one end's groups let through; all, where it has none."""
    held = plan.filters.get(host.address if out else other.address)
    if held is None:
        return _asked(plan)
    peer = ipaddress.ip_address(other.address if out else host.address)
    return {
        port
        for rule in (held.out if out else held.into)
        for port in _asked(plan)
        if rule.protocol in ("tcp", "-1")
        and (rule.ports is None or rule.ports[0] <= port <= rule.ports[1])
        and any(peer in ipaddress.ip_network(cidr) for cidr in rule.ranges)
    }


def _routed(plan: Plan, host: Host, other: Host) -> bool:
    """Say whether packets of a host to another arrive there: the longest range that has its address counts."""
    there = ipaddress.ip_address(other.address)
    fitting = [route for route in plan.routes[host.name] if there in ipaddress.ip_network(route.destination)]
    longest = max(fitting, key=lambda route: ipaddress.ip_network(route.destination).prefixlen, default=None)
    return longest is not None and longest.host == other.name
