"""Which pages of other origins may ask: a bucket's CORS rules.

Source: Amazon S3 User Guide, "Using cross-origin resource sharing", "How does Amazon S3 evaluate the CORS
configuration on a bucket?".
"""

import fnmatch
from collections.abc import Mapping, Sequence
from typing import Any

from deploy.rehearsal.events import Answer, Call

Rule = Mapping[str, Any]


def preflight(call: Call, rules: Sequence[Rule]) -> Answer:
    """Answer a browser that asks before it sends."""
    wanted = next(iter(call.header("access-control-request-method")), "")
    names = next(iter(call.header("access-control-request-headers")), "")
    headers = [name.strip().lower() for name in names.split(",") if name.strip()]
    rule = _rule(call, rules, wanted, headers)
    if rule is None:
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessForbidden</Code><Message>CORSResponse: This '
            "CORS request is not allowed. This is usually because the evalution of Origin, request method / "
            "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's "
            "CORS spec.</Message></Error>"
        )
        return Answer(status=403, headers=(("Content-Type", "application/xml"),), body=body.encode())
    told = [*_told(call, rule), ("Access-Control-Allow-Methods", ", ".join(rule["AllowedMethods"]))]
    if headers:
        told.append(("Access-Control-Allow-Headers", ", ".join(headers)))
    if rule.get("MaxAgeSeconds"):
        told.append(("Access-Control-Max-Age", str(rule["MaxAgeSeconds"])))
    return Answer(status=200, headers=tuple(told))


def headers(call: Call, rules: Sequence[Rule]) -> tuple[tuple[str, str], ...]:
    """Give what is added to an answer, errors included; nothing where no rule fits."""
    rule = _rule(call, rules, call.method, []) if call.header("origin") else None
    return tuple(_told(call, rule)) if rule else ()


def _rule(call: Call, rules: Sequence[Rule], method: str, names: Sequence[str]) -> Rule | None:
    origin = next(iter(call.header("origin")), "")
    for rule in rules:
        if (
            any(fnmatch.fnmatchcase(origin, wanted) for wanted in rule["AllowedOrigins"])
            and method in rule["AllowedMethods"]
            and all(
                any(fnmatch.fnmatchcase(name, allowed.lower()) for allowed in rule.get("AllowedHeaders", []))
                for name in names
            )
        ):
            return rule
    return None


def _told(call: Call, rule: Rule) -> list[tuple[str, str]]:
    everybody = rule["AllowedOrigins"] == ["*"]
    told = [("Access-Control-Allow-Origin", "*" if everybody else call.header("origin")[0])]
    if rule.get("ExposeHeaders"):
        told.append(("Access-Control-Expose-Headers", ", ".join(rule["ExposeHeaders"])))
    if not everybody:
        told.append(("Access-Control-Allow-Credentials", "true"))
    return [*told, ("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")]
