"""What the picture shows, read from the evaluated templates: arrows exist only where rules let traffic pass."""

from dataclasses import dataclass
from typing import Any

from deploy import blueprint
from deploy.cfn import Assembly, Evaluated, Reference
from deploy.stage import Stage

POSTGRES = 5432
HTTPS = 443
CONTAINER = 8000


@dataclass(frozen=True)
class Flow:
    """Traffic that may pass; `known` is false where a security group belongs to others and cannot be read."""

    source: str
    target: str
    ports: tuple[int, ...]
    known: bool = True


@dataclass(frozen=True)
class Door:
    """One VPC endpoint; `existing` is its id when others made it."""

    service: str
    gateway: bool
    existing: str


@dataclass(frozen=True)
class Tier:
    """Two subnets, one a zone; `existing` are their ids when others made them."""

    name: str
    cidrs: tuple[str, str]
    existing: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn."""

    stage: Stage
    tiers: tuple[Tier, ...]
    doors: tuple[Door, ...]
    flows: tuple[Flow, ...]
    link: str
    database: str
    buckets: tuple[str, ...]
    internet: bool

    def flow(self, source: str, target: str) -> Flow | None:
        """Give the traffic between two, if any may pass."""
        return next((flow for flow in self.flows if (flow.source, flow.target) == (source, target)), None)


GATES = frozenset(
    {
        "AWS::EC2::InternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::EIP",
        "AWS::EC2::CarrierGateway",
    }
)
"""Types that would let the internet in or out; the wall is drawn only when none of them is made."""


def picture(stage: Stage) -> Picture:
    """Read what a stage's templates make."""
    assembly = blueprint.assembly(stage)
    made = {found.logical_id: found for found in assembly.resources()}
    return Picture(
        stage=stage,
        tiers=tuple(
            Tier(tier, stage.ranges(tier), stage.several(f"network.{tier}_subnets")) for tier in ("lb", "app", "db")
        ),
        doors=tuple(
            Door(endpoint.service, endpoint.gateway, stage.text(f"endpoints.{endpoint.key}"))
            for endpoint in stage.endpoints
            if stage.text(f"endpoints.{endpoint.key}") or endpoint.parameter in made
        ),
        flows=tuple(_flows(stage, assembly, made)),
        link=stage.text("corporate.link"),
        database="Aurora Serverless v2" if "Cluster" in made else f"RDS {stage.text('database.size')}",
        buckets=tuple(noun for noun in ("site", "attachments", "audit") if noun in assembly.parts),
        internet=any(found.type in GATES for found in made.values()),
    )


def _rules(group: Evaluated | None, direction: str) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = group.properties.get(f"SecurityGroup{direction}", []) if group else []
    return rules


def _ports(rules: list[dict[str, Any]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(rule["ToPort"]) for rule in rules))


def _flows(stage: Stage, assembly: Assembly, made: dict[str, Evaluated]) -> list[Flow]:
    flows = [_users(stage, assembly, made), *_of_balancer(stage, made)]
    for name in ("web", "tasks"):
        flows += _of_function(stage, name, made)
    return [flow for flow in flows if flow is not None and (flow.ports or not flow.known)]


def _of_balancer(stage: Stage, made: dict[str, Evaluated]) -> list[Flow]:
    """Who may come to the load balancer, and where it sends."""
    if stage.has_api:
        return []
    if stage.text("network.balancer_group"):
        targets = {"endpoints": (HTTPS,), **({"web": (CONTAINER,)} if stage.in_containers else {})}
        sent = [Flow("balancer", target, ports, known=False) for target, ports in targets.items()]
        return [Flow("users", "balancer", (HTTPS,), known=False), *sent]
    group = made.get("BalancerGroup")
    egress = _rules(group, "Egress")
    return [
        Flow("users", "balancer", _ports(_rules(group, "Ingress"))),
        Flow("balancer", "endpoints", _ports([rule for rule in egress if rule.get("CidrIp") in stage.ranges("lb")])),
        Flow("balancer", "web", _ports([rule for rule in egress if rule.get("CidrIp") in stage.ranges("app")])),
    ]


def _users(stage: Stage, assembly: Assembly, made: dict[str, Evaluated]) -> Flow | None:
    if stage.text("network.endpoint_group") or "endpoints" not in assembly.parts:
        return Flow("users", "endpoints", (HTTPS,), known=False)
    corporate = Reference("network", "CorporateRanges")
    admitted = [
        rule for rule in _rules(made.get("EndpointGroup"), "Ingress") if rule.get("SourcePrefixListId") == corporate
    ]
    return Flow("users", "endpoints", _ports(admitted))


def _of_function(stage: Stage, name: str, made: dict[str, Evaluated]) -> list[Flow]:
    """What a function may send: its own group's egress, met by the ingress of whoever receives it."""
    if stage.text(f"network.{name}_group"):
        declared = [port for system in stage.destinations if name in system.sources for port in system.ports]
        targets = {"database": (POSTGRES,), "s3-gateway": (HTTPS,), "inside": tuple(dict.fromkeys(declared))}
        if stage.calls_endpoints:
            targets["endpoints"] = (HTTPS,)
        return [Flow(name, target, ports, known=False) for target, ports in targets.items() if ports]
    logical_id = f"{name.capitalize()}Group"
    egress = _rules(made.get(logical_id), "Egress")
    group = Reference("network", logical_id)
    to_database = [rule for rule in egress if rule.get("CidrIp") in stage.ranges("db")]
    admitted = [
        rule for rule in _rules(made.get("DatabaseGroup"), "Ingress") if rule.get("SourceSecurityGroupId") == group
    ]
    known = not stage.text("network.database_group")
    flows = [Flow(name, "database", _ports(to_database) if admitted or not known else (), known)]
    flows.append(Flow(name, "s3-gateway", _ports([rule for rule in egress if "DestinationPrefixListId" in rule])))
    flows.append(Flow(name, "endpoints", _ports([rule for rule in egress if rule.get("CidrIp") in stage.ranges("lb")])))
    inside = {address for destination in stage.destinations for address in destination.addresses}
    flows.append(Flow(name, "inside", _ports([rule for rule in egress if rule.get("CidrIp") in inside])))
    return flows
