"""Holes that a hasty look passes by: none of them may come out as closed; their closed sisters must."""

from datetime import date
from pathlib import Path

import pytest

from deploy.closedness import cases
from deploy.closedness.judgement import CLOSED, Judgement

BLOCKED = (
    "PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, "
    "IgnorePublicAcls: true, RestrictPublicBuckets: true}"
)
TLS = (
    "{Effect: Deny, Principal: '*', Action: 's3:*Object', Resource: 'arn:aws:s3:::ours/*', "
    "Condition: {Bool: {'aws:SecureTransport': 'false'}}}"
)
NETWORK = f"""
  Vpc: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
  Subnet: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: nothing
      VpcId: !Ref Vpc
      SecurityGroupEgress: [{{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 127.0.0.1/32}}]
  Function:
    Type: AWS::Lambda::Function
    Properties: {{Role: theirs, VpcConfig: {{SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref Group]}}}}
  Table: {{Type: AWS::EC2::RouteTable, Properties: {{VpcId: !Ref Vpc}}}}
  Bucket: {{Type: AWS::S3::Bucket, Properties: {{BucketName: ours, {BLOCKED}}}}}
"""
ROOT = "{Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: 'kms:*', Resource: '*'}"
OTHER = "123456789012"


def resource(kind: str, properties: str, name: str = "Odd") -> str:
    return f"  {name}:\n    Type: {kind}\n    Properties: {{{properties}}}\n"


def policy(*statements: str) -> str:
    return f"{{Version: '2012-10-17', Statement: [{', '.join(statements)}]}}"


def allow(action: str, target: str = "'*'", condition: str = "", principal: str = "'*'") -> str:
    who = f"Principal: {principal}, " if principal else ""
    held = f", Condition: {{{condition}}}" if condition else ""
    return f"{{Effect: Allow, {who}Action: '{action}', Resource: {target}{held}}}"


def bucket(*statements: str) -> str:
    return resource(
        "AWS::S3::BucketPolicy", f"Bucket: !Ref Bucket, PolicyDocument: {policy(*statements, TLS)}", "Policy"
    )


def reading(condition: str = "", target: str = "'arn:aws:s3:::ours/*'", principal: str = "'*'") -> str:
    return bucket(allow("s3:GetObject", target, condition, principal))


def endpoint(statement: str, service: str = "s3") -> str:
    properties = (
        f"VpcId: !Ref Vpc, ServiceName: com.amazonaws.ap-northeast-1.{service}, PolicyDocument: {policy(statement)}"
    )
    if service != "s3":
        properties += ", VpcEndpointType: Interface, SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref Group]"
    return resource("AWS::EC2::VPCEndpoint", properties)


def role(statement: str, service: str = "lambda", more: str = "") -> str:
    trust = f"{{Effect: Allow, Principal: {{Service: {service}.amazonaws.com}}, Action: 'sts:AssumeRole'}}"
    return resource(
        "AWS::IAM::Role",
        f"AssumeRolePolicyDocument: {policy(trust)}, "
        f"Policies: [{{PolicyName: p, PolicyDocument: {policy(statement)}}}]{more}",
    )


def key(statement: str) -> str:
    return resource("AWS::KMS::Key", f"KeyPolicy: {policy(ROOT, statement)}")


def api(*statements: str, more: str = "") -> str:
    return resource(
        "AWS::ApiGateway::RestApi",
        f"Name: api, EndpointConfiguration: {{Types: [PRIVATE]}}, Policy: {policy(*statements)}{more}",
    )


def api_of_ours(more: str = "") -> str:
    statement = allow("execute-api:Invoke", "'execute-api:/*'", "StringEquals: {'aws:SourceVpc': !Ref Vpc}")
    return api(statement, more=more)


def calls(properties: str) -> str:
    return resource("AWS::Lambda::Permission", f"FunctionName: f, Action: 'lambda:InvokeFunction', {properties}")


def route(properties: str) -> str:
    return resource("AWS::EC2::Route", f"RouteTableId: !Ref Table, {properties}")


def judged(resources: str, folder: Path, before: str = "") -> Judgement:
    path = folder / "theirs.yaml"
    policies = "" if "  Policy:" in resources else bucket()
    path.write_text(f"{before}\nResources:\n{NETWORK}{policies}{resources}", encoding="utf-8")
    return cases.of_files([path], {}, None, None, date(2026, 11, 22)).judgement


OPEN = {
    "only a prefix of the bucket": reading(target="'arn:aws:s3:::ours/uploads/*'"),
    "only one object": reading(target="!Sub '${Bucket.Arn}/a.txt'"),
    "a folder for each name": reading(target="'arn:aws:s3:::ours/${aws:username}/*'"),
    "everything but two resources": bucket(
        "{Effect: Allow, Principal: '*', Action: 's3:GetObject', "
        "NotResource: ['arn:aws:s3:::ours/index.html', 'arn:aws:s3:::ours']}"
    ),
    "actions that end alike": bucket(allow("s3:*Tagging", "'arn:aws:s3:::ours/*'")),
    "with a second factor": reading("Bool: {'aws:MultiFactorAuthPresent': 'true'}"),
    "by a name": reading("StringEquals: {'aws:username': admin}"),
    "by a session's name": reading("StringLike: {'aws:userid': '*:session'}"),
    "by the kind of principal": reading("StringEquals: {'aws:PrincipalType': [User, AssumedRole]}"),
    "after a moment": reading("DateGreaterThan: {'aws:TokenIssueTime': '2020-01-01T00:00:00Z'}"),
    "of any organisation": reading("'ForAnyValue:StringLike': {'aws:PrincipalOrgPaths': '*'}"),
    "of any VPC by its ARN": reading("StringLike: {'aws:SourceVpcArn': 'arn:aws:ec2:*:*:vpc/*'}"),
    "from IPv6": reading("IpAddress: {'aws:SourceIp': '::/0'}"),
    "from half of IPv4": reading("IpAddress: {'aws:SourceIp': '0.0.0.0/1'}"),
    "CloudFront": reading(principal="{Service: cloudfront.amazonaws.com}"),
    "CloudFront's older identity": reading(principal="{AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin E1'}"),
    "a canonical user": reading(principal="{CanonicalUser: abc}"),
    "logs of anybody": bucket(
        allow("s3:PutObject", "'arn:aws:s3:::ours/*'", principal="{Service: logging.s3.amazonaws.com}")
    ),
    "any bucket's news": bucket(
        allow("s3:PutObject", "'arn:aws:s3:::ours/*'", "ArnLike: {'aws:SourceArn': 'arn:aws:s3:::*'}")
    ),
    "a key by way of a service": key(
        allow("kms:Decrypt", condition="StringEquals: {'kms:ViaService': s3.ap-northeast-1.amazonaws.com}")
    ),
    "a key's grants": key(allow("kms:CreateG*")),
    "a bus in the older form": resource(
        "AWS::Events::EventBusPolicy", "StatementId: a, Principal: '*', Action: 'events:PutEvents'"
    ),
    "a secret by reference": resource("AWS::SecretsManager::Secret", "", "Secret")
    + resource(
        "AWS::SecretsManager::ResourcePolicy",
        f"SecretId: !Ref Secret, ResourcePolicy: {policy(allow('secretsmanager:GetSecretValue', '!Ref Secret'))}",
    ),
    "a function for another account's topic": calls(
        f"Principal: sns.amazonaws.com, SourceArn: 'arn:aws:sns:ap-northeast-1:{OTHER}:t'"
    ),
    "a function for another account": calls(f"Principal: s3.amazonaws.com, SourceAccount: '{OTHER}'"),
    "one path of an API": api(allow("execute-api:Invoke", "'execute-api:/prod/POST/x'")),
    "one path of any API": api(allow("execute-api:Invoke", "'arn:aws:execute-api:*:000000000000:*/prod/POST/*'")),
    "an API whose methods stand in a bucket": api_of_ours(", BodyS3Location: {Bucket: b, Key: k}"),
    "an API that calls the web": api_of_ours(
        ", Body: {paths: {/x: {get: {x-amazon-apigateway-integration: {type: http_proxy, uri: 'https://example.com'}}}}}"
    ),
    "a method that writes to S3": resource(
        "AWS::ApiGateway::Method", "Integration: {Type: AWS, Uri: 'arn:aws:apigateway:ap-northeast-1:s3:path/theirs/x'}"
    ),
    "a copy": resource(
        "AWS::S3::Bucket",
        f"{BLOCKED}, ReplicationConfiguration: {{Rules: [{{Destination: {{Bucket: 'arn:aws:s3:::theirs'}}}}]}}",
    ),
    "flow logs elsewhere": resource("AWS::EC2::FlowLog", "LogDestination: 'arn:aws:s3:::theirs'"),
    "an endpoint for our organisation": endpoint(
        allow("s3:*", condition="StringEquals: {'aws:PrincipalOrgID': o-ours}")
    ),
    "an endpoint for our VPC": endpoint(allow("s3:*", condition="StringEquals: {'aws:SourceVpc': !Ref Vpc}")),
    "an endpoint to a bucket of nobody known": endpoint(allow("s3:*", "'arn:aws:s3:::theirs/*'")),
    "an endpoint that writes a prefix": endpoint(allow("s3:*", "'arn:aws:s3:::ours/uploads/*'")),
    "an endpoint called otherwise than its actions": endpoint(allow("kinesis:PutRecord"), "kinesis-streams"),
    "an endpoint to somebody's service": endpoint(allow("x:None"), "vpce-svc-0123456789abcdef0").replace(
        "com.amazonaws.", "com.amazonaws.vpce."
    ),
    "a role for a bucket of nobody known": role(allow("s3:PutObject", "'arn:aws:s3:::theirs/*'", principal="")),
    "a role for buckets that begin alike": role(allow("s3:PutObject", "'arn:aws:s3:::theirs-*/*'", principal="")),
    "a role for another account's queue": role(
        allow("sqs:SendMessage", f"'arn:aws:sqs:ap-northeast-1:{OTHER}:q'", principal="")
    ),
    "a role that may become another": role(allow("sts:AssumeRole", principal="")),
    "a role of S3": role(allow("s3:ReplicateObject", principal=""), "s3"),
    "a function that may route": role(allow("ec2:CreateRoute", principal="")),
    "a policy called like AWS's": role(
        allow("s3:GetObject", "'arn:aws:s3:::ours/*'", principal=""),
        more=f", ManagedPolicyArns: ['arn:aws:iam::{OTHER}:policy/AmazonSSMManagedInstanceCore']",
    ),
    "a policy for a role elsewhere": resource(
        "AWS::IAM::Policy", f"Roles: [theirs], PolicyDocument: {policy(allow('s3:*', principal=''))}"
    ),
    "a gateway load balancer as a gateway": route("DestinationCidrBlock: 0.0.0.0/0, GatewayId: vpce-0123"),
    "a flag that is resolved later": resource(
        "AWS::EC2::Subnet", "VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: '{{resolve:ssm:/x}}'"
    ),
    "a peering with another account": resource("AWS::EC2::VPCPeeringConnection", f"PeerOwnerId: '{OTHER}'"),
    "a rule of a group elsewhere": resource(
        "AWS::EC2::SecurityGroupIngress",
        "GroupId: sg-1, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.1.0.0/16",
    ),
    "machines after a template elsewhere": resource(
        "AWS::AutoScaling::AutoScalingGroup",
        "VPCZoneIdentifier: [!Ref Subnet], LaunchTemplate: {LaunchTemplateId: lt-1}",
    ),
    "containers in the default group": resource(
        "AWS::ECS::Service", "NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet]}}"
    ),
    "a timer's container": resource(
        "AWS::Events::Rule",
        "Targets: [{Id: a, Arn: !GetAtt Function.Arn, EcsParameters: {NetworkConfiguration: "
        "{AwsVpcConfiguration: {Subnets: [!Ref Subnet], AssignPublicIp: ENABLED}}}}]",
    ),
    "a runner that sends from outside": resource(
        "AWS::AppRunner::Service", "NetworkConfiguration: {IngressConfiguration: {IsPubliclyAccessible: false}}"
    ),
    "a warehouse in the default VPC": resource("AWS::Redshift::Cluster", "PubliclyAccessible: false"),
    "failures sent to another account": resource(
        "AWS::SQS::Queue", f"RedrivePolicy: {{deadLetterTargetArn: 'arn:aws:sqs:ap-northeast-1:{OTHER}:q'}}"
    ),
    "events from a broker anywhere": resource(
        "AWS::Lambda::EventSourceMapping",
        "SelfManagedEventSource: {Endpoints: {KafkaBootstrapServers: ['example.com:9092']}}",
    ),
    "names asked on the internet": resource("AWS::Route53Resolver::ResolverRule", "TargetIps: [{Ip: 8.8.8.8}]"),
}

CLOSED_SISTERS = {
    "nothing more": "",
    "a key for our account by way of a service": key(
        allow(
            "kms:Decrypt",
            condition="StringEquals: {'kms:CallerAccount': '000000000000', "
            "'kms:ViaService': s3.ap-northeast-1.amazonaws.com}",
        )
    ),
    "our own API": api_of_ours(),
    "our own logs": resource(
        "AWS::S3::Bucket", f"{BLOCKED}, LoggingConfiguration: {{DestinationBucketName: !Ref Bucket}}", "Logged"
    )
    + resource(
        "AWS::S3::BucketPolicy",
        f"Bucket: !Ref Logged, PolicyDocument: {policy(TLS.replace('arn:aws:s3:::ours/*', '*'))}",
    ),
    "a service for our account": calls("Principal: events.amazonaws.com, SourceAccount: !Ref AWS::AccountId"),
    "an endpoint for our account's buckets": endpoint(
        allow("s3:GetObject", condition="StringEquals: {'aws:ResourceAccount': !Ref AWS::AccountId}")
    ),
    "an endpoint for our account's buckets by S3's key": endpoint(
        allow("s3:GetObject", condition="StringEquals: {'s3:ResourceAccount': !Ref AWS::AccountId}")
    ),
    "a role for our account's buckets": role(
        allow("s3:PutObject", condition="StringEquals: {'aws:ResourceAccount': !Ref AWS::AccountId}", principal="")
    ),
    "a route to the company": route("DestinationCidrBlock: 10.1.0.0/16, TransitGatewayId: tgw-1"),
}


@pytest.mark.parametrize("resources", OPEN.values(), ids=list(OPEN))
def test_a_hole_in_disguise_is_never_closed(resources: str, tmp_path: Path) -> None:
    judgement = judged(resources, tmp_path)

    assert judgement.status != CLOSED
    assert judgement.findings or judgement.questions


@pytest.mark.parametrize("resources", CLOSED_SISTERS.values(), ids=list(CLOSED_SISTERS))
def test_its_closed_sister_is_closed(resources: str, tmp_path: Path) -> None:
    judgement = judged(resources, tmp_path)

    assert {one.key for one in judgement.findings} == set()
    assert judgement.questions == ()


def test_a_macro_over_the_whole_template_is_named(tmp_path: Path) -> None:
    judgement = judged("", tmp_path, before="Fn::Transform: {Name: AWS::Include}")

    assert [one.where for one in judgement.questions] == ["Fn::Transform"]
