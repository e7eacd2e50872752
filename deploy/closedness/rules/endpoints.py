"""Policies of VPC endpoints: may something inside reach strangers through them, or anybody write?"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from deploy.closedness.asking import Passed, Subject
from deploy.closedness.findings import Check, Finding, Found, finding
from deploy.closedness.mentions import actions, document_of, filled, keys, named, resources
from deploy.closedness.patterns import HOLE
from deploy.closedness.policy import ANONYMOUS, Document, Principal, statements, texts
from deploy.closedness.rules.roles import may
from deploy.closedness.rules.strangers import AWS_BUCKETS, OF_NOBODY, STRANGE_OWNER, unknown_buckets
from deploy.closedness.witnesses import (
    INSIDE_ADDRESS,
    NOBODY,
    SOMEBODY,
    STRANGE_VPC,
    STRANGER,
    Caller,
    of_a_stranger,
)
from deploy.closedness.world import Thing, Undecided, World
from deploy.words import Words

HERE = Words("inside", "内側")
DATA: dict[str, tuple[str, ...]] = {
    "s3": ("s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:CreateBucket"),
    "execute-api": ("execute-api:Invoke",),
    "logs": ("logs:PutLogEvents", "logs:CreateLogStream"),
    "sqs": ("sqs:SendMessage",),
    "sns": ("sns:Publish",),
    "lambda": ("lambda:InvokeFunction",),
    "kms": ("kms:Encrypt",),
    "secretsmanager": ("secretsmanager:PutSecretValue", "secretsmanager:GetSecretValue"),
    "ssm": ("ssm:PutParameter", "ssm:GetParameters"),
    "ecr": ("ecr:PutImage", "ecr:BatchGetImage"),
    "dynamodb": ("dynamodb:PutItem", "dynamodb:GetItem"),
    "sts": ("sts:AssumeRole",),
}
"""Service -> calls by which data could leave."""


def service_of(endpoint: Thing) -> str:
    """Give the IAM prefix of an endpoint's service: `com.amazonaws.REGION.ecr.dkr` is `ecr`."""
    name = short_name(endpoint).split(".", maxsplit=1)[0]
    return PREFIXES.get(name, name)


PREFIXES = {
    "monitoring": "cloudwatch",
    "kinesis-streams": "kinesis",
    "kinesis-firehose": "firehose",
    "email-smtp": "ses",
    "email": "ses",
    "ecs-agent": "ecs",
    "ecs-telemetry": "ecs",
    "bedrock-runtime": "bedrock",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "appsync-api": "appsync",
    "git-codecommit": "codecommit",
    "codecommit-fips": "codecommit",
    "aps-workspaces": "aps",
    "sync-states": "states",
    "s3-global": "s3",
}
"""Endpoint services that are called otherwise than the actions that go through them.

Source: Service Authorization Reference; AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink".
"""
MAIL = ("email", "email-fips", "email-smtp")
"""Endpoints of SES. Source: Amazon SES Developer Guide, "Setting up VPC endpoints with Amazon SES"."""
SERVICE_ENDPOINTS = re.compile(r"(com\.amazonaws|aws)\.[a-z0-9.-]+")


def short_name(endpoint: Thing) -> str:
    """Give an endpoint's service without region: `ecr.dkr`."""
    name = str(endpoint.get("ServiceName"))
    parts = name.split(".")
    return ".".join(parts[3:]) if name.startswith(("com.amazonaws.", "aws.")) and len(parts) > 3 else name


def _subject(thing: Thing, world: World) -> Subject | None:
    document = document_of(thing, "PolicyDocument")
    return Subject(thing, ("PolicyDocument",), document, world, kind="endpoint") if document is not None else None


def _people(endpoint: Thing, document: Document, world: World) -> Iterator[Caller]:
    """Whoever is inside: unsigned, with a stranger's keys, or in one of our own roles."""
    roles = [(Principal("aws", arn), _role(arn)) for arn in _own_roles(world)]
    orgs = named(document, "aws:PrincipalOrgID")
    # Keys that are carried inside may be of another organisation, or of another account of the one that is named.
    people = [(STRANGER, _KEYS, "o-stranger"), *((STRANGER, _KEYS, org) for org in orgs), (ANONYMOUS, NOBODY, "")]
    # Our organisation is whichever the policy names.
    people += [(principal, who, [*orgs, "o-ours"][0]) for principal, who in roles]
    for principal, who, org in people:
        signed = {"aws:PrincipalOrgID": org} if principal.kind == "aws" else {}
        for vpc in sorted(world.vpcs) or [STRANGE_VPC]:
            place = {"aws:SourceVpc": vpc, "aws:SourceVpce": endpoint.token}
            addresses = [INSIDE_ADDRESS]
            if "aws:vpcsourceip" in keys(document):
                addresses += [str(one[1]) for one in world.local if one.num_addresses > 1]
            for address in dict.fromkeys(addresses):
                yield Caller(principal, {**signed, **place, "aws:VpcSourceIp": address}, who, HERE)


_KEYS = Words("whoever carries keys of another account inside", "別アカウントのキーを内側に持ち込んだ人")


def _own_roles(world: World) -> list[str]:
    return [thing.attributes["Arn"] for thing in world.of("AWS::IAM::Role")] or [
        f"arn:aws:iam::{world.account}:role/function"
    ]


def _role(arn: str) -> Words:
    name = arn.rpartition("/")[2]
    return Words(f"the role {name}", f"ロール {name}")


def _targets(document: Document, service: str, world: World) -> Iterator[str]:
    """Yield resources of strangers: fresh ones, and what the wildcards of the document leave room for."""
    if service == "s3":
        yield "arn:aws:s3:::stranger-bucket"
    yield of_a_stranger(service, world)
    for statement in statements(document):
        for text in texts(statement.get("Resource", [])) if isinstance(statement, dict) else []:
            arn = filled(text)
            parts = arn.split(":")
            if len(parts) < 6 or HOLE in arn:
                continue
            bucket = parts[5].split("/")[0]
            if parts[2] == "s3":
                foreign = bucket not in world.buckets and not any(name in bucket for name in AWS_BUCKETS)
                if foreign and "*" in text.split(":")[5].split("/")[0]:
                    yield arn
            elif parts[4] not in ("", world.account):
                yield arn
    # What lies in a stranger's bucket may have any name: that of our own objects, or of a pattern.
    if service == "s3":
        for statement in statements(document):
            for text in texts(statement.get("Resource", [])) if isinstance(statement, dict) else []:
                if text.startswith("arn:aws:s3:::*") and HOLE not in text:
                    yield filled(text)


def _strangers(thing: Thing, world: World) -> Found:
    for name in ("ServiceNetworkArn", "ResourceConfigurationArn"):
        if thing.get(name) is not None:
            raise Undecided(thing, (name,), f"whose {thing.get(name)} is")
    service = service_of(thing)
    asked_for = str(thing.get("ServiceName"))
    if asked_for.startswith("com.amazonaws.vpce.") or not SERVICE_ENDPOINTS.fullmatch(asked_for):
        # Somebody's own service, which no endpoint policy limits.
        raise Undecided(thing, ("ServiceName",), f"whose {asked_for} is")
    if short_name(thing) in MAIL:
        # Whoever sends from an address of ours chooses who receives: no policy on our own resources limits that.
        yield Undecided(thing, ("ServiceName",), "to whom it sends e-mail")
    subject = _subject(thing, world)
    if subject is None:
        yield finding(
            "endpoint-open",
            thing,
            caller=Words("anybody inside", "内側の人"),
            action=f"{service}:*",
            target=Words("everything, by AWS's default", "すべて（AWS の既定）"),
        )
        return
    known = DATA.get(service, (f"{service}:Anything",))
    asked = [action for action in actions(subject.document, service, known) if action not in OF_NOBODY]
    for person in _people(thing, subject.document, world):
        caller = replace(person, context={**person.context, **STRANGE_OWNER})
        held: tuple[Any, ...] = (caller,)
        # Our own roles without a right of their own cannot: their policies are asked elsewhere.
        if caller.principal not in (STRANGER, ANONYMOUS) and not _may_leave(caller.principal, asked, world):
            continue
        for passed in subject.passing(held, asked, list(_targets(subject.document, service, world))):
            yield _told("endpoint-open", subject, passed)
            return


def _may_leave(principal: Principal, asked: list[str], world: World) -> bool:
    role = next((one for one in world.of("AWS::IAM::Role") if one.attributes.get("Arn") == principal.arn), None)
    if role is None:
        return True
    arn = of_a_stranger(asked[0].split(":", maxsplit=1)[0], world)
    return any(may(role, action, arn, world) is not False for action in asked)


def _writing(thing: Thing, world: World) -> Found:
    """Unsigned writing to our own buckets through the endpoint."""
    subject = _subject(thing, world)
    if subject is None or service_of(thing) != "s3":
        return
    owner = {"aws:ResourceAccount": world.account, "s3:ResourceAccount": world.account}
    callers = tuple(
        replace(one, context={**one.context, **owner}, who=NOBODY if one.principal == ANONYMOUS else SOMEBODY)
        for one in _people(thing, subject.document, world)
        if one.principal in (ANONYMOUS, STRANGER)
    )
    ours = [f"arn:aws:s3:::{bucket}" for bucket in sorted(world.buckets)]
    asked = resources(subject.document, [f"{bucket}/index.html" for bucket in ours])
    asked = [one for one in asked if one.split("/")[0] in ours]
    for passed in subject.passing(callers, ["s3:PutObject", "s3:DeleteObject"], asked):
        yield _told("endpoint-write", subject, passed)
        return


def _told(rule: str, subject: Subject, passed: Passed) -> Finding:
    values = {"caller": passed.caller.who, "action": passed.action, "target": passed.resource}
    return finding(rule, subject.thing, *subject.at(passed), **values)


def _literal(thing: Thing, world: World) -> Found:
    """Buckets that the policy names and that are not among what is judged: nobody knows whose they are."""
    document = document_of(thing, "PolicyDocument")
    if document is None or world.staged:
        return
    yield from unknown_buckets(thing, ("PolicyDocument",), document, world)


CHECKS = (
    Check(("AWS::EC2::VPCEndpoint",), _literal),
    Check(("AWS::EC2::VPCEndpoint",), _strangers),
    Check(("AWS::EC2::VPCEndpoint",), _writing),
)
