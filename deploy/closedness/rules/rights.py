"""Rights on everything that no list here knows: what they could open or send away, nobody can say from templates.

`rules/roles.py` asks about the calls that it knows, in services that carry data to whoever owns a resource. All other
services stand here: reading, and calls of which it is known that they open nothing, pass; the rest is a question.
Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS services".
"""

import fnmatch
from collections.abc import Mapping

from deploy.closedness.findings import Check, Found
from deploy.closedness.patterns import HOLE
from deploy.closedness.policy import statements, texts
from deploy.closedness.rules.roles import OUT, documents, is_of_a_function
from deploy.closedness.world import Thing, Undecided, World

READING = (
    "get",
    "list",
    "describe",
    "batchget",
    "batchcheck",
    "query",
    "scan",
    "search",
    "lookup",
    "select",
    "filter",
    "view",
    "check",
    "verify",
)
"""How the names of calls begin that only tell something to whoever calls."""

CLOSED = (
    "autoscaling:CompleteLifecycleAction",
    "autoscaling:RecordLifecycleActionHeartbeat",
    "autoscaling:SetInstanceHealth",
    "bedrock:ApplyGuardrail",
    "bedrock:InvokeModel*",
    "bedrock:Retrieve*",
    "cloudwatch:PutMetricData",
    "comprehend:Detect*",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:CreateTags",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
    "ec2messages:*",
    "ecs:DeregisterContainerInstance",
    "ecs:DiscoverPollEndpoint",
    "ecs:Poll",
    "ecs:RegisterContainerInstance",
    "ecs:StartTelemetrySession",
    "ecs:Submit*",
    "ecs:UpdateContainerInstancesState",
    "elasticfilesystem:Client*",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:GenerateMac",
    "kms:GenerateRandom",
    "kms:ReEncrypt*",
    "kms:Sign",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:PutRetentionPolicy",
    "logs:StartQuery",
    "logs:StopQuery",
    "logs:TagResource",
    "polly:SynthesizeSpeech",
    "rds-data:*",
    "rds-db:connect",
    "rekognition:Compare*",
    "rekognition:Detect*",
    "ssm:PutComplianceItems",
    "ssm:PutConfigurePackageResult",
    "ssm:PutInventory",
    "ssm:UpdateAssociationStatus",
    "ssm:UpdateInstanceAssociationStatus",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:*",
    "states:SendTask*",
    "textract:AnalyzeDocument",
    "textract:DetectDocumentText",
    "translate:TranslateText",
    "xray:Put*",
)
"""Calls that change or work something out and open nothing, whatever they are done to."""


def _unlisted(role: Thing, world: World) -> Found:
    if world.staged or not is_of_a_function(role):
        return
    for thing, path, document in documents(role, world):
        for place, statement in enumerate(statements(document)):
            if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
                continue
            if "*" not in texts(statement.get("Resource", [])) and "NotResource" not in statement:
                continue
            action = next((one for one in texts(statement.get("Action", [])) if not _is_known(one)), "")
            if action:
                yield Undecided(thing, (*path, "Statement", place), f"what {action} on everything could open")


def _is_known(pattern: str) -> bool:
    service, _, call = pattern.lower().partition(":")
    if HOLE in pattern or service in OUT or "*" in service or "?" in service:
        return True  # asked about as everything that it could mean
    return call.startswith(READING) or any(fnmatch.fnmatchcase(pattern.lower(), one.lower()) for one in CLOSED)


WORKING: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("AWS::Lambda::Function", ("Role",), "AWS::IAM::Role"),
    ("AWS::ECS::TaskDefinition", ("TaskRoleArn",), "AWS::IAM::Role"),
    ("AWS::EC2::Instance", ("IamInstanceProfile",), "AWS::IAM::InstanceProfile"),
    ("AWS::EC2::LaunchTemplate", ("LaunchTemplateData", "IamInstanceProfile", "Name"), "AWS::IAM::InstanceProfile"),
    ("AWS::EC2::LaunchTemplate", ("LaunchTemplateData", "IamInstanceProfile", "Arn"), "AWS::IAM::InstanceProfile"),
    ("AWS::AutoScaling::LaunchConfiguration", ("IamInstanceProfile",), "AWS::IAM::InstanceProfile"),
)
"""Type, where it names what it works with, and what must stand there."""


def _elsewhere(thing: Thing, world: World) -> Found:
    """What works with a role that is made elsewhere may do whatever that one may; a stage asks for its own."""
    if world.staged or thing.source == "inventory":
        return
    for kind, path, among in WORKING:
        if kind == thing.type and thing.get(*path) is not None:
            world.find(thing, *path, among=(among,))
    if thing.type == "AWS::IAM::InstanceProfile":
        list(world.each(thing, "Roles", among=("AWS::IAM::Role",)))
    yield from ()


CHECKS = (
    Check(("AWS::IAM::Role",), _unlisted),
    Check((*dict.fromkeys(kind for kind, _, _ in WORKING), "AWS::IAM::InstanceProfile"), _elsewhere),
)
