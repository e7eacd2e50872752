"""Buckets: their policies asked as outsiders, as people inside, and as administrators; and what else opens them."""

from collections.abc import Iterator, Mapping
from itertools import chain

from deploy.closedness.asking import Subject
from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.mentions import actions, document_of, named, resources
from deploy.closedness.policy import ANONYMOUS, Answer, Principal, Request, decide, statements, texts
from deploy.closedness.witnesses import (
    FROM_INTERNET,
    NOBODY,
    SOMEBODY,
    STRANGE_ADDRESS,
    STRANGER,
    Caller,
    insiders,
    outsiders,
    services,
    settled,
)
from deploy.closedness.world import Path, Thing, Undecided, World
from deploy.words import Words

READING = ("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket")
ACTIONS = (
    *READING,
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObjectAcl",
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "s3:DeleteBucket",
    "s3:PutBucketPublicAccessBlock",
)
MANAGING = ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:DeleteBucket")


def _subject(thing: Thing, world: World) -> Subject | None:
    document = document_of(thing, "PolicyDocument")
    return Subject(thing, ("PolicyDocument",), document, world) if document is not None else None


def _resources(thing: Thing) -> tuple[str, str]:
    bucket = str(thing.get("Bucket"))
    return f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/index.html"


def _asked(thing: Thing, subject: Subject) -> list[str]:
    """Give the bucket, an object, and an object for each pattern that the policy names."""
    bucket, page = _resources(thing)
    return resources(subject.document, (page, bucket), bucket)


def _outside(thing: Thing, world: World) -> Found:
    subject = _subject(thing, world)
    if subject is None:
        return
    yield from _pages_of_cloudfront(thing, subject)
    asked = actions(subject.document, "s3", ACTIONS)
    callers = chain(outsiders(subject.document, world), services(subject.document, world))
    for passed in subject.passing(callers, asked, _asked(thing, subject)):
        yield finding(
            "bucket-open",
            thing,
            *subject.at(passed),
            caller=passed.caller.who,
            action=passed.action,
            where=passed.caller.where,
        )
        return


def _pages_of_cloudfront(thing: Thing, subject: Subject) -> Found:
    """A bucket that CloudFront may read is read by the internet, whoever owns the distribution.

    Source: Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin".
    """
    for place, statement in enumerate(statements(subject.document)):
        held = statement.get("Principal") if isinstance(statement, Mapping) else None
        if not isinstance(held, Mapping) or statement.get("Effect") != "Allow":
            continue
        path = (*subject.path, "Statement", place)
        named_here = [*texts(held.get("Service", [])), *texts(held.get("AWS", []))]
        if any(name == "cloudfront.amazonaws.com" or ":iam::cloudfront:" in name for name in named_here):
            yield finding("bucket-open", thing, *path, caller=CLOUDFRONT, action="s3:GetObject", where=FROM_INTERNET)
        for kind in ("CanonicalUser", "Federated"):
            if kind in held:
                yield Undecided(thing, path, f"who the {kind} principal is")


CLOUDFRONT = Words("everybody, by CloudFront,", "CloudFront を通じて誰でも")


def _inside(thing: Thing, world: World) -> Found:
    """People at the company: unsigned, or signed with keys of an account of their own."""
    subject = _subject(thing, world)
    if subject is None:
        return
    people = insiders(world, subject.document, ((ANONYMOUS, NOBODY), (STRANGER, SOMEBODY)))
    asked = actions(subject.document, "s3", ACTIONS)
    writing = [action for action in asked if not action.lower().startswith(("s3:get", "s3:list", "s3:describe"))]
    callers = list(people)
    rules = [("bucket-write", writing)]
    if world.staged and thing.source != "inventory" and str(thing.get("Bucket")) not in world.pages:
        rules.append(("bucket-read", [action for action in asked if action not in writing]))
    for rule, held in rules:
        for passed in subject.passing(callers, held, _asked(thing, subject)):
            yield finding(rule, thing, *subject.at(passed), caller=passed.caller.who, action=passed.action)
            break


def _lockout(thing: Thing, world: World) -> Found:
    """Administrators come from anywhere, with every right that their own policies can give."""
    subject = _subject(thing, world)
    if subject is None:
        return
    bucket, _ = _resources(thing)
    for action in MANAGING:
        answers = [_answer(subject, caller, action, bucket) for caller in _administrators(subject, world)]
        if all(answer is Answer.DENIED for answer in answers):
            yield finding("lockout", thing, *subject.path, action=action)
            return
        if Answer.ALLOWED not in answers:
            raise Undecided(thing, subject.path, "whether administrators may still change the policy")


def _answer(subject: Subject, caller: Caller, action: str, bucket: str) -> Answer:
    context = {"aws:SecureTransport": "true", **caller.context}
    return subject.ask(caller, action, bucket, context).answer


def _administrators(subject: Subject, world: World) -> Iterator[Caller]:
    arns = [f"arn:aws:iam::{world.account}:role/administrator"]
    arns += [arn for arn in named(subject.document, "aws:PrincipalArn") if f"::{world.account}:" in arn]
    for arn in arns:
        principal = Principal("aws", arn)
        yield Caller(principal, {"aws:SourceIp": STRANGE_ADDRESS}, NOBODY, FROM_INTERNET)


def _plain(bucket: Thing, world: World) -> Found:
    """Ask for an object without TLS, as one of our own who may otherwise."""
    if bucket.source == "inventory":
        return  # the account's other buckets are looked at for what is public, not for what their own users owe
    policies = [one for one in world.of("AWS::S3::BucketPolicy") if one.get("Bucket") == bucket.token]
    documents = [document_of(one, "PolicyDocument") for one in policies]
    endpoint = next(iter(sorted(world.ours)), None)
    vpc = next(iter(sorted(world.vpcs)), None)
    context = {"aws:SecureTransport": "false"} | ({"aws:SourceVpce": endpoint} if endpoint else {})
    context |= {"aws:SourceVpc": vpc} if vpc else {}
    for document in documents or [None]:
        principal = Principal("aws", f"arn:aws:iam::{world.account}:role/function")
        known = settled(document) if document else None
        request = Request("s3:GetObject", f"arn:aws:s3:::{bucket.token}/index.html", principal, context, known)
        decision = decide(request, resource=document, account=world.account)
        if decision.allowed:
            thing = policies[0] if policies else bucket
            yield finding("plain-transport", bucket if not policies else thing)
        elif decision.answer is Answer.CANNOT_TELL:
            raise Undecided(policies[0], ("PolicyDocument",), next(iter(decision.doubts), "whether it asks for TLS"))


def _bucket(thing: Thing, _: World) -> Found:
    if thing.get("WebsiteConfiguration") is not None:
        yield finding("website-bucket", thing, "WebsiteConfiguration")
    settings = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    off = [name for name in settings if not thing.flag("PublicAccessBlockConfiguration", name)]
    if off:
        yield finding("public-access-block", thing, "PublicAccessBlockConfiguration", settings=", ".join(off))
    acl = str(thing.get("AccessControl", default="Private"))
    if acl.startswith("Public") or acl == "AuthenticatedRead":
        yield finding("public-acl", thing, "AccessControl", acl=acl)


COPIES: tuple[tuple[str, ...], ...] = (
    ("ReplicationConfiguration", "Rules", "Destination", "Bucket"),
    ("LoggingConfiguration", "DestinationBucketName"),
    ("InventoryConfigurations", "Destination", "BucketArn"),
    ("AnalyticsConfigurations", "StorageClassAnalysis", "DataExport", "Destination", "BucketArn"),
    ("NotificationConfiguration", "QueueConfigurations", "Queue"),
    ("NotificationConfiguration", "TopicConfigurations", "Topic"),
    ("NotificationConfiguration", "LambdaConfigurations", "Function"),
)
"""Where S3 itself carries a bucket's content, or news of it, by its own network."""


def _copies(thing: Thing, world: World) -> Found:
    """What S3 copies elsewhere passes by every endpoint and route."""
    for names in COPIES:
        for path, target in _at(thing, names):
            for name in ("Account", "BucketAccountId"):
                owner = thing.get(*path[:-1], name) if len(path) > 1 else None
                if owner is not None and str(owner) != world.account:
                    yield finding("copy-out", thing, *path, target=target)
                    break
            else:
                yield from sent(thing, path, target, world)


def _at(thing: Thing, names: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield what stands at a path of names, going into every item of a list on the way."""
    value = thing.get(*path, *names[:1]) if names else thing.get(*path)
    if not names:
        yield path, str(value)
    elif isinstance(value, list):
        for place, _ in enumerate(value):
            yield from _at(thing, names[1:], (*path, names[0], place))
    elif value is not None:
        yield from _at(thing, names[1:], (*path, names[0]))


def sent(thing: Thing, path: Path, target: str, world: World) -> Found:
    """Say whether a bucket, queue, topic or function that AWS sends to is ours; one that is not known is asked for."""
    account = target.split(":")[4] if target.startswith("arn:") and target.count(":") > 4 else ""
    name = target.rpartition(":")[2].split("/")[0]
    if account not in ("", world.account):
        yield finding("copy-out", thing, *path, target=target)
    elif not account and name not in world.buckets and target not in world.by_token:
        yield Undecided(thing, path, f"whose {target} is")


def _logs(thing: Thing, world: World) -> Found:
    for name in ("S3BucketName", "LogDestination"):
        if thing.get(name) is not None:
            yield from sent(thing, (name,), str(thing.get(name)), world)


CHECKS = (
    Check(("AWS::S3::Bucket",), _copies),
    Check(("AWS::CloudTrail::Trail", "AWS::EC2::FlowLog"), _logs),
    Check(("AWS::S3::Bucket",), _bucket),
    Check(("AWS::S3::Bucket",), _plain),
    Check(("AWS::S3::BucketPolicy",), _outside),
    Check(("AWS::S3::BucketPolicy",), _inside),
    Check(("AWS::S3::BucketPolicy",), _lockout),
)
