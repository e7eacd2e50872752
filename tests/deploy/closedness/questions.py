"""Generated policies and requests, near enough to each other that every answer occurs."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from deploy.closedness.policy import ANONYMOUS, Document, Principal, Request

OURS, THEIRS = "123456789012", "999999999999"
PERSON = Principal("aws", f"arn:aws:iam::{OURS}:user/hanako")
FUNCTION = Principal("aws", f"arn:aws:sts::{OURS}:assumed-role/cloister-poc-web/session")
STRANGER = Principal("aws", f"arn:aws:iam::{THEIRS}:role/stranger")

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
ACTION_PATTERNS = ("s3:GetObject", "s3:PutObject", "s3:*", "s3:Get*", "S3:PUTOBJECT", "s3:?etObject", "sqs:*", "*")
RESOURCES = ("arn:aws:s3:::site/index.html", "arn:aws:s3:::site/a/b.js", "arn:aws:s3:::papers/1.pdf")
RESOURCE_PATTERNS = (
    "arn:aws:s3:::site/*",
    "arn:aws:s3:::site/index.htm?",
    "arn:aws:s3:::papers/*",
    "arn:aws:s3:::*",
    "arn:*:s3:::site/*",
    "arn:aws:s3:::${aws:PrincipalTag/bucket}/*",
    "arn:aws:s3:::${aws:PrincipalTag/none, 'site'}/*",
    "arn:aws:sqs:ap-northeast-1:123456789012:queue",
    "*",
)
CONTEXT: dict[str, tuple[Any, ...]] = {
    "aws:SourceVpce": ("vpce-0a", "vpce-0b", "VPCE-0A"),
    "aws:SourceVpc": ("vpc-0a", "vpc-0b"),
    "aws:SourceIp": ("10.1.2.3", "203.0.113.9", "2001:db8::7"),
    "aws:SecureTransport": ("true", "false"),
    "aws:PrincipalOrgID": ("o-ours", "o-theirs"),
    "aws:PrincipalTag/bucket": ("site", "papers"),
    "aws:MultiFactorAuthAge": ("10", "3600"),
    "aws:CurrentTime": ("2026-11-22T00:00:00Z", "2027-01-01T09:00:00Z"),
    "aws:TagKeys": ((), ("team",), ("team", "cost"), ("cost", "owner")),
    "aws:PrincipalArn": (),
}
WANTED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "aws:SourceVpce": (("String",), ("vpce-0a", "vpce-0b", "vpce-*", "vpce-0?", "${aws:SourceVpc}")),
    "aws:SourceVpc": (("String",), ("vpc-0a", "vpc-*", "vpc-0c")),
    "aws:SourceIp": (("IpAddress",), ("10.0.0.0/8", "10.1.2.3", "203.0.113.0/24", "2001:db8::/32", "0.0.0.0/0")),
    "aws:SecureTransport": (("Bool",), ("true", "false")),
    "aws:PrincipalOrgID": (("String",), ("o-ours", "${aws:PrincipalOrgID}", "o-*")),
    "aws:PrincipalTag/bucket": (("String",), ("site", "S*", "${aws:PrincipalTag/bucket}")),
    "aws:MultiFactorAuthAge": (("Numeric",), ("10", "300", "3600.0")),
    "aws:CurrentTime": (("Date",), ("2026-11-22T00:00:00Z", "2026-12-01T00:00:00Z")),
    "aws:TagKeys": (("String",), ("team", "cost", "t*")),
    "aws:PrincipalArn": (
        ("Arn", "String"),
        (f"arn:aws:iam::{OURS}:role/cloister-poc-web", f"arn:aws:iam::{OURS}:*", "arn:aws:iam::*:role/*", PERSON.arn),
    ),
}
FORMS: dict[str, tuple[str, ...]] = {
    "String": ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"),
    "Arn": ("Equals", "Like", "NotEquals", "NotLike"),
    "Numeric": ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"),
    "Date": ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"),
}


@dataclass(frozen=True)
class Question:
    """Everything that one decision needs."""

    request: Request
    account: str
    identity: list[Document]
    resource: Document | None
    endpoint: Document | None
    boundary: Document | None


def _some(values: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.one_of(st.sampled_from(values), st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True))


@st.composite
def _condition(draw: st.DrawFn) -> tuple[str, str, Any]:
    key = draw(st.sampled_from(sorted(WANTED)))
    families, values = WANTED[key]
    family = draw(st.sampled_from(families))
    if draw(st.integers(0, 7)) == 0:
        return "Null", key, draw(st.sampled_from(("true", "false")))
    if family in FORMS:
        operator = family + draw(st.sampled_from(FORMS[family]))
    else:
        operator = {"IpAddress": draw(st.sampled_from(("IpAddress", "NotIpAddress"))), "Bool": "Bool"}[family]
    if key == "aws:TagKeys":
        operator = draw(st.sampled_from(("ForAnyValue:", "ForAllValues:"))) + operator
    elif draw(st.integers(0, 3)) == 0:
        operator += "IfExists"
    wanted = draw(_some(values))
    return operator, draw(st.sampled_from((key, key.lower()))), wanted


@st.composite
def _conditions(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    held: dict[str, dict[str, Any]] = {}
    for operator, key, wanted in draw(st.lists(_condition(), max_size=2)):
        held.setdefault(operator, {})[key] = wanted
    return held


PRINCIPALS: tuple[Any, ...] = (
    "*",
    {"AWS": "*"},
    {"AWS": OURS},
    {"AWS": f"arn:aws:iam::{THEIRS}:root"},
    {"AWS": [PERSON.arn, f"arn:aws:iam::{OURS}:role/cloister-poc-web"]},
    {"AWS": FUNCTION.arn},
    {"Service": "events.amazonaws.com"},
    {"AWS": STRANGER.arn, "Service": "sns.amazonaws.com"},
)


@st.composite
def _statement(draw: st.DrawFn, principals: tuple[Any, ...]) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": draw(st.sampled_from(("Allow", "Allow", "Allow", "Deny")))}
    if principals:
        # NotPrincipal beside Allow is what AWS warns of; beside Deny it is what it is for.
        negative = len(principals) > 1 and statement["Effect"] == "Deny" and draw(st.integers(0, 3)) == 0
        statement["NotPrincipal" if negative else "Principal"] = draw(st.sampled_from(principals))
    rarely = st.integers(0, 5)
    statement["NotAction" if draw(rarely) == 0 else "Action"] = draw(_some(ACTION_PATTERNS))
    statement["NotResource" if draw(rarely) == 0 else "Resource"] = draw(_some(RESOURCE_PATTERNS))
    if held := draw(_conditions()):
        statement["Condition"] = held
    return statement


def policies(principals: tuple[Any, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Generate policies; those of an identity name no principals."""
    statements = st.lists(_statement(principals), min_size=1, max_size=3)
    return statements.map(lambda held: {"Version": "2012-10-17", "Statement": held})


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Generate requests whose keys are each there or not."""
    principal = draw(st.sampled_from((PERSON, FUNCTION, STRANGER, ANONYMOUS)))
    context: dict[str, Any] = {}
    for key, values in CONTEXT.items():
        there = draw(st.booleans())
        if values and there:
            context[key] = draw(st.sampled_from(values))
    return Request(draw(st.sampled_from(ACTIONS)), draw(st.sampled_from(RESOURCES)), principal, context)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Generate whole questions; nobody anonymous has policies of their own."""
    request = draw(requests())
    signed = request.principal.kind == "aws"
    return Question(
        request=request,
        account=OURS,
        identity=draw(st.lists(policies(), max_size=2)) if signed else [],
        resource=draw(st.none() | policies(PRINCIPALS)),
        # An endpoint's policy takes no other principal.
        endpoint=draw(st.none() | policies(("*",))),
        boundary=draw(st.none() | policies()) if signed else None,
    )
