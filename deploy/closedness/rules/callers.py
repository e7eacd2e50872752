"""The private API, functions, and everything else that carries a policy of its own: may a stranger?"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from deploy.cfn.source import walk
from deploy.closedness.asking import Subject
from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.mentions import actions, document_of, resources
from deploy.closedness.policy import Answer, Principal, Request, decide, statements, texts
from deploy.closedness.rules.roles import APART, ATTACHED
from deploy.closedness.witnesses import (
    FROM_STRANGERS,
    NOBODY,
    SOMEBODY,
    STRANGER,
    STRANGER_ACCOUNT,
    outsiders,
    services,
    settled,
)
from deploy.closedness.world import Path, Thing, Undecided, World
from deploy.words import Words


def _api(thing: Thing, world: World) -> Found:
    """Ask a private API's resource policy; public ones are another rule's."""
    if [str(one) for one in thing.several("EndpointConfiguration", "Types")] != ["PRIVATE"]:
        return
    for name in ("BodyS3Location", "CloneFrom", "Body"):
        if thing.get(name) is not None and not (name == "Body" and _stays(thing.get(name))):
            raise Undecided(thing, (name,), "its methods stand where they are not read here")
    document = document_of(thing, "Policy")
    if document is None and (thing.get("Body") is not None or thing.get("BodyS3Location") is not None):
        raise Undecided(thing, ("Body",), "its policy stands in its OpenAPI document")
    if document is None:
        yield finding(
            "no-way",
            thing,
            target=Words("its callers", "呼び出し元"),
            reason=Words("a private API without a policy refuses everybody", "ポリシーがないと全員が拒否されます"),
        )
        return
    arn = f"arn:aws:execute-api:{world.region}:{world.account}:{thing.token}"
    subject = Subject(thing, ("Policy",), _expanded(document, arn), world)
    # A private API is reached through VPC endpoints only, whatever its policy says.
    callers = (caller for caller in outsiders(document, world) if caller.where is FROM_STRANGERS)
    # Of each resource that it names, the part behind the API's id: stage, method and path.
    named_here = (one.partition("/")[2] for one in resources(subject.document, [f"{arn}/stage/GET/"]))
    asked = dict.fromkeys(f"{arn}/{path or 'stage/GET/'}" for path in named_here)
    for passed in subject.passing(callers, ["execute-api:Invoke"], list(asked)):
        yield finding("api-open", thing, *subject.at(passed), caller=passed.caller.who, where=passed.caller.where)
        return


def _stays(body: object) -> bool:
    """Say whether an OpenAPI text has integrations with our own functions only, and no policy or endpoints of its own.

    Source: Amazon API Gateway Developer Guide, "OpenAPI extensions for API Gateway".
    """
    held = [inner for inner in walk(body) if isinstance(inner, Mapping)]
    kinds = {
        str(inner["x-amazon-apigateway-integration"].get("type", "")).lower()
        if isinstance(inner["x-amazon-apigateway-integration"], Mapping)
        else ""
        for inner in held
        if "x-amazon-apigateway-integration" in inner
    }
    others = {"x-amazon-apigateway-policy", "x-amazon-apigateway-endpoint-configuration", "Fn::Transform"}
    return kinds <= {"mock"} and not any(others & set(inner) for inner in held)


def _expanded(document: Mapping[str, Any], arn: str) -> dict[str, Any]:
    """Write short resources out as API Gateway does when it keeps a policy: `execute-api:/*` is this API.

    Source: Amazon API Gateway Developer Guide, "API Gateway resource policy examples".
    """

    def one(text: str) -> str:
        return f"{arn}/{text.removeprefix('execute-api:/')}" if text.startswith("execute-api:/") else text

    held = []
    for statement in statements(document):
        if isinstance(statement, Mapping):
            named = {
                key: [one(text) for text in texts(statement[key])]
                for key in ("Resource", "NotResource")
                if key in statement
            }
            held.append({**statement, **named})
        else:
            held.append(statement)
    return {**document, "Statement": held}


def _permission(thing: Thing, world: World) -> Found:
    """A right to call a function: whose, and on whose behalf.

    Source: AWS Lambda Developer Guide, "Granting Lambda function access to AWS services".
    """
    principal = str(thing.get("Principal"))
    if principal.endswith(".amazonaws.com"):
        # An ARN of a bucket names no account; bound to another account is open to that one.
        source = str(thing.get("SourceArn", default="")).split(":")
        if world.account in (thing.get("SourceAccount"), *source[4:5]):
            return
        if thing.get("PrincipalOrgID") is not None:
            raise Undecided(thing, ("PrincipalOrgID",), "who belongs to the organisation")
        yield finding(
            "invoker-open", thing, "Principal", caller=Words(f"{principal} for anybody", f"誰かに代わって {principal} ")
        )
    elif principal == "*":
        yield finding("invoker-open", thing, "Principal", caller=NOBODY)
    elif world.account not in principal:
        yield finding("invoker-open", thing, "Principal", caller=SOMEBODY)


POLICIES: tuple[tuple[str, Path, tuple[str, ...]], ...] = (
    ("AWS::SNS::TopicPolicy", ("PolicyDocument",), ("sns:Publish", "sns:Subscribe")),
    ("AWS::SQS::QueuePolicy", ("PolicyDocument",), ("sqs:SendMessage", "sqs:ReceiveMessage")),
    (
        "AWS::KMS::Key",
        ("KeyPolicy",),
        ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:PutKeyPolicy"),
    ),
    (
        "AWS::ECR::Repository",
        ("RepositoryPolicyText",),
        ("ecr:BatchGetImage", "ecr:PutImage", "ecr:GetDownloadUrlForLayer"),
    ),
    ("AWS::SecretsManager::ResourcePolicy", ("ResourcePolicy",), ("secretsmanager:GetSecretValue",)),
    ("AWS::Logs::ResourcePolicy", ("PolicyDocument",), ("logs:PutLogEvents", "logs:CreateLogStream")),
    ("AWS::Events::EventBusPolicy", ("Statement",), ("events:PutEvents",)),
    (
        "AWS::EFS::FileSystem",
        ("FileSystemPolicy",),
        ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"),
    ),
    ("AWS::OpenSearchService::Domain", ("AccessPolicies",), ("es:ESHttpGet", "es:ESHttpPost")),
    ("AWS::DynamoDB::Table", ("ResourcePolicy",), ("dynamodb:GetItem", "dynamodb:PutItem")),
    (
        "AWS::DynamoDB::Table",
        ("StreamSpecification", "ResourcePolicy"),
        ("dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    ),
    ("AWS::Backup::BackupVault", ("AccessPolicy",), ("backup:CopyIntoBackupVault",)),
    ("AWS::ApiGateway::DomainNameV2", ("Policy",), ("execute-api:Invoke",)),
    ("AWS::Logs::LogGroup", ("ResourcePolicyDocument",), ("logs:PutLogEvents", "logs:CreateLogStream")),
)
"""Types with a policy of their own: where it stands, and what it may allow."""


def _own_policy(thing: Thing, world: World) -> Found:
    for kind, path, known in POLICIES:
        if kind == thing.type:
            yield from _policy_at(thing, path, known, world)


def _policy_at(thing: Thing, path: Path, known: tuple[str, ...], world: World) -> Found:
    document = document_of(thing, *path)
    if thing.type == "AWS::Events::EventBusPolicy" and document is None:
        raise Undecided(thing, (), "it names its principal outside a statement")
    if document is None:
        return
    if "PolicyDocument" in document and isinstance(document["PolicyDocument"], Mapping):
        document = dict(document["PolicyDocument"])
    if thing.type == "AWS::Events::EventBusPolicy":
        document = {"Version": "2012-10-17", "Statement": [document]}
    fallback = thing.attributes.get(
        "Arn", f"arn:aws:{known[0].split(':')[0]}:{world.region}:{world.account}:{thing.token}"
    )
    if thing.type == "AWS::ApiGateway::DomainNameV2":
        document = _expanded(document, fallback)
    # Repositories and keys have policies without Resource: they speak of themselves.
    subject = Subject(thing, path, document, world)
    asked = actions(document, known[0].split(":", maxsplit=1)[0], known)
    callers = chain(outsiders(document, world), services(document, world))
    for passed in subject.passing(callers, asked, resources(document, [fallback])):
        yield finding("resource-open", thing, *subject.at(passed), caller=passed.caller.who, action=passed.action)
        break
    if thing.type == "AWS::KMS::Key":
        yield from _key_lockout(thing, document, fallback, world)


def _key_lockout(thing: Thing, document: Mapping[str, Any], arn: str, world: World) -> Found:
    """A key's policy is all there is: without the account in it, IAM gives nobody anything."""
    administrator = Principal("aws", f"arn:aws:iam::{world.account}:root")
    request = Request("kms:PutKeyPolicy", arn, administrator, {}, settled(document))
    # As somebody of another account would be asked: the key's policy must say yes by itself.
    decision = decide(request, resource=document, account=STRANGER_ACCOUNT)
    named = any(
        "kms:" in text and ("Put" in text or "*" in text)
        for statement in statements(document)
        if isinstance(statement, Mapping) and statement.get("Effect") == "Allow"
        for text in texts(statement.get("Action", []))
    )
    if decision.answer is Answer.DENIED and not named:
        yield finding("lockout", thing, "KeyPolicy", action="kms:PutKeyPolicy")


def _subscription(thing: Thing, world: World) -> Found:
    protocol = str(thing.get("Protocol", default=""))
    target = str(thing.get("Endpoint", default=""))
    # An application is one on phones: its news leave through their makers.
    if protocol in ("lambda", "sqs", "firehose") and f":{world.account}:" in target:
        return
    yield finding("mail-notice", thing, "Endpoint", target=target, protocol=protocol)


def _topic(topic: Thing, world: World) -> Found:
    """Subscriptions that stand inside their topic."""
    for place, _ in enumerate(topic.several("Subscription")):
        protocol = str(topic.get("Subscription", place, "Protocol", default=""))
        target = str(topic.get("Subscription", place, "Endpoint", default=""))
        if protocol not in ("lambda", "sqs", "firehose") or f":{world.account}:" not in target:
            yield finding("mail-notice", topic, "Subscription", place, target=target, protocol=protocol)


def _trust(thing: Thing, world: World) -> Found:
    document = document_of(thing, "AssumeRolePolicyDocument")
    if document is None:
        return
    path: Path = ("AssumeRolePolicyDocument",)
    for place, statement in enumerate(statements(document)):
        held = statement.get("Principal") if isinstance(statement, Mapping) else None
        if isinstance(held, Mapping) and "Federated" in held and statement.get("Effect") == "Allow":
            raise Undecided(thing, (*path, "Statement", place), "who signs in at the identity provider that it trusts")
    subject = Subject(thing, path, document, world)
    for passed in subject.passing(_takers(document, world), ["sts:AssumeRole"], [thing.attributes["Arn"]]):
        yield finding("trust-open", thing, *subject.at(passed), caller=passed.caller.who)
        return


def _takers(document: Mapping[str, Any], world: World) -> Iterator[Any]:
    for caller in outsiders(document, world):
        if caller.principal == STRANGER or caller.principal.kind == "aws":
            yield caller


READ = frozenset(
    {
        *((kind, path[0]) for kind, path, _ in POLICIES),
        *((kind, "PolicyDocument") for kind in (*APART, "AWS::S3::BucketPolicy", "AWS::EC2::VPCEndpoint")),
        *((kind, "Policies") for kind in ATTACHED),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
        ("AWS::ApiGateway::RestApi", "Policy"),
    }
)
"""Types and properties whose policies are read by a check."""


def _unread(_: Thing, world: World) -> Found:
    """A policy where no check looks for one: AWS gives its resources new ones now and then."""
    for thing in () if world.staged else world.things:
        for key, value in thing.properties.items():
            if (thing.type, key) not in READ and any(_is_policy(inner) for inner in walk(value)):
                yield Undecided(thing, (key,), "it carries a policy that no rule reads")


def _is_policy(value: object) -> bool:
    if isinstance(value, str):
        return value.lstrip().startswith("{") and '"Effect"' in value and 'Action"' in value
    return isinstance(value, Mapping) and "Effect" in value and not {"Action", "NotAction"}.isdisjoint(value)


CHECKS = (
    Check((), _unread),
    Check(("AWS::ApiGateway::RestApi",), _api),
    Check(("AWS::Lambda::Permission",), _permission),
    Check(tuple(dict.fromkeys(kind for kind, _, _ in POLICIES)), _own_policy),
    Check(("AWS::SNS::Subscription",), _subscription),
    Check(("AWS::SNS::Topic",), _topic),
    Check(("AWS::IAM::Role",), _trust),
)
