"""Types of resources that open nothing: data, logs, names inside, parts of what other rules judge as a whole.

A type is here only when no property of it can make a way in or out, and no right, beyond what rules look at anyhow:
accounts of others in it (`rules/carried.py`), things it names that others made (`rules/links.py`), policies in it
(`rules/callers.py`). Any type that is neither here nor looked at by a check is an open question.
Source: CloudFormation's reference of each.
"""

from collections.abc import Iterator

from deploy.closedness.findings import Check, Found
from deploy.closedness.rules import carried
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
    if thing.type.endswith("::MODULE"):
        raise Undecided(thing, (), "it is a module, which is not read here")
    raise Undecided(thing, (), f"the type {thing.type} is not known here")


OTHER_CHECKS = (
    Check(tuple(sorted(HARMLESS | set(carried.CARRYING))), carried.strangers),
    *carried.CHECKS,
)


def unknown(checks: tuple[Check, ...], world: World) -> Iterator[Check]:
    """Yield a check for every type of this world that no check looks at and that is not harmless."""
    looked = {kind for check in checks for kind in check.types} | HARMLESS | SEEN_BY_OTHERS
    found = dict.fromkeys(thing.type for thing in world.things if thing.type not in looked)
    if found:
        yield Check(tuple(found), _unknown)
