"""Policies of VPC endpoints: may something inside reach strangers through them, or anybody write?"""

from collections.abc import Iterator
from typing import Any

from deploy.closedness.asking import Subject
from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.patterns import HOLE
from deploy.closedness.policy import ANONYMOUS, Document, Principal, statements, texts
from deploy.closedness.witnesses import (
    NOBODY,
    SOMEBODY,
    STRANGER,
    STRANGER_ACCOUNT,
    Caller,
    actions,
    document_of,
    filled,
)
from deploy.closedness.world import Thing, World
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
AWS_BUCKETS = (
    "starport-layer-bucket",
    "amazonlinux",
    "patch-baseline-snapshot",
    "amazon-ssm",
    "aws-ssm",
    "elasticbeanstalk-",
)
"""Parts of the names of buckets that AWS itself keeps for everybody to read."""


def service_of(endpoint: Thing) -> str:
    """Give the IAM prefix of an endpoint's service: `com.amazonaws.REGION.ecr.dkr` is `ecr`."""
    name = short_name(endpoint)
    return {"ecr": "ecr", "monitoring": "cloudwatch"}.get(
        name.split(".", maxsplit=1)[0], name.split(".", maxsplit=1)[0]
    )


def short_name(endpoint: Thing) -> str:
    """Give an endpoint's service without region: `ecr.dkr`."""
    name = str(endpoint.get("ServiceName"))
    parts = name.split(".")
    return ".".join(parts[3:]) if name.startswith(("com.amazonaws.", "aws.")) and len(parts) > 3 else name


def _subject(thing: Thing, world: World) -> Subject | None:
    document = document_of(thing, "PolicyDocument")
    return Subject(thing, ("PolicyDocument",), document, world, kind="endpoint") if document is not None else None


def _people(world: World) -> Iterator[Caller]:
    """Whoever is inside: unsigned, with a stranger's keys, or in one of our own roles."""
    roles = [(Principal("aws", arn), _role(arn)) for arn in _own_roles(world)]
    for principal, who in ((STRANGER, _KEYS), (ANONYMOUS, NOBODY), *roles):
        yield Caller(principal, {}, who, HERE)


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
        yield from ("arn:aws:s3:::stranger-bucket", "arn:aws:s3:::stranger-bucket/stolen")
    else:
        yield f"arn:aws:{service}:{world.region}:{STRANGER_ACCOUNT}:stranger"
    for statement in statements(document):
        for text in texts(statement.get("Resource", [])) if isinstance(statement, dict) else []:
            arn = filled(text)
            parts = arn.split(":")
            if len(parts) < 6 or HOLE in arn:
                continue
            bucket = parts[5].split("/")[0]
            if parts[2] == "s3":
                foreign = bucket not in world.buckets and not any(name in bucket for name in AWS_BUCKETS)
                foreign = foreign and ("*" in text.split(":")[5].split("/")[0] or not world.staged)
                if foreign and "*" in text.split(":")[5].split("/")[0]:
                    yield arn
            elif parts[4] not in ("", world.account):
                yield arn


def _strangers(thing: Thing, world: World) -> Found:
    service = service_of(thing)
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
    asked = actions(subject.document, service, DATA.get(service, (f"{service}:Anything",)))
    for caller in _people(world):
        held: tuple[Any, ...] = (caller,)
        # Our own roles without a right of their own cannot: their policies are asked elsewhere.
        if caller.principal not in (STRANGER, ANONYMOUS) and not _may_leave(caller.principal, asked, world):
            continue
        for passed in subject.passing(held, asked, list(_targets(subject.document, service, world))):
            yield finding(
                "endpoint-open",
                thing,
                *subject.at(passed),
                caller=passed.caller.who,
                action=passed.action,
                target=passed.resource,
            )
            return


def _may_leave(principal: Principal, asked: list[str], world: World) -> bool:
    from deploy.closedness.rules.roles import may

    role = next((one for one in world.of("AWS::IAM::Role") if one.attributes.get("Arn") == principal.arn), None)
    if role is None:
        return True
    service = asked[0].split(":", maxsplit=1)[0]
    stranger = (
        ["arn:aws:s3:::stranger-bucket/stolen"]
        if service == "s3"
        else [f"arn:aws:{service}:{world.region}:{STRANGER_ACCOUNT}:stranger"]
    )
    return any(may(role, action, arn, world) is not False for action in asked for arn in stranger)


def _writing(thing: Thing, world: World) -> Found:
    """Unsigned writing to our own buckets through the endpoint."""
    subject = _subject(thing, world)
    if subject is None or service_of(thing) != "s3":
        return
    resources = [f"arn:aws:s3:::{bucket}/index.html" for bucket in sorted(world.buckets)]
    callers = (Caller(ANONYMOUS, {}, NOBODY, HERE), Caller(STRANGER, {}, SOMEBODY, HERE))
    for passed in subject.passing(callers, ["s3:PutObject", "s3:DeleteObject"], resources):
        yield finding(
            "endpoint-write",
            thing,
            *subject.at(passed),
            caller=passed.caller.who,
            action=passed.action,
            target=passed.resource,
        )
        return


CHECKS = (
    Check(("AWS::EC2::VPCEndpoint",), _strangers),
    Check(("AWS::EC2::VPCEndpoint",), _writing),
)
