"""What answers on AWS's public side: load balancers, APIs, databases, functions, names."""

from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.rules.groups import permissions, redirects
from deploy.closedness.world import Thing, Undecided, World


def _balancer(thing: Thing, _: World) -> Found:
    if thing.get("Type", default="application") == "gateway":
        return
    if thing.get("Scheme", default="internet-facing") != "internal":
        yield finding("public-load-balancer", thing, "Scheme")


def _listener(thing: Thing, _: World) -> Found:
    protocol = str(thing.get("Protocol", default="HTTP"))
    if protocol not in ("HTTPS", "TLS", "GENEVE") and not redirects(thing):
        yield finding("plain-listener", thing, "Protocol", protocol=protocol, port=thing.get("Port", default=80))


def _classic_listeners(thing: Thing, _: World) -> Found:
    for place, _listener in enumerate(thing.several("Listeners")):
        protocol = str(thing.get("Listeners", place, "Protocol", default="HTTP")).upper()
        if protocol not in ("HTTPS", "SSL"):
            port = thing.get("Listeners", place, "LoadBalancerPort")
            yield finding("plain-listener", thing, "Listeners", place, protocol=protocol, port=port)


def _database(thing: Thing, world: World) -> Found:
    """Without a word AWS makes an instance public where its VPC has an internet gateway.

    Source: RDS API reference, CreateDBInstance, PubliclyAccessible.
    """
    member = thing.get("DBClusterIdentifier") is not None
    silent = thing.type != "AWS::RDS::DBCluster" and thing.get("PubliclyAccessible") is None
    open_vpc = any(True for _ in world.of("AWS::EC2::InternetGateway"))
    unplaced = thing.get("DBSubnetGroupName", default=thing.get("ClusterSubnetGroupName")) is None and not member
    if thing.flag("PubliclyAccessible", default=silent and (open_vpc or unplaced)):
        yield finding("public-database", thing, "PubliclyAccessible")
    for path in ("VPCSecurityGroups", "VpcSecurityGroupIds", "SecurityGroupIds"):
        for group in world.each(thing, path, among=("AWS::EC2::SecurityGroup",)):
            for one in permissions(world, group, "Ingress"):
                for network in one.ranges:
                    yield finding("database-ingress", one.thing, *one.path, source=network)


def _data_api(thing: Thing, _: World) -> Found:
    if thing.flag("EnableHttpEndpoint"):
        yield finding("data-api", thing, "EnableHttpEndpoint")


def _url(thing: Thing, _: World) -> Found:
    yield finding("function-url", thing)


def _function(thing: Thing, _: World) -> Found:
    if not thing.several("VpcConfig", "SubnetIds"):
        yield finding("function-outside", thing, "VpcConfig")


def _api(thing: Thing, _: World) -> Found:
    types = [str(one) for one in thing.several("EndpointConfiguration", "Types")] or ["EDGE"]
    if types != ["PRIVATE"]:
        yield finding("public-api", thing, "EndpointConfiguration", kind=", ".join(types))


def _http_api(thing: Thing, _: World) -> Found:
    yield finding("public-api", thing, kind=thing.get("ProtocolType", default="HTTP"))


def _graph_api(thing: Thing, _: World) -> Found:
    if thing.get("Visibility", default="GLOBAL") != "PRIVATE":
        yield finding("public-api", thing, kind="GraphQL")
    else:
        # Source: AWS AppSync Developer Guide, "Using AWS AppSync Private APIs": any VPC's endpoint leads to it.
        yield Undecided(thing, ("Visibility",), "who reaches it through endpoints of their own")


def _service(thing: Thing, _: World) -> Found:
    kind = thing.type.removeprefix("AWS::").replace("::", " ")
    yield finding("public-service", thing, kind=kind)


def _runner(thing: Thing, _: World) -> Found:
    if thing.flag("NetworkConfiguration", "IngressConfiguration", "IsPubliclyAccessible", default=True):
        yield finding("public-service", thing, kind="App Runner")
    # Unless it is told to go through a VPC, it sends from the internet's side.
    elif thing.get("NetworkConfiguration", "EgressConfiguration", "EgressType", default="DEFAULT") != "VPC":
        yield finding("public-service", thing, "NetworkConfiguration", "EgressConfiguration", kind="App Runner")
    else:
        raise Undecided(thing, ("NetworkConfiguration", "EgressConfiguration"), "where its connector stands")


def _cluster(thing: Thing, _: World) -> Found:
    if thing.flag("ResourcesVpcConfig", "EndpointPublicAccess", default=True):
        yield finding("public-service", thing, kind="EKS")


def _search(thing: Thing, _: World) -> Found:
    if not thing.several("VPCOptions", "SubnetIds"):
        yield finding("public-service", thing, kind="OpenSearch")


def _zone(thing: Thing, _: World) -> Found:
    if not thing.several("VPCs"):
        yield finding("public-zone", thing)


PUBLIC = (
    "AWS::CloudFront::Distribution",
    "AWS::GlobalAccelerator::Accelerator",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Cognito::IdentityPool",
    "AWS::Amplify::App",
    "AWS::Lightsail::Instance",
    "AWS::Transfer::Server",
)
"""Types that answer on the internet by what they are."""

CHECKS = (
    Check(("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer"), _balancer),
    Check(("AWS::ElasticLoadBalancingV2::Listener",), _listener),
    Check(("AWS::ElasticLoadBalancing::LoadBalancer",), _classic_listeners),
    Check(
        ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::Redshift::Cluster", "AWS::DMS::ReplicationInstance"),
        _database,
    ),
    Check(("AWS::RDS::DBCluster",), _data_api),
    Check(("AWS::Lambda::Url",), _url),
    Check(("AWS::Lambda::Function",), _function),
    Check(("AWS::ApiGateway::RestApi", "AWS::ApiGateway::DomainName", "AWS::ApiGateway::DomainNameV2"), _api),
    Check(("AWS::ApiGatewayV2::Api",), _http_api),
    Check(("AWS::AppSync::GraphQLApi",), _graph_api),
    Check(PUBLIC, _service),
    Check(("AWS::AppRunner::Service",), _runner),
    Check(("AWS::EKS::Cluster",), _cluster),
    Check(("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"), _search),
    Check(("AWS::Route53::HostedZone",), _zone),
)
