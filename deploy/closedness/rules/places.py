"""Where things stand: in subnets with routes that are known, behind groups that are known, in zones that are.

What stands in the account's default VPC, or takes a VPC's default group, is not described by any template; the default
VPC has an internet gateway, and its subnets give public addresses unless somebody changed that.
Source: Amazon VPC User Guide, "Default VPCs", "Default security groups for your VPCs".
"""

from deploy.closedness.findings import Check, Found
from deploy.closedness.graph import routes_of, table_of, way
from deploy.closedness.world import PRIVATE, Path, Thing, Undecided, World, inside

GROUP = ("AWS::EC2::SecurityGroup",)
SUBNETS: dict[str, Path] = {
    "AWS::Lambda::Function": ("VpcConfig", "SubnetIds"),
    "AWS::EC2::VPCEndpoint": ("SubnetIds",),
    "AWS::RDS::DBSubnetGroup": ("SubnetIds",),
    "AWS::ECS::Service": ("NetworkConfiguration", "AwsvpcConfiguration", "Subnets"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("Subnets",),
    "AWS::ElasticLoadBalancing::LoadBalancer": ("Subnets",),
    "AWS::AutoScaling::AutoScalingGroup": ("VPCZoneIdentifier",),
    "AWS::EC2::Instance": ("SubnetId",),
    "AWS::EC2::NetworkInterface": ("SubnetId",),
    "AWS::EC2::TransitGatewayVpcAttachment": ("SubnetIds",),
    "AWS::EC2::TransitGatewayAttachment": ("SubnetIds",),
    "AWS::EFS::MountTarget": ("SubnetId",),
    "AWS::EKS::Cluster": ("ResourcesVpcConfig", "SubnetIds"),
    "AWS::OpenSearchService::Domain": ("VPCOptions", "SubnetIds"),
    "AWS::Elasticsearch::Domain": ("VPCOptions", "SubnetIds"),
}
"""Type -> where it names its subnets."""

IN_DEFAULT_VPC = frozenset(
    {
        "AWS::EC2::Instance",
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "AWS::EC2::NetworkInterface",
    }
)
"""Types that without subnets are put into the account's default VPC."""

IN_VPC_IF_ASKED = frozenset(
    {
        "AWS::Lambda::Function",
        "AWS::ECS::Service",
        "AWS::OpenSearchService::Domain",
        "AWS::Elasticsearch::Domain",
    }
)
"""Types that stand in a VPC only where they name subnets."""

GROUPS: dict[str, Path] = {
    "AWS::Lambda::Function": ("VpcConfig", "SecurityGroupIds"),
    "AWS::EC2::VPCEndpoint": ("SecurityGroupIds",),
    "AWS::ECS::Service": ("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("SecurityGroups",),
    "AWS::ElasticLoadBalancing::LoadBalancer": ("SecurityGroups",),
    "AWS::EC2::Instance": ("SecurityGroupIds",),
    "AWS::EC2::NetworkInterface": ("GroupSet",),
    "AWS::EC2::LaunchTemplate": ("LaunchTemplateData", "SecurityGroupIds"),
    "AWS::AutoScaling::LaunchConfiguration": ("SecurityGroups",),
    "AWS::EFS::MountTarget": ("SecurityGroups",),
    "AWS::EKS::Cluster": ("ResourcesVpcConfig", "SecurityGroupIds"),
    "AWS::OpenSearchService::Domain": ("VPCOptions", "SecurityGroupIds"),
    "AWS::Elasticsearch::Domain": ("VPCOptions", "SecurityGroupIds"),
    "AWS::Route53Resolver::ResolverEndpoint": ("SecurityGroupIds",),
}
"""Type -> where it names its security groups."""


def _subnets(thing: Thing, world: World) -> Found:
    """Read the routes of every subnet that something stands in: one that is not known stops here."""
    held = list(world.each(thing, *SUBNETS[thing.type], among=("AWS::EC2::Subnet",)))
    mapped = {"AWS::ElasticLoadBalancingV2::LoadBalancer": "SubnetMappings"}.get(thing.type)
    for place, _ in enumerate(thing.several(mapped) if mapped else []):
        held.append(world.find(thing, mapped or "", place, "SubnetId", among=("AWS::EC2::Subnet",)))
    for place, _ in enumerate(thing.several("NetworkInterfaces") if thing.type == "AWS::EC2::Instance" else []):
        path = ("NetworkInterfaces", place)
        if thing.get(*path, "SubnetId") is not None:
            held.append(world.find(thing, *path, "SubnetId", among=("AWS::EC2::Subnet",)))
        elif thing.get(*path, "NetworkInterfaceId") is not None:
            world.find(thing, *path, "NetworkInterfaceId", among=("AWS::EC2::NetworkInterface",))
            return ()
    if not held and thing.type in IN_DEFAULT_VPC:
        raise Undecided(thing, SUBNETS[thing.type], "it stands in the account's default VPC")
    for subnet in held:
        for route in routes_of(world, table_of(world, subnet)):
            way(route, world)
    return ()


def _groups(thing: Thing, world: World) -> Found:
    path = GROUPS[thing.type]
    named = list(world.each(thing, *path, among=GROUP))
    interfaces = ("LaunchTemplateData",) if thing.type == "AWS::EC2::LaunchTemplate" else ()
    elsewhere = thing.several(*interfaces, "NetworkInterfaces") or thing.several("SecurityGroups")
    if thing.type == "AWS::EC2::Instance":
        list(world.each(thing, "SecurityGroups", among=GROUP))
    # Outside a VPC there are no groups; EKS makes one of its own.
    outside = thing.type in IN_VPC_IF_ASKED and not thing.several(*SUBNETS[thing.type])
    outside = outside or thing.type == "AWS::EKS::Cluster"
    without = thing.type == "AWS::EC2::VPCEndpoint" and thing.get("VpcEndpointType", default="Gateway") != "Interface"
    without = without or thing.get("Type") in ("network", "gateway")
    if not named and not elsewhere and not outside and not without:
        raise Undecided(thing, path, "it takes the VPC's default security group, which lets everything out")
    return ()


def _subnet(subnet: Thing, world: World) -> Found:
    """A subnet without a table of its own uses its VPC's main one."""
    table_of(world, subnet)
    return ()


def _wide(thing: Thing, _: World) -> Found:
    """Ranges of a VPC count as inside; AWS makes none wider than /16 (IPv6: /44).

    Source: Amazon VPC User Guide, "VPC CIDR blocks".
    """
    held = thing.network("CidrBlock")
    if held is not None and held.prefixlen < (16 if held.version == IPV4 else 44):
        yield Undecided(thing, ("CidrBlock",), f"{held} is wider than a VPC can be")


IPV4 = 4


def _link(link: Thing, world: World) -> Found:
    """An association with a subnet or table that others made: what else is in it is not known."""
    world.find(link, "SubnetId", among=("AWS::EC2::Subnet",))
    world.find(link, "RouteTableId", among=("AWS::EC2::RouteTable",))
    return ()


def _database(database: Thing, world: World) -> Found:
    if database.get("DBClusterIdentifier") is not None:
        return ()
    if database.get("DBSubnetGroupName") is None:
        raise Undecided(database, ("DBSubnetGroupName",), "it stands in the account's default VPC")
    if database.source != "inventory":
        world.find(database, "DBSubnetGroupName", among=("AWS::RDS::DBSubnetGroup",))
    if not (database.several("VPCSecurityGroups") or database.several("VpcSecurityGroupIds")):
        raise Undecided(database, (), "it takes the VPC's default security group, which lets everything out")
    return ()


def _unplaced(thing: Thing, world: World) -> Found:
    """Without a subnet group they stand in the account's default VPC."""
    names = {
        "AWS::Redshift::Cluster": "ClusterSubnetGroupName",
        "AWS::DMS::ReplicationInstance": "ReplicationSubnetGroupIdentifier",
    }
    name = names[thing.type]
    if thing.get(name) is None:
        raise Undecided(thing, (name,), "it stands in the account's default VPC")
    world.find(thing, name)
    return ()


def _launched(thing: Thing, world: World) -> Found:
    """Machines after a launch template that is made elsewhere: it may give them public addresses and any group."""
    mixed: Path = ("MixedInstancesPolicy", "LaunchTemplate")
    overrides = range(len(thing.several(*mixed, "Overrides")))
    ways: tuple[Path, ...] = (
        ("LaunchTemplate",),
        (*mixed, "LaunchTemplateSpecification"),
        *((*mixed, "Overrides", place, "LaunchTemplateSpecification") for place in overrides),
    )
    for path in ways:
        if thing.get(*path) is not None:
            name = "LaunchTemplateId" if thing.get(*path, "LaunchTemplateId") is not None else "LaunchTemplateName"
            world.find(thing, *path, name, among=("AWS::EC2::LaunchTemplate",))
    for name in ("LaunchConfigurationName", "InstanceId"):
        if thing.get(name) is not None:
            world.find(thing, name)
    return ()


def _template_interfaces(thing: Thing, world: World) -> Found:
    """Groups of the interfaces that a launch template asks for."""
    base = ("LaunchTemplateData", "NetworkInterfaces")
    for place, _ in enumerate(thing.several(*base)):
        list(world.each(thing, *base, place, "Groups", among=GROUP))
    return ()


def _peering(peering: Thing, world: World) -> Found:
    """The other side of a peering may be anybody's."""
    owner = peering.get("PeerOwnerId")
    if owner is not None and str(owner) != world.account and not world.staged:
        raise Undecided(peering, ("PeerOwnerId",), f"who account {owner} is")
    return ()


def _forwarding(rule: Thing, _: World) -> Found:
    """Names asked at addresses of the internet, or of whoever a zone delegates them to."""
    if rule.get("RuleType") == "DELEGATE":
        yield Undecided(rule, ("RuleType",), "whom its names are delegated to")
    for place in range(len(rule.several("TargetIps"))):
        for name in ("Ip", "Ipv6"):
            address = rule.network("TargetIps", place, name)
            if address is not None and not inside(address, PRIVATE):
                yield Undecided(rule, ("TargetIps", place, name), f"whose {address.network_address} is")


def _record(record: Thing, world: World) -> Found:
    """A name in a zone that is not known may be published on the internet."""
    if record.get("HostedZoneId") is None:
        raise Undecided(record, ("HostedZoneName",), "whether its zone is public is not known")
    world.find(record, "HostedZoneId", among=("AWS::Route53::HostedZone",))
    return ()


CHECKS = (
    Check(tuple(SUBNETS), _subnets),
    Check(tuple(GROUPS), _groups),
    Check(("AWS::Redshift::Cluster", "AWS::DMS::ReplicationInstance"), _unplaced),
    Check(("AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance"), _launched),
    Check(("AWS::EC2::LaunchTemplate",), _template_interfaces),
    Check(("AWS::EC2::VPCPeeringConnection",), _peering),
    Check(("AWS::Route53Resolver::ResolverRule",), _forwarding),
    Check(("AWS::EC2::Subnet",), _subnet),
    Check(("AWS::EC2::VPC", "AWS::EC2::Subnet"), _wide),
    Check(("AWS::EC2::SubnetRouteTableAssociation",), _link),
    Check(("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"), _database),
    Check(("AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"), _record),
)
