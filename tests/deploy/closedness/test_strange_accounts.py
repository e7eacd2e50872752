"""Other accounts and organisations, copies that AWS makes, and rights that no list knows: none comes out as closed."""

from pathlib import Path

import pytest

from deploy.closedness.judgement import CLOSED
from tests.deploy.closedness.test_evasions import (
    OTHER,
    allow,
    api,
    aurora,
    endpoint,
    judged,
    key,
    policy,
    reading,
    resource,
    role,
)

THEIR_FUNCTION = f"arn:aws:lambda:ap-northeast-1:{OTHER}:function:f"
AUTHORIZER = "arn:aws:apigateway:ap-northeast-1:lambda:path/2015-03-31/functions/{}/invocations"
BY_ACCOUNT = f"StringEquals: {{'aws:PrincipalAccount': '{OTHER}'}}"
BY_ORGANISATION = "StringEquals: {'aws:PrincipalOrgID': o-theirs}"
OURS = "StringEquals: {'aws:PrincipalAccount': !Ref AWS::AccountId}"
SUBNETS = resource("AWS::RDS::DBSubnetGroup", "SubnetIds: [!Ref Subnet]", "Subnets")


def queue(condition: str) -> str:
    return resource(
        "AWS::SQS::QueuePolicy", f"Queues: [q], PolicyDocument: {policy(allow('sqs:SendMessage', condition=condition))}"
    )


def trust(condition: str) -> str:
    statement = f"{{Effect: Allow, Principal: {{AWS: '*'}}, Action: 'sts:AssumeRole', Condition: {{{condition}}}}}"
    return resource("AWS::IAM::Role", f"AssumeRolePolicyDocument: {policy(statement)}")


def calling(condition: str) -> str:
    return api(allow("execute-api:Invoke", "'execute-api:/*'", condition))


def logs_of_commands(bucket: str) -> str:
    return resource(
        "AWS::ECS::Cluster",
        f"Configuration: {{ExecuteCommandConfiguration: {{LogConfiguration: {{S3BucketName: {bucket}}}}}}}",
    )


def protected(bucket: str) -> str:
    audit = f"{{Operation: {{Audit: {{FindingsDestination: {{S3: {{Bucket: {bucket}}}}}}}}}}}"
    return resource("AWS::Logs::LogGroup", f"DataProtectionPolicy: {{Statement: [{audit}]}}")


def authorizer(function: str) -> str:
    return resource("AWS::ApiGateway::Authorizer", f"Type: TOKEN, AuthorizerUri: !Sub '{AUTHORIZER.format(function)}'")


def database(more: str) -> str:
    return SUBNETS + resource(
        "AWS::RDS::DBInstance",
        f"DBSubnetGroupName: !Ref Subnets, VPCSecurityGroups: [!Ref Group], PubliclyAccessible: false{more}",
    )


def options(group: str) -> str:
    return resource(
        "AWS::RDS::OptionGroup",
        f"OptionConfigurations: [{{OptionName: OEM, Port: 5500, VpcSecurityGroupMemberships: [{group}]}}]",
    )


def zone(vpc: str) -> str:
    return resource("AWS::Route53::HostedZone", f"Name: ours.internal, VPCs: [{{VPCId: {vpc}, VPCRegion: a}}]")


def flow(more: str = "") -> str:
    return resource("AWS::EC2::FlowLog", f"ResourceId: !Ref Vpc, LogGroupName: flow{more}")


def launched(flag: str) -> str:
    interface = f"{{DeviceIndex: 0, Groups: [!Ref Group], AssociateCarrierIpAddress: {flag}}}"
    return resource("AWS::EC2::LaunchTemplate", f"LaunchTemplateData: {{NetworkInterfaces: [{interface}]}}")


def machine(name: str) -> str:
    return resource(
        "AWS::EC2::Instance",
        f"ImageId: ami-1, SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group], IamInstanceProfile: {name}",
    )


def profile(name: str) -> str:
    return resource("AWS::IAM::InstanceProfile", f"Roles: [{name}]", "Profile")


def acting(action: str) -> str:
    return role(allow(action, principal=""))


def transit(more: str) -> str:
    return resource("AWS::EC2::TransitGatewayRoute", f"DestinationCidrBlock: 0.0.0.0/0, {more}")


OPEN = {
    # Accounts and organisations that a condition names.
    "a bucket for another account": reading(BY_ACCOUNT),
    "a bucket for two accounts": reading(f"StringEquals: {{'aws:PrincipalAccount': [!Ref AWS::AccountId, '{OTHER}']}}"),
    "a bucket for a role elsewhere": reading(f"ArnLike: {{'aws:PrincipalArn': 'arn:aws:iam::{OTHER}:role/*'}}"),
    "a bucket for a role of any account": reading("ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/admin'}"),
    "a bucket for an organisation": reading(BY_ORGANISATION),
    "a bucket for a part of an organisation": reading(
        "'ForAnyValue:StringLike': {'aws:PrincipalOrgPaths': 'o-theirs/r-1/*'}"
    ),
    "a key for another account": key(
        allow("kms:Decrypt", condition=f"StringEquals: {{'kms:CallerAccount': '{OTHER}'}}")
    ),
    "a queue for another account": queue(BY_ACCOUNT),
    "a queue for services of an organisation": queue(
        "StringEquals: {'aws:SourceOrgID': o-theirs}, ArnLike: {'aws:SourceArn': 'arn:aws:sns:*:*:*'}"
    ),
    "a role for another account": trust(BY_ACCOUNT),
    "a role for an organisation": trust(BY_ORGANISATION),
    "an API for another account": calling(BY_ACCOUNT),
    "an API for an organisation": calling(BY_ORGANISATION),
    # What AWS carries or copies.
    "commands logged elsewhere": logs_of_commands("theirs"),
    "findings in logs written elsewhere": protected("theirs"),
    "tokens shown to another account": authorizer(THEIR_FUNCTION),
    "flow logs by a role elsewhere": flow(f", DeliverCrossAccountRole: 'arn:aws:iam::{OTHER}:role/r'"),
    "backups in another region": database(", AutomaticBackupReplicationRegion: us-east-1"),
    "a secret in another region": resource("AWS::SecretsManager::Secret", "ReplicaRegions: [{Region: us-east-1}]"),
    "an endpoint for e-mail": endpoint(
        allow("ses:SendEmail", "!Sub 'arn:aws:ses:ap-northeast-1:${AWS::AccountId}:identity/a'"), "email"
    )
    + role(
        allow("ses:SendEmail", "!Sub 'arn:aws:ses:ap-northeast-1:${AWS::AccountId}:identity/a'", principal="")
    ).replace("Odd", "Sender"),
    # Groups, names and addresses.
    "a database's console behind a group elsewhere": options("sg-1"),
    "a zone for a VPC elsewhere": zone("vpc-1"),
    "a machine in a group by its name": resource(
        "AWS::EC2::Instance", "ImageId: ami-1, SubnetId: !Ref Subnet, SecurityGroups: [default]"
    ),
    "an address of a carrier": launched("true"),
    "a VPC that is everything": resource("AWS::EC2::VPC", "CidrBlock: 0.0.0.0/0")
    + resource(
        "AWS::EC2::SecurityGroupIngress",
        "GroupId: !Ref Group, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0",
        "Rule",
    ),
    "a transit gateway's default route": transit("TransitGatewayAttachmentId: tgw-attach-1"),
    # Rights.
    "a function that changes APIs": acting("apigateway:*"),
    "a function that publishes a database": acting("rds:ModifyDBInstance"),
    "a function that shares by a key": acting("kms:PutKeyPolicy"),
    "a function that starts containers": acting("ecs:RunTask"),
    "a function that shares documents": acting("ssm:*"),
    "a function that copies by a job": acting("datasync:CreateTask"),
    "a function that publishes names": acting("route53:ChangeResourceRecordSets"),
    "a function with a role elsewhere": resource(
        "AWS::Lambda::Function",
        "Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/theirs', "
        "VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref Group]}",
    ),
    "a task with a role elsewhere": resource(
        "AWS::ECS::TaskDefinition", "NetworkMode: awsvpc, TaskRoleArn: 'arn:aws:iam::000000000000:role/theirs'"
    ),
    "a machine with a profile elsewhere": machine("theirs"),
    "a profile with a role elsewhere": machine("!Ref Profile") + profile("theirs"),
    "a function with a service that nobody knows": acting("brandnew:*"),
}

CLOSED_SISTERS = {
    "an API for our account through our VPC": calling(f"{OURS[:-1]}, 'aws:SourceVpc': !Ref Vpc}}"),
    "an API for an organisation through our VPC": calling(f"{BY_ORGANISATION[:-1]}, 'aws:SourceVpc': !Ref Vpc}}"),
    "a queue for our account": queue(OURS),
    "a role for our account": trust(OURS),
    "commands logged here": logs_of_commands("!Ref Bucket"),
    "findings in logs written here": protected("!Ref Bucket"),
    "tokens shown to our function": authorizer("${Function.Arn}"),
    "flow logs here": flow(),
    "a database with backups here": database(""),
    "a cluster with backups here": aurora("BackupRetentionPeriod: 7"),
    "a secret here": resource("AWS::SecretsManager::Secret", "GenerateSecretString: {}"),
    "a database's console behind our group": options("!Ref Group"),
    "a zone for our VPC": zone("!Ref Vpc"),
    "an address of no carrier": launched("false"),
    "a VPC as wide as AWS makes one": resource("AWS::EC2::VPC", "CidrBlock: 10.7.0.0/16"),
    "a transit gateway that drops the rest": transit("Blackhole: true"),
    "a task with our role": resource("AWS::ECS::TaskDefinition", "NetworkMode: awsvpc, TaskRoleArn: !GetAtt Works.Arn"),
    "a machine with our profile": machine("!Ref Profile") + profile("!Ref Works"),
    "a launch template with our profile": resource(
        "AWS::EC2::LaunchTemplate",
        "LaunchTemplateData: {SecurityGroupIds: [!Ref Group], IamInstanceProfile: {Arn: !GetAtt Profile.Arn}}",
    )
    + profile("!Ref Works"),
    "a function that looks at everything": acting("rds:Describe*"),
    "a function that writes logs, measures and interfaces": role(
        "{Effect: Allow, Action: ['logs:PutLogEvents', 'xray:PutTraceSegments', 'cloudwatch:PutMetricData', "
        "'ec2:CreateNetworkInterface', 'kms:GenerateDataKey*'], Resource: '*'}"
    ),
    "a function that starts one container of ours": role(
        allow("ecs:RunTask", "!Sub 'arn:aws:ecs:ap-northeast-1:${AWS::AccountId}:task-definition/t:1'", principal="")
    ),
}


@pytest.mark.parametrize("resources", OPEN.values(), ids=list(OPEN))
def test_what_belongs_to_others_is_never_closed(resources: str, tmp_path: Path) -> None:
    judgement = judged(resources, tmp_path)

    assert judgement.status != CLOSED
    assert {one.rule.id for one in judgement.findings} - {"unused-endpoint"} or judgement.questions


@pytest.mark.parametrize("resources", CLOSED_SISTERS.values(), ids=list(CLOSED_SISTERS))
def test_its_closed_sister_is_closed(resources: str, tmp_path: Path) -> None:
    judgement = judged(resources, tmp_path)

    assert {one.key for one in judgement.findings} == set()
    assert judgement.questions == ()
