"""Holes that a hasty look passes by: none of them may come out as closed; their closed sisters must."""

from datetime import date
from pathlib import Path

import pytest

from deploy.cfn import TemplateError
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
    Properties: {{Role: !GetAtt Works.Arn, VpcConfig: {{SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref Group]}}}}
  Works:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]
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


def stream(principal: str) -> str:
    statement = allow("dynamodb:GetRecords", principal=principal)
    return resource(
        "AWS::DynamoDB::Table",
        f"StreamSpecification: {{StreamViewType: NEW_IMAGE, ResourcePolicy: {{PolicyDocument: {policy(statement)}}}}}",
    )


def group(statement: str = "", more: str = "") -> str:
    held = f"{{PolicyName: p, PolicyDocument: {policy(statement)}}}" if statement else ""
    return resource("AWS::IAM::Group", f"GroupName: people, Policies: [{held}]{more}", "People")


def people(kind: str, properties: str, statement: str) -> str:
    return resource(f"AWS::IAM::{kind}", f"{properties}, PolicyDocument: {policy(statement)}", "Apart")


def files(destination: str) -> str:
    return resource("AWS::EFS::FileSystem", f"ReplicationConfiguration: {{Destinations: [{{{destination}}}]}}")


def aurora(more: str) -> str:
    return resource("AWS::RDS::DBSubnetGroup", "SubnetIds: [!Ref Subnet]", "Subnets") + resource(
        "AWS::RDS::DBCluster", f"DBSubnetGroupName: !Ref Subnets, VpcSecurityGroupIds: [!Ref Group], {more}"
    )


def odd(value: str) -> str:
    """A value in a property that no rule reads."""
    return resource("AWS::SSM::Parameter", f"Type: String, Value: {value}")


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
    "a stream that another account may read": stream(f"{{AWS: '{OTHER}'}}"),
    "a stream that anybody may read": stream("'*'"),
    "a group that may open the network": group(allow("ec2:CreateInternetGateway", principal="")),
    "a group's policy apart": group()
    + people("GroupPolicy", "GroupName: !Ref People", allow("iam:CreateAccessKey", principal="")),
    "a group's managed policy": group()
    + people("ManagedPolicy", "Groups: [!Ref People]", allow("cloudfront:*", principal="")),
    "a group with everything": group(more=", ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']"),
    "a group with a policy elsewhere": group(more=f", ManagedPolicyArns: ['arn:aws:iam::{OTHER}:policy/p']"),
    "a policy for a group elsewhere": people("Policy", "Groups: [theirs]", allow("s3:*", principal="")),
    "a policy for a user elsewhere": people("UserPolicy", "UserName: theirs", allow("s3:*", principal="")),
    "a user": resource("AWS::IAM::User", ""),
    "a user added to a group elsewhere": resource("AWS::IAM::UserToGroupAddition", "GroupName: theirs, Users: [a]"),
    "files copied to another region": files("Region: us-east-1"),
    "files copied to a file system elsewhere": files("FileSystemId: fs-1"),
    "a database over the Data API": aurora("EnableHttpEndpoint: true"),
    "a database over the Data API, in words": aurora("EnableHttpEndpoint: 'True'"),
    "public servers for names": resource("AWS::EC2::DHCPOptions", "DomainNameServers: [10.0.0.2, 8.8.8.8]"),
    "public servers for time": resource("AWS::EC2::DHCPOptions", "NtpServers: [], NTPServers: ['2001:4860:4806::']"),
    "options made elsewhere": resource("AWS::EC2::VPCDHCPOptionsAssociation", "VpcId: !Ref Vpc, DhcpOptionsId: dopt-1"),
    "a path of a domain elsewhere": resource("AWS::ApiGateway::BasePathMapping", "DomainName: example.com"),
    "a path of a private domain elsewhere": resource(
        "AWS::ApiGateway::BasePathMappingV2", "DomainNameArn: 'arn:aws:apigateway:ap-northeast-1::/domainnames/a'"
    ),
    "a path of a public domain": resource("AWS::ApiGateway::DomainName", "DomainName: example.com", "Name")
    + resource("AWS::ApiGateway::BasePathMapping", "DomainName: example.com"),
    "a route through an interface elsewhere": route("DestinationCidrBlock: 10.1.0.0/16, NetworkInterfaceId: eni-1"),
    "a route through a machine elsewhere": route("DestinationCidrBlock: 10.1.0.0/16, InstanceId: i-1"),
    "a route through an endpoint elsewhere": route("DestinationCidrBlock: 10.1.0.0/16, VpcEndpointId: vpce-0123"),
    "containers in the machine's network": resource("AWS::ECS::TaskDefinition", "NetworkMode: host"),
    "containers behind the machine's address": resource("AWS::ECS::TaskDefinition", "NetworkMode: bridge"),
    "containers in no network that is named": resource("AWS::ECS::TaskDefinition", "Family: work"),
    "containers outside AWS": resource(
        "AWS::ECS::TaskDefinition", "NetworkMode: awsvpc, RequiresCompatibilities: [EXTERNAL]"
    ),
    "a function that nobody can compute": odd("!Sub '${Nothing}'"),
    "an attribute of nothing": odd("!GetAtt Nothing.Arn"),
    "a condition that is not declared": odd("!If [Nothing, a, b]"),
    "a function with too few words": odd("!Select [5, [a]]"),
    "a function of nobody": odd("{'Fn::Compute': a}"),
    "a function beside other keys": odd("{'Fn::Sub': a, more: b}"),
    "a reference beside other keys": odd("{Ref: Vpc, more: b}"),
    "a function deep inside": odd("[a, {b: [!FindInMap [No, such, map]]}]"),
    "an import of nobody": odd("!ImportValue theirs"),
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
    "a stream for our account": stream("{AWS: !Ref AWS::AccountId}"),
    "a group that only reads": group(allow("s3:GetObject", "!Sub '${Bucket.Arn}/*'", principal=""))
    + people("GroupPolicy", "GroupName: !Ref People", allow("s3:ListBucket", "!GetAtt Bucket.Arn", principal="")),
    "files copied within the account": files("AvailabilityZoneName: ap-northeast-1a"),
    "a database without the Data API": aurora("EnableHttpEndpoint: false"),
    "servers for names inside": resource(
        "AWS::EC2::DHCPOptions", "DomainNameServers: [AmazonProvidedDNS, 10.0.0.2], NTPServers: [169.254.169.123]"
    )
    + resource("AWS::EC2::VPCDHCPOptionsAssociation", "VpcId: !Ref Vpc, DhcpOptionsId: !Ref Odd", "Link"),
    "a route through an interface of ours": resource(
        "AWS::EC2::NetworkInterface", "SubnetId: !Ref Subnet, GroupSet: [!Ref Group]", "Interface"
    )
    + route("DestinationCidrBlock: 10.1.0.0/16, NetworkInterfaceId: !Ref Interface"),
    "containers with an interface of their own": resource("AWS::ECS::TaskDefinition", "NetworkMode: awsvpc"),
    "containers without a network": resource("AWS::ECS::TaskDefinition", "NetworkMode: none"),
    "a value that is computed": odd("!Sub '${Vpc}-${AWS::Region}'"),
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


EXPORTING = (
    f"Resources:\n{NETWORK}\nOutputs:\n  Office:\n    Value: VALUE\n"
    "    Export: {Name: !Sub '${AWS::StackName}-office'}\n"
)
IMPORTING = """
Resources:
  In:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: in
      VpcId: !ImportValue {"Fn::Sub": "${AWS::StackName}-vpc"}
      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 127.0.0.1/32}]
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !ImportValue stack-office}]
"""


class TestExports:
    def judge(self, folder: Path, office: str, *more: str) -> Judgement:
        outputs = f"  Vpc: {{Value: !Ref Vpc, Export: {{Name: stack-vpc}}}}\n{''.join(more)}"
        (folder / "a.yaml").write_text(IMPORTING, encoding="utf-8")
        text = EXPORTING.replace("VALUE", office) + outputs
        (folder / "b.yaml").write_text(f"{text}\n", encoding="utf-8")
        files = [folder / "a.yaml", folder / "b.yaml"]
        return cases.of_files(files, {}, None, None, date(2026, 11, 22)).judgement

    def test_of_the_other_templates_are_taken_for_what_they_are(self, tmp_path: Path) -> None:
        inside = self.judge(tmp_path, "10.1.0.0/16")
        world = self.judge(tmp_path, "0.0.0.0/0")

        assert {one.key for one in inside.findings} == {("plain-transport", "b.Bucket")}
        assert inside.questions == ()
        assert ("ingress-wide", "a.In") in {one.key for one in world.findings}

    def test_that_are_given_twice_are_nobody_s(self, tmp_path: Path) -> None:
        twice = self.judge(tmp_path, "10.1.0.0/16", "  Again: {Value: 10.1.0.0/16, Export: {Name: stack-office}}\n")

        assert any("stack-office" in one.reason for one in twice.questions)


@pytest.mark.parametrize(
    "text", ["[" * 5000 + "]" * 5000, "a: " + "{a: " * 3000 + "1" + "}" * 3000], ids=["list", "map"]
)
def test_what_is_nested_without_end_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(
        f"Resources: {{Deep: {{Type: AWS::SSM::Parameter, Properties: {{Value: {text}}}}}}}", encoding="utf-8"
    )

    with pytest.raises(TemplateError, match="deep"):
        cases.of_files([path], {}, None, None, date(2026, 11, 22))


def test_what_aliases_multiply_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.yaml"
    lists = "".join(f"  l{one}: &l{one} [{', '.join(9 * [f'*l{one - 1}'])}]\n" for one in range(1, 9))
    path.write_text(f"Metadata:\n  l0: &l0 [a]\n{lists}Resources: {{}}\n", encoding="utf-8")

    with pytest.raises(TemplateError, match="aliases"):
        cases.of_files([path], {}, None, None, date(2026, 11, 22))


def test_a_macro_over_the_whole_template_is_named(tmp_path: Path) -> None:
    judgement = judged("", tmp_path, before="Fn::Transform: {Name: AWS::Include}")

    assert [one.where for one in judgement.questions] == ["Fn::Transform"]
