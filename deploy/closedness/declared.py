"""Evaluated templates -> things: references become tokens, names become ARNs, what is not known stays so."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from deploy.cfn import NO_VALUE, Evaluated, Evaluation, Reference, Text, Unknown
from deploy.cfn.source import line_of
from deploy.closedness.patterns import HOLE
from deploy.closedness.world import Thing, token

Names = Mapping[str, str]

NAMED_BY: Mapping[str, str] = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::Group": "GroupName",
    "AWS::ApiGateway::DomainName": "DomainName",
    "AWS::ECS::TaskDefinition": "Family",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateName",
}
"""Type -> the property by which it may be named; without it AWS makes a name up."""

ARNS: Mapping[str, str] = {
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::IAM::User": "arn:aws:iam::{account}:user/{name}",
    "AWS::IAM::Group": "arn:aws:iam::{account}:group/{name}",
    "AWS::IAM::InstanceProfile": "arn:aws:iam::{account}:instance-profile/{name}",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::{account}:policy/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::ECR::Repository": "arn:aws:ecr:{region}:{account}:repository/{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::Events::Rule": "arn:aws:events:{region}:{account}:rule/{name}",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:{region}:{account}:stateMachine:{name}",
}
"""Type -> its ARN. Source: Service Authorization Reference, the resource types of each service."""

BY_ARN = frozenset(
    {
        "AWS::SNS::Topic",
        "AWS::IAM::ManagedPolicy",
        "AWS::StepFunctions::StateMachine",
        "AWS::SecretsManager::Secret",
    }
)
"""Types whose Ref answers the ARN. Source: CloudFormation's reference, "Return values" of each."""

SAME_AS_REF = frozenset(
    {
        "GroupId",
        "VpcId",
        "SubnetId",
        "RouteTableId",
        "Id",
        "VpcEndpointId",
        "PrefixListId",
        "NatGatewayId",
        "DomainNameArn",
        "LaunchTemplateId",
        "ResolverRuleId",
        "TargetGroupArn",
        "TaskDefinitionArn",
        "UserPoolId",
        "FileSystemId",
        "InstanceId",
        "DhcpOptionsId",
        "NetworkInterfaceId",
    }
)

LATER = re.compile(r"\{\{resolve:[^}]*\}\}")
"""What AWS reads elsewhere as it deploys. Source: AWS CloudFormation User Guide, "Get values stored in other services
using dynamic references"."""
READ_LATER = "it is read from elsewhere as AWS deploys (a dynamic reference)"


def things(parts: Mapping[str, Evaluation], files: Mapping[str, str], *, account: str, region: str) -> Iterator[Thing]:
    """Yield what each template declares; `files` maps a template's name to the path that is shown."""
    evaluated = [(name, part, found) for name, part in parts.items() for found in part.resources()]
    names = _Names(account, region, [found for _, _, found in evaluated])
    for name, part, found in evaluated:
        yield Thing(
            type=found.type,
            name=f"{name}.{found.logical_id}",
            token=names.of(Reference(name, found.logical_id)),
            properties={key: names.plain(value) for key, value in found.properties.items()},
            file=files.get(name, name),
            line=_line(part, found),
            present=found.present,
            attributes={"Arn": names.arn(found)} if found.type in ARNS else {},
            source=name,
        )
    yield from _default_groups(names, files)


def _line(part: Evaluation, found: Evaluated) -> Callable[..., int]:
    """Give the function from a path in the computed properties to the line where that was written."""

    def line(*path: str | int) -> int:
        raw: Any = found.resource.properties
        last = found.resource.line
        for wanted in path:
            raw, step = _chosen(part, raw), wanted
            if isinstance(raw, list) and isinstance(step, int):
                # Items that a condition takes away leave no place behind.
                kept = [item for item in range(len(raw)) if part.value(raw[item]) is not NO_VALUE]
                if step >= len(kept):
                    break
                step = kept[step]
            elif not (isinstance(raw, dict) and step in raw):
                break
            last = line_of(raw, step) or last
            raw = raw[step]
        return last if path else found.resource.line

    return line


def _chosen(part: Evaluation, raw: Any) -> Any:
    """Step over conditions to the branch that holds."""
    while isinstance(raw, dict) and len(raw) == 1 and "Fn::If" in raw:
        name, yes, no = raw["Fn::If"]
        raw = yes if part.condition(name) is True else no
    return raw


def _default_groups(names: "_Names", files: Mapping[str, str]) -> Iterator[Thing]:
    """Yield the security group that AWS puts into each VPC, where a template uses it: it lets everything out."""
    for text, vpc in names.default_groups.items():
        yield Thing(
            type="AWS::EC2::SecurityGroup",
            name=f"{vpc.resource.template}.{vpc.logical_id}.DefaultSecurityGroup",
            token=text,
            properties={"VpcId": names.of(Reference(vpc.resource.template, vpc.logical_id))},
            file=files.get(vpc.resource.template, vpc.resource.template),
            line=vpc.resource.line_of,
            source=vpc.resource.template,
        )


class _Names:
    """The text that stands for each reference."""

    def __init__(self, account: str, region: str, evaluated: list[Evaluated]) -> None:
        self.account = account
        self.region = region
        self.evaluated = {(found.resource.template, found.logical_id): found for found in evaluated}
        self.default_groups: dict[str, Evaluated] = {}
        self._known: dict[Reference, str] = {}

    def of(self, reference: Reference) -> str:
        """Give the text of a reference."""
        if reference not in self._known:
            self._known[reference] = self._made(reference)
        return self._known[reference]

    def _made(self, reference: Reference) -> str:
        found = self.evaluated.get((reference.template, reference.logical_id))
        if found is None:
            return token("", reference.template, f"{reference.logical_id}.{reference.attribute}")
        attribute = reference.attribute
        if attribute == "Ref" or attribute in SAME_AS_REF:
            return self.arn(found) if found.type in BY_ARN else self._name(found)
        if attribute in ("Arn", "TopicArn", "FunctionArn"):
            return self.arn(found)
        if (found.type, attribute) == ("AWS::EC2::VPC", "CidrBlock"):
            return str(self.plain(found.properties.get("CidrBlock", HOLE)))
        text = token("", reference.template, f"{reference.logical_id}.{attribute}")
        if (found.type, attribute) == ("AWS::EC2::VPC", "DefaultSecurityGroup"):
            text = token("AWS::EC2::SecurityGroup", reference.template, f"{reference.logical_id}.default")
            self.default_groups[text] = found
        return text

    def _name(self, found: Evaluated) -> str:
        given = self.plain(found.properties.get(NAMED_BY.get(found.type, "")))
        if isinstance(given, str) and given:
            return given
        return token(found.type, found.resource.template, found.logical_id)

    def arn(self, found: Evaluated) -> str:
        """Give a resource's ARN."""
        service = found.type.split("::")[1].lower()
        pattern = ARNS.get(found.type, f"arn:aws:{service}:{{region}}:{{account}}:{{name}}")
        return pattern.format(name=self._name(found), account=self.account, region=self.region)

    def plain(self, value: Any) -> Any:
        """Write references as texts; a text of which parts are not known keeps a HOLE in their place."""
        match value:
            case str():  # as most are: asked about first
                if "{{resolve:" in value:
                    value = Unknown(READ_LATER) if LATER.fullmatch(value) else LATER.sub(HOLE, value)
            case Reference():
                return self.of(value)
            case Text():
                return "".join(
                    part if isinstance(part, str) else self.of(part) if isinstance(part, Reference) else HOLE
                    for part in value.parts
                )
            case Unknown():
                return replace(value, alternatives=tuple(self.plain(each) for each in value.alternatives))
            case dict():
                return {key: self.plain(inner) for key, inner in value.items()}
            case list():
                return [self.plain(inner) for inner in value]
        return value
