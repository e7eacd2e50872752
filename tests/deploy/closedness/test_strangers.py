"""What is not known is named, and never passes for closed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.closedness import cases
from deploy.closedness.findings import Check, Found, finding, run
from deploy.closedness.judgement import CANNOT_TELL, CLOSED, OPEN, Judgement
from deploy.closedness.world import Thing, World

Judge = Callable[..., Judgement]

NETWORK = """
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: nothing
      VpcId: !Ref Vpc
      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 127.0.0.1/32}]
"""


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Judge a text as a template: its resources, and whatever stands before them."""

    def judged(resources: str, *, before: str = "", **parameters: Any) -> Judgement:
        path = tmp_path / "theirs.yaml"
        path.write_text(f"{before}\nResources:\n{resources}", encoding="utf-8")
        return cases.of_files([path], parameters, None, None, date(2026, 11, 22)).judgement

    return judged


def test_a_small_closed_network_is_closed(judge: Judge) -> None:
    assert judge(NETWORK).status == CLOSED


@pytest.mark.parametrize(
    ("resources", "before", "word"),
    [
        (NETWORK, "Transform: AWS::Serverless-2016-10-31", "Serverless"),
        (NETWORK, "Transform: [TheirMacro]", "TheirMacro"),
        ("  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x}}", "", "nested"),
        ("  Made: {Type: Custom::Network, Properties: {ServiceToken: x}}", "", "custom resource"),
        ("  Made: {Type: AWS::CloudFormation::CustomResource, Properties: {ServiceToken: x}}", "", "custom resource"),
        ("  Theirs: {Type: My::Own::Network::MODULE}", "", "module"),
        ("  New: {Type: AWS::Quantum::Tunnel}", "", "AWS::Quantum::Tunnel"),
        (
            "  Fn::ForEach::Gateways: [N, [1], {'Gateway${N}': {Type: AWS::EC2::InternetGateway}}]\n" + NETWORK,
            "",
            "ForEach",
        ),
        ("  Table: {Type: AWS::DynamoDB::Table, Properties: {'Fn::Transform': {Name: AWS::Include}}}", "", "macro"),
        (
            NETWORK + "  In:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: {GroupId: !Ref Group, "
            "IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !ImportValue office}\n",
            "",
            "export",
        ),
        (
            NETWORK + "  Way:\n    Type: AWS::EC2::Route\n    Properties: {RouteTableId: rtb-1, "
            "DestinationCidrBlock: 10.1.0.0/16, GatewayId: !Ref Gateway}\n",
            "Parameters: {Gateway: {Type: String}}",
            "Gateway",
        ),
        (
            NETWORK + "  Way:\n    Type: AWS::EC2::InternetGateway\n    Condition: Perhaps\n",
            "Parameters: {Open: {Type: String}}\nConditions: {Perhaps: !Equals [!Ref Open, yes]}",
            "Open",
        ),
        (
            NETWORK + "  In:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: {GroupId: !Ref Group, "
            "IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: sg-0e000000000000001}\n",
            "",
            "sg-0e000000000000001",
        ),
        (
            "  Copied:\n    Type: AWS::S3::Bucket\n    Properties: {ReplicationConfiguration: "
            "{Role: x, Rules: [{Destination: {Bucket: 'arn:aws:s3:::theirs'}, Status: Enabled}]}}\n",
            "",
            "theirs",
        ),
        (
            "  Kept:\n    Type: AWS::Lambda::EventInvokeConfig\n    Properties: {FunctionName: x, DestinationConfig: "
            "{OnFailure: {Destination: 'arn:aws:sqs:ap-northeast-1:210987654321:theirs'}}}\n",
            "",
            "210987654321",
        ),
        (
            "  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties: "
            "{EndpointConfiguration: {Types: [PRIVATE]}, Body: {openapi: 3.0.1}}\n",
            "",
            "OpenAPI",
        ),
        ("  Machine: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1}}", "", "default VPC"),
        ("  Data: {Type: AWS::RDS::DBInstance, Properties: {PubliclyAccessible: false}}", "", "default VPC"),
        ("  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}", "", "vpc-1"),
        (
            NETWORK + "  Run:\n    Type: AWS::Lambda::Function\n    Properties: "
            "{Role: x, VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [!Ref Group]}}\n",
            "",
            "subnet-1",
        ),
        (
            "  Name: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneName: example.com., Name: a, Type: A}}",
            "",
            "public",
        ),
        (
            "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n"
            "        Version: '2012-10-17'\n        Statement: [{Effect: Allow, Principal: {Federated: x}, "
            "Action: 'sts:AssumeRoleWithWebIdentity'}]\n",
            "",
            "identity provider",
        ),
        (
            "  Bucket:\n    Type: AWS::S3::Bucket\n    Properties: {PublicAccessBlockConfiguration: !Ref Block}\n",
            "Parameters: {Block: {Type: String}}",
            "Block",
        ),
    ],
)
def test_what_is_not_known_is_named(judge: Judge, resources: str, before: str, word: str) -> None:
    judgement = judge(resources, before=before)

    assert judgement.status in (CANNOT_TELL, OPEN)
    assert any(word in f"{one.resource} {one.reason}" for one in judgement.questions), judgement.questions
    assert all(one.line or one.where == "" for one in judgement.questions)


def test_a_parameter_that_is_given_answers(judge: Judge) -> None:
    resources = NETWORK + "  Way:\n    Type: AWS::EC2::InternetGateway\n    Condition: Perhaps\n"
    before = "Parameters: {Open: {Type: String}}\nConditions: {Perhaps: !Equals [!Ref Open, 'yes']}"

    assert judge(resources, before=before, Open="no").status == CLOSED
    assert judge(resources, before=before, Open="yes").status == OPEN


def test_a_vpc_s_default_group_lets_everything_out(judge: Judge) -> None:
    judgement = judge(
        NETWORK + "  Run:\n    Type: AWS::Lambda::Function\n    Properties: {Role: x, VpcConfig: "
        "{SubnetIds: [!Ref Subnet], SecurityGroupIds: [!GetAtt Vpc.DefaultSecurityGroup]}}\n"
    )

    assert {one.key for one in judgement.findings} == {("egress-default", "theirs.Vpc.DefaultSecurityGroup")}


PIECES = ("", "[]", "{}", "null", "3", "text", "!Ref Nothing", "!GetAtt Vpc.Nothing", "!Sub '${Vpc}'", "[[], {}]")


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("AWS::EC2::Route", "DestinationCidrBlock"),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress"),
        ("AWS::EC2::SecurityGroup", "SecurityGroupEgress"),
        ("AWS::EC2::VPCEndpoint", "PolicyDocument"),
        ("AWS::S3::BucketPolicy", "PolicyDocument"),
        ("AWS::S3::Bucket", "PublicAccessBlockConfiguration"),
        ("AWS::IAM::Role", "Policies"),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
        ("AWS::Lambda::Function", "VpcConfig"),
        ("AWS::ApiGateway::RestApi", "EndpointConfiguration"),
        ("AWS::ElasticLoadBalancingV2::Listener", "DefaultActions"),
        ("AWS::RDS::DBInstance", "VPCSecurityGroups"),
        ("AWS::KMS::Key", "KeyPolicy"),
        ("AWS::SNS::Topic", "Subscription"),
        ("AWS::Events::Rule", "Targets"),
    ],
)
def test_nonsense_never_breaks_it(judge: Judge, kind: str, key: str, piece: str) -> None:
    judgement = judge(NETWORK + f"  Odd:\n    Type: {kind}\n    Properties:\n      {key}: {piece}\n")

    assert judgement.status in (CLOSED, OPEN, CANNOT_TELL)


def test_what_a_check_stumbles_over_is_a_question() -> None:
    def stumble(thing: Thing, _: World) -> Found:
        yield finding("internet-gateway", thing)
        raise LookupError("Odd")

    thing = Thing("AWS::EC2::InternetGateway", "theirs.Odd", "igw-1", {}, file="theirs.yaml")
    findings, questions = run((Check(("AWS::EC2::InternetGateway",), stumble),), World((thing,)))

    assert [one.key for one in findings] == [("internet-gateway", "theirs.Odd")]
    assert [one.reason for one in questions] == ["it is not written as CloudFormation takes it (Odd)"]
