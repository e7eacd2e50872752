"""What things name that others made, and where they pass on: of what is not known nobody may say that it is inside."""

import ipaddress

from deploy.closedness.findings import Check, Found
from deploy.closedness.world import PRIVATE, Path, Thing, Undecided, World, inside

LINK_LOCAL = ipaddress.ip_network("169.254.0.0/16")

NAMED: tuple[tuple[str, Path, tuple[str, ...]], ...] = (
    ("AWS::ApiGateway::BasePathMapping", ("DomainName",), ("AWS::ApiGateway::DomainName",)),
    ("AWS::ApiGateway::BasePathMappingV2", ("DomainNameArn",), ("AWS::ApiGateway::DomainNameV2",)),
    ("AWS::AutoScaling::AutoScalingGroup", ("TargetGroupARNs",), ("AWS::ElasticLoadBalancingV2::TargetGroup",)),
    ("AWS::AutoScaling::AutoScalingGroup", ("LoadBalancerNames",), ("AWS::ElasticLoadBalancing::LoadBalancer",)),
    ("AWS::Cognito::UserPoolClient", ("UserPoolId",), ("AWS::Cognito::UserPool",)),
    ("AWS::Cognito::UserPoolGroup", ("UserPoolId",), ("AWS::Cognito::UserPool",)),
    ("AWS::ECS::Service", ("TaskDefinition",), ("AWS::ECS::TaskDefinition",)),
    ("AWS::ECS::Service", ("LoadBalancers", "TargetGroupArn"), ("AWS::ElasticLoadBalancingV2::TargetGroup",)),
    ("AWS::ECS::Service", ("LoadBalancers", "LoadBalancerName"), ("AWS::ElasticLoadBalancing::LoadBalancer",)),
    ("AWS::IAM::UserToGroupAddition", ("GroupName",), ("AWS::IAM::Group",)),
    ("AWS::RDS::DBCluster", ("AssociatedRoles", "RoleArn"), ("AWS::IAM::Role",)),
    ("AWS::RDS::DBInstance", ("AssociatedRoles", "RoleArn"), ("AWS::IAM::Role",)),
    ("AWS::Route53::HostedZone", ("VPCs", "VPCId"), ("AWS::EC2::VPC",)),
    ("AWS::Route53Resolver::ResolverEndpoint", ("IpAddresses", "SubnetId"), ("AWS::EC2::Subnet",)),
)
"""Type, property, and what must stand behind it: what it joins or takes its network from."""


def _named(thing: Thing, world: World) -> Found:
    for kind, path, among in NAMED:
        if kind != thing.type:
            continue
        outer, inner = path[:1], path[1:]
        for place, item in enumerate(thing.several(*outer)):
            token = thing.get(*outer, place, *inner) if inner else item
            if token is not None:
                world.named(thing, str(token), (*outer, place, *inner) if inner else outer, among=among)
    return ()


def _actions(thing: Thing, world: World) -> Found:
    """Where a listener or a rule of it passes requests on to, or sends browsers.

    Source: Elastic Load Balancing, "Listeners for your Application Load Balancers", "Authenticate users".
    """
    key = "DefaultActions" if thing.type.endswith("::Listener") else "Actions"
    for place, _ in enumerate(thing.several(key)):
        kind = str(thing.get(key, place, "Type", default="forward"))
        if kind == "redirect":
            host = str(thing.get(key, place, "RedirectConfig", "Host", default="#{host}"))
            if host != "#{host}":
                yield Undecided(thing, (key, place, "RedirectConfig", "Host"), f"whose {host} is")
        elif kind == "forward":
            _targets(thing, (key, place), world)
        elif kind != "fixed-response":
            yield Undecided(thing, (key, place), "it calls addresses that are written there")


def _targets(thing: Thing, path: Path, world: World) -> None:
    if thing.source == "inventory":
        return  # AWS takes private addresses only as targets, and what an inventory holds is made
    among = ("AWS::ElasticLoadBalancingV2::TargetGroup",)
    if thing.get(*path, "TargetGroupArn") is not None:
        world.find(thing, *path, "TargetGroupArn", among=among)
    for place, _ in enumerate(thing.several(*path, "ForwardConfig", "TargetGroups")):
        world.find(thing, *path, "ForwardConfig", "TargetGroups", place, "TargetGroupArn", among=among)


def _resolvers(options: Thing, world: World) -> Found:
    """Servers that every machine of the VPC asks for names and time.

    Source: Amazon VPC User Guide, "DHCP option sets in Amazon VPC".
    """
    for name in ("DomainNameServers", "NTPServers", "NetbiosNameServers"):
        for place, text in enumerate(options.several(name)):
            address = None if text == "AmazonProvidedDNS" else options.network(name, place)
            if address is not None and not inside(
                address, (*PRIVATE, LINK_LOCAL, *world.local, *(world.bounds.corporate or ()))
            ):
                yield Undecided(options, (name, place), f"whose {text} is")


def _options(link: Thing, world: World) -> Found:
    if link.get("DhcpOptionsId") != "default":
        world.find(link, "DhcpOptionsId", among=("AWS::EC2::DHCPOptions",))
    return ()


def _rule(link: Thing, world: World) -> Found:
    """A resolver rule of others, which may have names asked anywhere; a stage says that it is theirs."""
    if not world.staged:
        world.find(link, "ResolverRuleId", among=("AWS::Route53Resolver::ResolverRule",))
    return ()


def _task(task: Thing, _: World) -> Found:
    """Containers share the network of the machine they run on, unless they have an interface of their own.

    Source: Amazon ECS Developer Guide, "Amazon ECS task networking options for EC2".
    """
    if "EXTERNAL" in map(str, task.several("RequiresCompatibilities")):
        yield Undecided(task, ("RequiresCompatibilities",), "it runs on machines outside AWS")
    if task.get("NetworkMode", default="bridge") not in ("awsvpc", "none"):
        yield Undecided(task, ("NetworkMode",), "it shares the network of whatever machine it runs on")


def _options_of_databases(options: Thing, world: World) -> Found:
    """Options such as Oracle's management console open ports behind groups of their own.

    Source: Amazon RDS User Guide, "Oracle Management Agent for Enterprise Manager Cloud Control".
    """
    for place, _ in enumerate(options.several("OptionConfigurations")):
        path: Path = ("OptionConfigurations", place, "VpcSecurityGroupMemberships")
        list(world.each(options, *path, among=("AWS::EC2::SecurityGroup",)))
    return ()


def _service(service: Thing, _: World) -> Found:
    if service.get("LaunchType") == "EXTERNAL":
        yield Undecided(service, ("LaunchType",), "it runs on machines outside AWS")
    if service.several("VpcLatticeConfigurations"):
        yield Undecided(service, ("VpcLatticeConfigurations",), "who reaches it through VPC Lattice")


CHECKS = (
    Check(tuple(dict.fromkeys(kind for kind, _, _ in NAMED)), _named),
    Check(("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule"), _actions),
    Check(("AWS::EC2::DHCPOptions",), _resolvers),
    Check(("AWS::EC2::VPCDHCPOptionsAssociation",), _options),
    Check(("AWS::Route53Resolver::ResolverRuleAssociation",), _rule),
    Check(("AWS::ECS::TaskDefinition",), _task),
    Check(("AWS::ECS::Service",), _service),
    Check(("AWS::RDS::OptionGroup",), _options_of_databases),
)
