"""What remains open in every such network: to be signed for, never passed over."""

from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.rules.groups import NOWHERE, is_inside, permissions
from deploy.closedness.world import Thing, World, inside


def _resolver(vpc: Thing, world: World) -> Found:
    """The VPC's own resolver, unless a DNS Firewall or a rule for every name stands before it."""
    if not vpc.flag("EnableDnsSupport", default=True):
        return
    for link in world.of("AWS::Route53Resolver::FirewallRuleGroupAssociation"):
        if link.get("VpcId") == vpc.token and _blocks(world.find(link, "FirewallRuleGroupId"), world):
            return
    yield finding("dns-resolver", vpc, "EnableDnsSupport")


def _blocks(group: Thing, world: World) -> bool:
    """Say whether a rule group blocks every name that an earlier rule does not let pass."""
    for place, _ in enumerate(group.several("FirewallRules")):
        if group.get("FirewallRules", place, "Action") == "BLOCK":
            domains = world.find(group, "FirewallRules", place, "FirewallDomainListId")
            if "*" in map(str, domains.several("Domains")):
                return True
    return False


def _destination(group: Thing, world: World) -> Found:
    told = set()
    for one in permissions(world, group, "Egress"):
        for network in one.ranges:
            if not is_inside(network, world, "Egress"):
                continue  # wider than what anybody declared: another rule's
            if not inside(network, (*world.local, NOWHERE)) and (network, one.low) not in told:
                told.add((network, one.low))
                yield finding("declared-destination", one.thing, *one.path, target=network, ports=one.ports)


def _called(runs: Thing, _: World) -> Found:
    """Whoever may invoke a function, or run a task with a command of their own, need not be inside."""
    yield finding("control-plane", runs)


CHECKS = (
    Check(("AWS::EC2::VPC",), _resolver),
    Check(("AWS::EC2::SecurityGroup",), _destination),
    Check(("AWS::Lambda::Function", "AWS::ECS::TaskDefinition"), _called),
)
