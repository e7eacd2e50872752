"""Callers worth asking about: a policy can tell apart only what it names, so one of each suffices.

For a document, the values that it names are collected (endpoints, VPCs, addresses, principals, headers), and requests
are made with those, with one that it does not name, and without any. If none of them passes, nobody of that kind does.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from deploy.closedness.mentions import keys, named
from deploy.closedness.patterns import HOLE
from deploy.closedness.policy import ANONYMOUS, Document, Principal, statements, texts
from deploy.closedness.world import World
from deploy.words import Words

STRANGER_ACCOUNT = "999999999999"
STRANGER = Principal("aws", f"arn:aws:iam::{STRANGER_ACCOUNT}:role/stranger")
STRANGE_ENDPOINT, STRANGE_VPC = "vpce-ffffffffffffffff0", "vpc-ffffffffffffffff0"
INSIDE_ENDPOINT = "vpce-eeeeeeeeeeeeeeee0"
"""An endpoint of ours that is made elsewhere."""
STRANGE_ADDRESS, INSIDE_ADDRESS = "198.51.100.7", "10.1.0.7"

NOBODY = Words("anybody without signing in", "サインインしていない人")
SOMEBODY = Words("somebody of another AWS account", "別の AWS アカウントの人")
FROM_INTERNET = Words("the internet", "インターネット")
FROM_STRANGERS = Words("anybody's VPC endpoint", "他者の VPC エンドポイント")

SETTLED = frozenset(
    {
        "aws:SourceVpce",
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:SourceIp",
        "aws:VpcSourceIp",
        "aws:SecureTransport",
        "aws:PrincipalArn",
        "aws:PrincipalAccount",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalIsAWSService",
        "aws:PrincipalServiceName",
        "aws:PrincipalServiceNamesList",
        "aws:ViaAWSService",
        "aws:ResourceAccount",
        "aws:ResourceOrgID",
        "aws:ResourceOrgPaths",
        "aws:SourceArn",
        "aws:SourceAccount",
        "aws:SourceOrgID",
        "kms:CallerAccount",
        "lambda:SourceFunctionArn",
        "lambda:FunctionUrlAuthType",
    }
)
"""Keys of which these questions say whether the request has them."""

CHOSEN_BY_CALLER = ("s3:", "aws:referer", "aws:useragent", "sns:", "sqs:", "execute-api:")
"""Keys, or beginnings of keys, whose values the caller may choose."""
CHOSEN_AT_HOME = (
    "aws:username",
    "aws:userid",
    "aws:principaltype",
    "aws:multifactorauthpresent",
    "aws:calledvia",
    "kms:viaservice",
)
"""Keys whose values somebody who signs in chooses in an account of their own: names, kinds, services in between."""

STRANGE_ORGANIZATION = {
    "aws:PrincipalOrgID": "o-stranger",
    "aws:PrincipalOrgPaths": "o-stranger/r-stranger/ou-stranger/",
}
"""What somebody of another organisation carries."""

MOST = 512
"""Requests of one kind about one document; beyond that the answer is that it cannot be told."""


@dataclass(frozen=True)
class Caller:
    """Somebody at some place: who, the request's keys, and how to call both."""

    principal: Principal
    context: Mapping[str, str]
    who: Words
    where: Words


def outsiders(document: Document, world: World) -> Iterator[Caller]:
    """Yield callers who come neither through our endpoints nor from our VPCs.

    Raises:
        KeyError: an endpoint or VPC is named of which it is not known whose it is; the key is the id.

    """
    endpoints, doubtful = _others(named(document, "aws:SourceVpce"), STRANGE_ENDPOINT, world.ours, world)
    vpcs, also = _others(named(document, "aws:SourceVpc"), STRANGE_VPC, world.vpcs, world)
    addresses = [STRANGE_ADDRESS, *_public(named(document, "aws:SourceIp"))]
    people = [(ANONYMOUS, NOBODY), (STRANGER, SOMEBODY), *foreigners(document, world)]
    for (principal, who), org in _belonging(people, document):
        for address in addresses:
            yield Caller(principal, {**org, "aws:SourceIp": address}, who, FROM_INTERNET)
        # Whoever has a VPC chooses its addresses.
        chosen = [INSIDE_ADDRESS, *_first(named(document, "aws:VpcSourceIp"))]
        for endpoint, vpc, address in product(endpoints, vpcs, chosen):
            arn = f"arn:aws:ec2:{world.region}:{STRANGER_ACCOUNT}:vpc/{vpc}"
            place = {"aws:SourceVpce": endpoint, "aws:SourceVpc": vpc, "aws:SourceVpcArn": arn}
            yield Caller(principal, {**org, **place, "aws:VpcSourceIp": address}, who, FROM_STRANGERS)
    for value in (*doubtful, *also):
        raise KeyError(value)


def _belonging(
    people: Iterable[tuple[Principal, Words]], document: Document
) -> Iterator[tuple[tuple[Principal, Words], Mapping[str, str]]]:
    """Yield people with the organisation they carry: a strange one, and for strangers each that the policy names.

    No template shows whose an organisation is, and its members call from wherever they like.
    """
    orgs = named(document, "aws:PrincipalOrgID")
    paths = named(document, "aws:PrincipalOrgPaths")
    for principal, who in people:
        signed = {"kms:CallerAccount": principal.account} if principal.kind == "aws" else {}
        yield (principal, who), STRANGE_ORGANIZATION | signed if principal.kind == "aws" else {}
        if principal != STRANGER:
            continue
        for org, path in dict.fromkeys([*((one, "") for one in orgs), *((one.split("/")[0], one) for one in paths)]):
            member = Words(f"somebody of the organisation {org}", f"組織 {org} の人")
            yield (
                (principal, member),
                {
                    "aws:PrincipalOrgID": org,
                    "aws:PrincipalOrgPaths": path or f"{org}/r-stranger/ou-stranger/",
                },
            )


def services(document: Document, world: World) -> Iterator[Caller]:
    """Yield AWS services that act for somebody else: each that the policy names, or any where it names everybody.

    Source: IAM User Guide, "The confused deputy problem", "Cross-service confused deputy prevention".

    Raises:
        KeyError: a bucket is named as the source of which it is not known whose it is.

    """
    doubtful: list[str] = []
    for service in _services(document):
        prefix = service.split(".")[0]
        sources = [f"arn:aws:{prefix}:{world.region}:{STRANGER_ACCOUNT}:stranger"]
        for arn in named(document, "aws:SourceArn"):
            owner = (arn.split(":") + 6 * [""])[4]
            if owner not in ("", world.account) or (not owner and "stranger" in arn):
                sources.append(arn)
            elif not owner and arn.rpartition(":")[2].split("/")[0] not in world.buckets and HOLE not in arn:
                doubtful.append(arn)
        accounts = [one for one in named(document, "aws:SourceAccount") if one != world.account]
        orgs = ["o-stranger", *named(document, "aws:SourceOrgID")]
        who = Words(f"{service} for anybody", f"誰かに代わって {service} ")
        for source, account, org in product(sources, [STRANGER_ACCOUNT, *accounts], orgs):
            context = {
                "aws:SourceArn": source,
                "aws:SourceAccount": account,
                "aws:SourceOrgID": org,
                "aws:PrincipalIsAWSService": "true",
                "aws:PrincipalServiceName": service,
            }
            yield Caller(Principal("service", service), context, who, FROM_INTERNET)
    for arn in doubtful:
        raise KeyError(arn)


def _services(document: Document) -> list[str]:
    found: dict[str, None] = {}
    for statement in statements(document):
        if not isinstance(statement, Mapping) or statement.get("Effect") == "Deny":
            continue
        held = statement.get("Principal")
        if isinstance(held, Mapping):
            found |= dict.fromkeys(name for name in texts(held.get("Service", [])) if HOLE not in name)
        if (held == "*" or (isinstance(held, Mapping) and "*" in texts(held.get("AWS", [])))) and (
            {"aws:sourcearn", "aws:sourceaccount"} & keys({"Statement": [statement]})
        ):
            found.setdefault("sns.amazonaws.com")
    return list(found)


def foreigners(document: Document, world: World) -> Iterator[tuple[Principal, Words]]:
    """Yield principals of other accounts that the document itself names, as principals or in its conditions."""
    for statement in statements(document):
        held = statement.get("Principal") if isinstance(statement, Mapping) else None
        for name in texts(held.get("AWS", [])) if isinstance(held, Mapping) else []:
            found = re.fullmatch(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(:.+)?", name)
            if found and found[1] != world.account:
                arn = name if found[2] and found[2] != ":root" else f"arn:aws:iam::{found[1]}:role/stranger"
                who = Words(f"somebody of account {found[1]}", f"アカウント {found[1]} の人")
                yield Principal("aws", arn), who
    arns = [f"arn:aws:iam::{one}:role/stranger" for key in _ACCOUNTS for one in named(document, key)]
    for arn in dict.fromkeys([*arns, *map(_of_somebody, named(document, "aws:PrincipalArn"))]):
        account = arn.split(":")[4]
        if re.fullmatch(r"\d{12}", account) and account not in (world.account, STRANGER_ACCOUNT):
            yield Principal("aws", arn), Words(f"somebody of account {account}", f"アカウント {account} の人")
        elif account == STRANGER_ACCOUNT:
            yield Principal("aws", arn), SOMEBODY


_ACCOUNTS = ("aws:PrincipalAccount", "kms:CallerAccount")


def _of_somebody(arn: str) -> str:
    """Give a stranger's ARN that a pattern of ARNs leaves room for: any account may have a role of any name."""
    parts = arn.split(":")
    if len(parts) >= 6 and re.fullmatch(r"\d{12}", parts[4]):
        return arn
    name = parts[-1] if "/" in parts[-1] else f"role/{parts[-1]}"
    return f"arn:aws:iam::{STRANGER_ACCOUNT}:{name}"


def insiders(world: World, document: Document, principals: Iterable[tuple[Principal, Words]]) -> Iterator[Caller]:
    """Yield these callers as they come through each of our endpoints."""
    named_here = set(named(document, "aws:SourceVpce"))
    # One of those that the policy names, and one that it does not: it cannot tell others apart.
    endpoints = [endpoint for endpoint in sorted(world.ours) if endpoint in named_here]
    endpoints += [endpoint for endpoint in sorted(world.ours) if endpoint not in named_here][:1]
    for endpoint, vpc in product(endpoints or [INSIDE_ENDPOINT], sorted(world.vpcs) or [STRANGE_VPC]):
        for principal, who in principals:
            context = {"aws:SourceVpce": endpoint, "aws:SourceVpc": vpc, "aws:VpcSourceIp": INSIDE_ADDRESS}
            yield Caller(principal, context, who, Words("our endpoint", "自エンドポイント"))


def variants(document: Document, context: Mapping[str, str], principal: Principal) -> Iterator[dict[str, str]]:
    """Yield a context with every choice that the caller has: headers, and what it is called where it signs in."""
    own = CHOSEN_AT_HOME if principal.kind == "aws" else ()
    given = {key.lower() for key in context}
    chosen = sorted(key for key in keys(document) - given if key.startswith(CHOSEN_BY_CALLER) or key in own)
    # Where a policy only fills such a key in (`home/${aws:username}/*`), the resource asked for has this in its place.
    choices: list[list[str | None]] = [[None, *(named(document, key) or ["stranger"])] for key in chosen]
    total = 1
    for choice in choices:
        total *= len(choice)
    if total > MOST:
        raise OverflowError
    for values in product(*choices):
        extra = {key: value for key, value in zip(chosen, values, strict=True) if value is not None}
        yield {"aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"} | {
            **context,
            **extra,
        }


def of_a_stranger(service: str, world: World) -> str:
    """Give the ARN of something of another account: an object, a role to take, or whatever the service has."""
    if service == "s3":
        return "arn:aws:s3:::stranger-bucket/stolen"
    if service == "sts":
        return f"arn:aws:iam::{STRANGER_ACCOUNT}:role/stranger"
    return f"arn:aws:{service}:{world.region}:{STRANGER_ACCOUNT}:stranger"


def settled(document: Document) -> frozenset[str]:
    """Give the keys that a question about this document settles."""
    return SETTLED.union(CHOSEN_AT_HOME, {key for key in keys(document) if key.startswith(CHOSEN_BY_CALLER)})


def _others(values: list[str], fresh: str, ours: frozenset[str], world: World) -> tuple[list[str], list[str]]:
    """Divide the ids that are not ours into those of others, a fresh one first, and those that could be anybody's."""
    beyond = [value for value in values if value not in ours]
    doubtful = [value for value in beyond if HOLE in value or (not world.staged and "stranger" not in value)]
    return [fresh, *(value for value in beyond if value not in doubtful)], doubtful


def _public(values: list[str]) -> Iterator[str]:
    """Yield an address of the internet out of each range that holds any: its first or last, or one of the middle."""
    for value in values:
        try:
            held = ipaddress.ip_network(value, strict=False)
        except ValueError:
            continue
        middle = held[held.num_addresses // 2]
        yield from (str(one) for one in (held[0], held[-1], middle, *_FAMOUS) if one in held and one.is_global)


_FAMOUS = (ipaddress.ip_address("8.8.8.8"), ipaddress.ip_address("2001:4860:4860::8888"))


def _first(values: list[str]) -> Iterator[str]:
    for value in values:
        try:
            yield str(ipaddress.ip_network(value, strict=False)[0])
        except ValueError:
            continue
