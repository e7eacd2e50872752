"""Callers worth asking about: a policy can tell apart only what it names, so one of each suffices.

For a document, the values that it names are collected (endpoints, VPCs, addresses, principals, headers), and requests
are made with those, with one that it does not name, and without any. If none of them passes, nobody of that kind does.
"""

import ipaddress
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from deploy.cfn import Unknown
from deploy.closedness.patterns import HOLE, matches
from deploy.closedness.policy import ANONYMOUS, Document, Principal, statements, texts
from deploy.closedness.world import Thing, Undecided, World
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


def named(document: Document, key: str) -> list[str]:
    """Give every value that the conditions of a document name for a key, with wildcards filled in."""
    found: list[str] = []
    for statement in statements(document):
        held = statement.get("Condition") if isinstance(statement, Mapping) else None
        for keys in (held or {}).values() if isinstance(held, Mapping) else ():
            for name, wanted in keys.items() if isinstance(keys, Mapping) else ():
                if name.lower() == key.lower():
                    found += [filled(text) for text in texts(wanted)]
    return list(dict.fromkeys(found))


def keys(document: Document) -> set[str]:
    """Give every condition key that a document names, in small letters, also within a text (`${aws:username}`)."""
    found: set[str] = set()
    for statement in statements(document):
        if isinstance(statement, Mapping):
            places = (text for key in ("Resource", "NotResource") for text in texts(statement.get(key, [])))
            found |= {name.strip().lower() for text in places for name in re.findall(r"\$\{([^},]+)", text)}
        held = statement.get("Condition") if isinstance(statement, Mapping) else None
        for inner in (held or {}).values() if isinstance(held, Mapping) else ():
            found |= {name.lower() for name in inner} if isinstance(inner, Mapping) else set()
    return found


def filled(pattern: str) -> str:
    """Fill in wildcards, so that the text is one that the pattern matches."""
    return re.sub(r"\$\{[^}]*\}|\*", "stranger", pattern).replace("?", "x")


def outsiders(document: Document, world: World) -> Iterator[Caller]:
    """Yield callers who come neither through our endpoints nor from our VPCs.

    Raises:
        KeyError: an endpoint or VPC is named of which it is not known whose it is; the key is the id.

    """
    endpoints, doubtful = _others(named(document, "aws:SourceVpce"), STRANGE_ENDPOINT, world.ours, world)
    vpcs, also = _others(named(document, "aws:SourceVpc"), STRANGE_VPC, world.vpcs, world)
    addresses = [STRANGE_ADDRESS, *_public(named(document, "aws:SourceIp"))]
    people = [(ANONYMOUS, NOBODY), (STRANGER, SOMEBODY), *foreigners(document, world)]
    for principal, who in people:
        # Somebody inside an organisation that the policy names is not a stranger to it; a stranger has another.
        org = STRANGE_ORGANIZATION if principal.kind == "aws" else {}
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
        who = Words(f"{service} for anybody", f"誰かに代わって {service} ")
        for source, account in product(sources, [STRANGER_ACCOUNT, *accounts]):
            context = {
                "aws:SourceArn": source,
                "aws:SourceAccount": account,
                "aws:SourceOrgID": "o-stranger",
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
    """Yield principals of other accounts that the document itself names."""
    for statement in statements(document):
        held = statement.get("Principal") if isinstance(statement, Mapping) else None
        for name in texts(held.get("AWS", [])) if isinstance(held, Mapping) else []:
            found = re.fullmatch(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(:.+)?", name)
            if found and found[1] != world.account:
                arn = name if found[2] and found[2] != ":root" else f"arn:aws:iam::{found[1]}:role/stranger"
                who = Words(f"somebody of account {found[1]}", f"アカウント {found[1]} の人")
                yield Principal("aws", arn), who


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
    chosen = sorted(
        key
        for key in keys(document)
        if (key.startswith(CHOSEN_BY_CALLER) or key in own) and key not in {k.lower() for k in context}
    )
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


def actions(document: Document, service: str, known: Iterable[str]) -> list[str]:
    """Give the actions to ask about: known ones of the service, and for each that the document names one of its kind.

    `s3:*Tagging` is asked about as an action with such a name; whether AWS has it is no matter.
    """
    found = dict.fromkeys(known)
    pairs = [
        (statement.get("Effect"), key, text)
        for statement in statements(document)
        if isinstance(statement, Mapping)
        for key in ("Action", "NotAction")
        for text in texts(statement.get(key, []))
    ]
    for effect, key, text in pairs:
        if effect == "Deny":
            continue
        if key == "NotAction":
            found.setdefault(f"{service}:{UNNAMED}")
        elif HOLE in text or not text.lower().startswith(f"{service}:") or text.endswith(":*"):
            continue
        elif not any(matches(text, one, ignore_case=True) for one in found):
            found.setdefault(text.replace("*", "").replace("?", "x"))
    return list(found)


UNNAMED = "SomethingElse"
"""An action, or the end of a resource, that no policy names."""


def resources(document: Document, among: Iterable[str], beyond: str = "") -> list[str]:
    """Give the resources to ask about: some of `among`, and one for each pattern of the document.

    `beyond` is the beginning that they must share; empty: any. Who allows `bucket/uploads/*` is not asked in vain
    about `bucket/index.html`.
    """
    found = dict.fromkeys(among)
    for statement in statements(document):
        if not isinstance(statement, Mapping):
            continue
        for text in texts(statement.get("Resource", [])):
            if HOLE not in text and text != "*" and not any(_is_of(text, one) for one in found):
                one = filled(text)
                if one.startswith(beyond):
                    found.setdefault(one)
        if "NotResource" in statement:
            found.setdefault(f"{next(iter(found))}-{UNNAMED}")
    return list(found)


def _is_of(pattern: str, resource: str) -> bool:
    return "${" not in pattern and bool(matches(pattern, resource))


def document_of(thing: Thing, *path: str | int) -> dict[str, Any] | None:
    """Give the policy at a property with holes for what is not known, None where there is none.

    Raises:
        Undecided: the whole of it is not known.

    """
    value = thing.get(*path)
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except ValueError:
            raise Undecided(thing, path, "it is no policy in JSON") from None
    if value in (None, "", {}):
        return None
    if not isinstance(value, Mapping):
        raise Undecided(thing, path, "it is no policy")
    return dict(_holed(value).items())


def _holed(value: Any) -> Any:
    match value:
        case Unknown():
            return HOLE
        case dict():
            return {key: _holed(inner) for key, inner in value.items()}
        case list():
            return [_holed(inner) for inner in value]
    return value
