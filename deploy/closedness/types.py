"""Types of resources that open nothing: data, logs, names inside, parts of what other rules judge as a whole.

A type is here only when no property of it can make a way in or out, and no right. Any type that is neither here nor
looked at by a check is an open question. Source: CloudFormation's reference of each.
"""

import fnmatch
import re
from collections.abc import Iterator

from deploy.cfn.source import walk
from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.world import Thing, Undecided, World

HARMLESS = frozenset(
    {
        "AWS::AmazonMQ::Configuration",
        "AWS::ApiGateway::Account",
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::BasePathMappingV2",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::GatewayResponse",
        "AWS::ApiGateway::Model",
        "AWS::ApiGateway::RequestValidator",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::Stage",
        "AWS::ApiGateway::UsagePlan",
        "AWS::ApiGateway::ApiKey",
        "AWS::ApiGateway::UsagePlanKey",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::AutoScaling::ScalingPolicy",
        "AWS::CDK::Metadata",
        "AWS::CertificateManager::Certificate",
        "AWS::CloudFormation::WaitConditionHandle",
        "AWS::CloudFront::CloudFrontOriginAccessIdentity",
        "AWS::CloudFront::OriginAccessControl",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Cognito::UserPoolClient",
        "AWS::Cognito::UserPoolGroup",
        "AWS::Config::ConfigRule",
        "AWS::DynamoDB::Table",
        "AWS::EC2::DHCPOptions",
        "AWS::EC2::KeyPair",
        "AWS::EC2::NetworkAcl",
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::PlacementGroup",
        "AWS::EC2::SubnetNetworkAclAssociation",
        "AWS::EC2::VPCDHCPOptionsAssociation",
        "AWS::EC2::Volume",
        "AWS::EC2::VolumeAttachment",
        "AWS::ECS::Cluster",
        "AWS::ECS::TaskDefinition",
        "AWS::EFS::AccessPoint",
        "AWS::EFS::MountTarget",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ServiceLinkedRole",
        "AWS::KMS::Alias",
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Version",
        "AWS::Logs::LogGroup",
        "AWS::Logs::LogStream",
        "AWS::Logs::MetricFilter",
        "AWS::RDS::DBClusterParameterGroup",
        "AWS::RDS::DBParameterGroup",
        "AWS::RDS::OptionGroup",
        "AWS::Route53Resolver::ResolverQueryLoggingConfig",
        "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
        "AWS::SQS::Queue",
        "AWS::SSM::Parameter",
        "AWS::SecretsManager::Secret",
        "AWS::SecretsManager::SecretTargetAttachment",
        "AWS::WAFv2::IPSet",
        "AWS::WAFv2::WebACL",
        "AWS::WAFv2::WebACLAssociation",
    }
)

SEEN_BY_OTHERS = frozenset(
    {
        "AWS::EC2::PrefixList",
        "AWS::EC2::RouteTable",
        "AWS::EC2::TransitGateway",
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::TransitGatewayVpcAttachment",
        "AWS::EC2::TransitGatewayRouteTable",
        "AWS::EC2::TransitGatewayRouteTableAssociation",
        "AWS::EC2::TransitGatewayRouteTablePropagation",
        "AWS::EC2::VPCCidrBlock",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::EC2::VPNGateway",
        "AWS::EC2::CustomerGateway",
        "AWS::IAM::Group",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::RolePolicy",
        "AWS::Route53Resolver::FirewallDomainList",
        "AWS::Route53Resolver::FirewallRuleGroup",
        "AWS::Route53Resolver::FirewallRuleGroupAssociation",
        "AWS::Route53Resolver::ResolverEndpoint",
        "AWS::Route53Resolver::ResolverRule",
        "AWS::Route53Resolver::ResolverRuleAssociation",
    }
)
"""Types that checks read through others: a peering matters by the routes that lead to it."""

NESTED = frozenset({"AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet", "AWS::Serverless::Application"})


def _unknown(thing: Thing, _: World) -> Found:
    if thing.type in NESTED:
        raise Undecided(thing, (), "it is a nested stack, whose template is not read here")
    if thing.type.startswith("Custom::") or thing.type == "AWS::CloudFormation::CustomResource":
        raise Undecided(thing, (), "it is a custom resource: code makes it, which is not read here")
    if fnmatch.fnmatch(thing.type, "*::MODULE"):
        raise Undecided(thing, (), "it is a module, which is not read here")
    raise Undecided(thing, (), f"the type {thing.type} is not known here")


def _rule_targets(thing: Thing, world: World) -> Found:
    """A timer or event that calls something outside the account."""
    for place, _ in enumerate(thing.several("Targets")):
        arn = str(thing.get("Targets", place, "Arn"))
        parts = arn.split(":")
        if arn.startswith("arn:") and len(parts) > 4 and parts[4] not in ("", world.account):
            raise Undecided(thing, ("Targets", place, "Arn"), f"whose {arn} is")
        if ":api-destination/" in arn:
            raise Undecided(thing, ("Targets", place, "Arn"), "it passes requests on to a web address")
        path = ("Targets", place, "EcsParameters", "NetworkConfiguration", "AwsVpcConfiguration")
        if thing.get(*path, "AssignPublicIp", default="DISABLED") != "DISABLED":
            yield finding("public-address", thing, *path, "AssignPublicIp")
        for item, token in enumerate(thing.several(*path, "Subnets")):
            world.named(thing, str(token), (*path, "Subnets", item), among=("AWS::EC2::Subnet",))


def _method(thing: Thing, world: World) -> Found:
    """A method that passes requests on to a web address sends them out of AWS, unless through a link into a VPC."""
    kind = str(thing.get("Integration", "Type", default="MOCK"))
    if kind.startswith("HTTP") and thing.get("Integration", "ConnectionType", default="INTERNET") != "VPC_LINK":
        raise Undecided(thing, ("Integration",), "it passes requests on to a web address")
    uri = str(thing.get("Integration", "Uri", default=""))
    if kind.startswith("AWS"):
        # arn:aws:apigateway:REGION:SERVICE:path/... ; a function's own ARN, with its account, stands in the path.
        service, _, path = ":".join(uri.split(":")[4:]).partition(":")
        inner = path.partition("functions/")[2].split(":")
        if service != "lambda" or inner[4:5] not in ([world.account], []):
            raise Undecided(thing, ("Integration", "Uri"), f"whose {uri} is")
    return ()


CARRYING = (
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::SNS::Subscription",
)
"""Types that name where AWS carries events, failures or news of them."""


def _carried(thing: Thing, world: World) -> Found:
    """An ARN of another account, wherever it stands; layers come from others and carry nothing to them."""
    if thing.get("SelfManagedEventSource") is not None:
        yield Undecided(thing, ("SelfManagedEventSource",), "it calls addresses that are written there")
    for text in walk(thing.properties):
        owners = FOREIGN.findall(text) if isinstance(text, str) and ":layer:" not in text else []
        for owner in owners:
            if owner != world.account:
                yield Undecided(thing, (), f"who account {owner} is")


def _foreign(thing: Thing, world: World) -> Found:
    """A harmless thing that names another account's may hand data to it: a log, a destination, a target."""
    for key, value in thing.properties.items():
        for inner in walk(value):
            found = FOREIGN.search(inner) if isinstance(inner, str) else None
            if found and found[1] != world.account:
                raise Undecided(thing, (key,), f"whose {found[0].removesuffix(':')} is")
    return ()


FOREIGN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:(\d{12}):")

OTHER_CHECKS = (
    Check(CARRYING, _carried),
    Check(tuple(sorted(HARMLESS)), _foreign),
    Check(("AWS::Events::Rule",), _rule_targets),
    Check(("AWS::ApiGateway::Method",), _method),
)


def unknown(checks: tuple[Check, ...], world: World) -> Iterator[Check]:
    """Yield a check for every type of this world that no check looks at and that is not harmless."""
    looked = {kind for check in checks for kind in check.types} | HARMLESS | SEEN_BY_OTHERS
    found = dict.fromkeys(thing.type for thing in world.things if thing.type not in looked)
    if found:
        yield Check(tuple(found), _unknown)
