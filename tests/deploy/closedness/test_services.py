"""Services that hand data on, or answer, by ways of their own: none of them may come out as closed."""

from pathlib import Path

import pytest

from deploy.closedness.judgement import CLOSED
from tests.deploy.closedness.test_evasions import OTHER, allow, aurora, judged, policy, resource, role, route

THEIRS = f"arn:aws:sqs:ap-northeast-1:{OTHER}:q"
BALANCER = resource(
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "Scheme: internal, Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group]",
    "Balancer",
)


def listener(action: str, kind: str = "Listener") -> str:
    key = "DefaultActions" if kind == "Listener" else "Actions"
    more = "Protocol: HTTPS, Port: 443, LoadBalancerArn: !Ref Balancer, " if kind == "Listener" else ""
    return BALANCER + resource(f"AWS::ElasticLoadBalancingV2::{kind}", f"{more}{key}: [{{{action}}}]")


def target_group(properties: str = "TargetType: ip, VpcId: !Ref Vpc, Port: 443, Protocol: HTTPS") -> str:
    return resource("AWS::ElasticLoadBalancingV2::TargetGroup", properties, "Targets")


def task(mode: str) -> str:
    return resource("AWS::ECS::TaskDefinition", f"Family: work{mode}", "Task")


def containers(more: str) -> str:
    network = "NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group]}}"
    return resource("AWS::ECS::Service", f"{network}, {more}")


def method(properties: str) -> str:
    return resource("AWS::ApiGateway::Method", f"Integration: {{{properties}}}")


def machines(more: str) -> str:
    return resource("AWS::EC2::LaunchTemplate", LAUNCHED, "Launch") + resource(
        "AWS::AutoScaling::AutoScalingGroup",
        "VPCZoneIdentifier: [!Ref Subnet], LaunchTemplate: {LaunchTemplateId: !Ref Launch}" + more,
    )


LAUNCHED = "LaunchTemplateData: {ImageId: ami-1, SecurityGroupIds: [!Ref Group]}"

SECRET = "{AWS: '{{resolve:ssm:/who}}'}"

OPEN = {
    # A listener's and a balancer's own ways.
    "a redirect to another host": listener("Type: redirect, RedirectConfig: {Host: example.com, StatusCode: HTTP_301}"),
    "a rule that redirects elsewhere": listener(
        "Type: redirect, RedirectConfig: {Host: example.com, StatusCode: HTTP_301}", "ListenerRule"
    ),
    "a forward to targets elsewhere": listener("Type: forward, TargetGroupArn: 'arn:aws:elasticloadbalancing:x'"),
    "a weighted forward to targets elsewhere": listener(
        "Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: theirs, Weight: 1}]}"
    ),
    "a listener that signs in on the web": listener(
        "Type: authenticate-oidc, AuthenticateOidcConfig: {Issuer: 'https://example.com'}"
    ),
    "a target in another account": target_group(
        f"TargetType: lambda, Targets: [{{Id: 'arn:aws:lambda:ap-northeast-1:{OTHER}:function:f'}}]"
    ),
    "a balancer's logs elsewhere": resource(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Scheme: internal, Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group], "
        "LoadBalancerAttributes: [{Key: access_logs.s3.bucket, Value: theirs}]",
    ),
    # Where events, failures and news of them go.
    "an event to the web": resource(
        "AWS::Events::Rule",
        "Targets: [{Id: a, Arn: !Sub 'arn:aws:events:ap-northeast-1:${AWS::AccountId}:api-destination/web/1'}]",
    ),
    "an event's failures to another account": resource(
        "AWS::Events::Rule",
        f"Targets: [{{Id: a, Arn: !GetAtt Function.Arn, DeadLetterConfig: {{Arn: '{THEIRS}'}}}}]",
    ),
    "an event to nobody known": resource("AWS::Events::Rule", "Targets: [{Id: a, Arn: '{{resolve:ssm:/somewhere}}'}]"),
    "a pipe": resource("AWS::Pipes::Pipe", "Source: a, Target: b"),
    "a web address for events": resource("AWS::Events::ApiDestination", "InvocationEndpoint: 'https://example.com'"),
    "failures to a bucket elsewhere": resource(
        "AWS::Lambda::EventInvokeConfig", "DestinationConfig: {OnFailure: {Destination: 'arn:aws:s3:::theirs'}}"
    ),
    "failures to a topic of a broker": resource(
        "AWS::Lambda::EventSourceMapping", "DestinationConfig: {OnFailure: {Destination: 'kafka://theirs'}}"
    ),
    "failures to whom a secret says": resource(
        "AWS::SQS::Queue", "RedrivePolicy: {deadLetterTargetArn: '{{resolve:ssm:/queue}}'}"
    ),
    "failures to an account that a secret says": resource(
        "AWS::SQS::Queue",
        "RedrivePolicy: {deadLetterTargetArn: 'arn:aws:sqs:ap-northeast-1:{{resolve:ssm:/account}}:q'}",
    ),
    "a function's failures elsewhere": resource(
        "AWS::Lambda::Function",
        "Role: r, VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref Group]}, "
        f"DeadLetterConfig: {{TargetArn: '{THEIRS}'}}",
    ),
    "a mail server of SES": resource("AWS::SES::ReceiptRule", "RuleSetName: r"),
    "a topic to the web": resource("AWS::SNS::Subscription", "Protocol: https, Endpoint: 'https://example.com'"),
    "logs to a stranger's stream": resource(
        "AWS::Logs::SubscriptionFilter", f"DestinationArn: 'arn:aws:logs:ap-northeast-1:{OTHER}:destination:d'"
    ),
    "a delivery to the web": resource(
        "AWS::KinesisFirehose::DeliveryStream", "HttpEndpointDestinationConfiguration: {}"
    ),
    "a table's changes to a stranger's stream": resource(
        "AWS::DynamoDB::Table",
        f"KinesisStreamSpecification: {{StreamArn: 'arn:aws:kinesis:ap-northeast-1:{OTHER}:stream/s'}}",
    ),
    "queries of names to a bucket elsewhere": resource(
        "AWS::Route53Resolver::ResolverQueryLoggingConfig", "DestinationArn: 'arn:aws:s3:::theirs'"
    ),
    "news of machines to another account": machines(
        f", NotificationConfigurations: [{{TopicARN: 'arn:aws:sns:ap-northeast-1:{OTHER}:t'}}]"
    ),
    # APIs.
    "a link whose other end is not known": method("Type: HTTP_PROXY, ConnectionType: VPC_LINK, ConnectionId: abc"),
    "a link": resource("AWS::ApiGateway::VpcLink", "TargetArns: [a]"),
    "a function that a stage names": method(
        "Type: AWS_PROXY, Uri: 'arn:aws:apigateway:ap-northeast-1:lambda:path/2015-03-31/functions/"
        "${stageVariables.function}/invocations'"
    ),
    "a method of HTTP in small letters": method("Type: http_proxy, Uri: 'https://example.com'"),
    "an HTTP API": resource("AWS::ApiGatewayV2::Api", "ProtocolType: HTTP"),
    "a private graph": resource("AWS::AppSync::GraphQLApi", "Visibility: PRIVATE, AuthenticationType: API_KEY"),
    "a graph": resource("AWS::AppSync::GraphQLApi", "AuthenticationType: API_KEY"),
    "a pool's client": resource("AWS::Cognito::UserPoolClient", "UserPoolId: ap-northeast-1_theirs"),
    # Machines, containers, databases.
    "machines after another template for some": machines(
        ", MixedInstancesPolicy: {LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId: !Ref Launch}, "
        "Overrides: [{LaunchTemplateSpecification: {LaunchTemplateId: lt-1}}]}}"
    ),
    "machines behind a balancer elsewhere": machines(", TargetGroupARNs: [theirs]"),
    "containers behind a balancer elsewhere": task(", NetworkMode: awsvpc")
    + containers("TaskDefinition: !Ref Task, LoadBalancers: [{TargetGroupArn: theirs}]"),
    "containers of a definition elsewhere": containers("TaskDefinition: 'work:1'"),
    "containers on somebody's machines": task(", NetworkMode: awsvpc")
    + containers("TaskDefinition: !Ref Task, LaunchType: EXTERNAL"),
    "containers in VPC Lattice": task(", NetworkMode: awsvpc")
    + containers("TaskDefinition: !Ref Task, VpcLatticeConfigurations: [{RoleArn: r}]"),
    "a public address that a secret says": resource(
        "AWS::ECS::Service",
        "NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group], "
        "AssignPublicIp: '{{resolve:ssm:/public}}'}}",
    ),
    "a global database": resource(
        "AWS::RDS::DBCluster",
        "DBSubnetGroupName: g, VpcSecurityGroupIds: [!Ref Group], GlobalClusterIdentifier: everywhere",
    ),
    "Kubernetes": resource("AWS::EKS::Cluster", "ResourcesVpcConfig: {SubnetIds: [!Ref Subnet]}"),
    "a warehouse": resource("AWS::Redshift::Cluster", "PubliclyAccessible: true"),
    "a search": resource("AWS::OpenSearchService::Domain", "DomainName: d"),
    "a notebook": resource("AWS::SageMaker::NotebookInstance", "DirectInternetAccess: Enabled"),
    "names asked by a rule elsewhere": resource(
        "AWS::Route53Resolver::ResolverRuleAssociation", "VPCId: !Ref Vpc, ResolverRuleId: rslvr-rr-1"
    ),
    "names delegated to others": resource(
        "AWS::Route53Resolver::ResolverRule", "RuleType: DELEGATE, DelegationRecord: example.com"
    ),
    "a core network of another account": route(
        f"DestinationCidrBlock: 10.1.0.0/16, CoreNetworkArn: 'arn:aws:networkmanager::{OTHER}:core-network/c'"
    ),
    "a topic to the web, inside": resource(
        "AWS::SNS::Topic", "Subscription: [{Protocol: https, Endpoint: 'https://example.com'}]"
    ),
    "a database with a role elsewhere": aurora(
        "AssociatedRoles: [{FeatureName: s3Export, RoleArn: !Sub 'arn:aws:iam::${AWS::AccountId}:role/export'}]"
    ),
    "a function that may push images to anybody": role(allow("ecr:PutImage", principal="")),
    "a function that may share snapshots": role(allow("rds:ModifyDBSnapshotAttribute", principal="")),
    "a function that may start machines": role(allow("ec2:RunInstances", principal="")),
    "a function that may make stacks": role(allow("cloudformation:*", principal="")),
    "a service for everybody": resource(
        "AWS::EC2::VPCEndpointServicePermissions", "ServiceId: vpce-svc-1, AllowedPrincipals: ['*']"
    ),
    # Policies.
    "a policy where nobody looks": resource("AWS::SSM::Parameter", f"Policies: {policy(allow('ssm:GetParameter'))}"),
    "a principal that a secret says": resource(
        "AWS::S3::BucketPolicy",
        f"Bucket: !Ref Bucket, PolicyDocument: {policy(allow('s3:GetObject', principal=SECRET))}",
    ),
}

UNKNOWN = (
    "AWS::AmazonMQ::Broker",
    "AWS::AppIntegrations::EventIntegration",
    "AWS::AppRunner::VpcConnector",
    "AWS::Batch::ComputeEnvironment",
    "AWS::Cloud9::EnvironmentEC2",
    "AWS::CodeBuild::Project",
    "AWS::DMS::Endpoint",
    "AWS::DataSync::Agent",
    "AWS::DirectConnect::Connection",
    "AWS::DynamoDB::GlobalTable",
    "AWS::EC2::ClientVpnRoute",
    "AWS::EC2::SecurityGroupVpcAssociation",
    "AWS::EC2::TransitGatewayPeeringAttachment",
    "AWS::EC2::VerifiedAccessEndpoint",
    "AWS::ECR::PublicRepository",
    "AWS::ECR::PullThroughCacheRule",
    "AWS::ECR::ReplicationConfiguration",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Glue::Connection",
    "AWS::IAM::AccessKey",
    "AWS::IAM::OIDCProvider",
    "AWS::IoT::TopicRule",
    "AWS::MSK::Cluster",
    "AWS::NetworkFirewall::Firewall",
    "AWS::RAM::ResourceShare",
    "AWS::RDS::DBProxyEndpoint",
    "AWS::RolesAnywhere::TrustAnchor",
    "AWS::S3::AccessPoint",
    "AWS::S3::MultiRegionAccessPoint",
    "AWS::S3ObjectLambda::AccessPoint",
    "AWS::SSM::Association",
    "AWS::Scheduler::Schedule",
    "AWS::StepFunctions::StateMachine",
    "AWS::VpcLattice::Service",
    "AWS::WorkSpaces::Workspace",
)
"""Types that may open something and that no rule reads."""

CLOSED_SISTERS = {
    "a balancer before containers": BALANCER
    + target_group()
    + task(", NetworkMode: awsvpc")
    + containers("TaskDefinition: !Ref Task, LoadBalancers: [{TargetGroupArn: !Ref Targets}]")
    + resource(
        "AWS::ElasticLoadBalancingV2::Listener",
        "Protocol: HTTPS, Port: 443, LoadBalancerArn: !Ref Balancer, "
        "DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]",
        "Listener",
    )
    + resource(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "ListenerArn: !Ref Listener, Actions: [{Type: redirect, RedirectConfig: {Path: /, StatusCode: HTTP_302}}]",
        "Rule",
    ),
    "logs of a balancer in our bucket": resource(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Scheme: internal, Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group], "
        "LoadBalancerAttributes: [{Key: access_logs.s3.bucket, Value: !Ref Bucket}]",
    ),
    "an event to our function": resource("AWS::Events::Rule", "Targets: [{Id: a, Arn: !GetAtt Function.Arn}]"),
    "failures to our queue": resource("AWS::SQS::Queue", "QueueName: failures", "Failures")
    + resource("AWS::SQS::Queue", "RedrivePolicy: {deadLetterTargetArn: !GetAtt Failures.Arn}"),
    "failures to our bucket": resource(
        "AWS::Lambda::EventInvokeConfig", "DestinationConfig: {OnFailure: {Destination: !GetAtt Bucket.Arn}}"
    ),
    "our function behind a method": method(
        "Type: AWS_PROXY, Uri: !Sub 'arn:aws:apigateway:ap-northeast-1:lambda:path/2015-03-31/functions/"
        "${Function.Arn}/invocations'"
    ),
    "machines": machines(""),
    "a database with a role of ours": role(allow("s3:GetObject", "!Sub '${Bucket.Arn}/*'", principal=""), "rds")
    + aurora("AssociatedRoles: [{FeatureName: s3Import, RoleArn: !GetAtt Odd.Arn}]").replace("  Odd:", "  Data:"),
    "a function that may push images to us": role(
        allow("ecr:PutImage", "!Sub 'arn:aws:ecr:ap-northeast-1:${AWS::AccountId}:repository/ours'", principal="")
    ),
    "a secret that only AWS reads": resource("AWS::SSM::Parameter", "Type: String, Value: '{{resolve:ssm:/text}}'"),
}


@pytest.mark.parametrize("resources", OPEN.values(), ids=list(OPEN))
def test_a_way_of_its_own_is_never_closed(resources: str, tmp_path: Path) -> None:
    judgement = judged(resources, tmp_path)

    assert judgement.status != CLOSED
    assert judgement.findings or judgement.questions


def test_every_type_that_no_rule_reads_is_named(tmp_path: Path) -> None:
    resources = "".join(resource(kind, "", f"Odd{place}") for place, kind in enumerate(UNKNOWN))

    reasons = {one.reason for one in judged(resources, tmp_path).questions}

    assert {f"the type {kind} is not known here" for kind in UNKNOWN} <= reasons


@pytest.mark.parametrize("resources", CLOSED_SISTERS.values(), ids=list(CLOSED_SISTERS))
def test_its_closed_sister_is_closed(resources: str, tmp_path: Path) -> None:
    judgement = judged(resources, tmp_path)

    assert {one.key for one in judgement.findings} == set()
    assert judgement.questions == ()
