"""A listener's rules: which of them a request meets, and what it makes of the request. Pure data, no system call.

Sources, all in the Application Load Balancers guide: "Condition types for listener rules", "Transforms for listener
rules", "Action types for listener rules".
"""

import dataclasses
import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.rehearsal.events import Call

Config = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """One rule as describe calls tell it; the default rule has neither conditions nor transforms."""

    conditions: Sequence[Config]
    actions: Sequence[Config]
    transforms: Sequence[Config] = ()


class Impossible(ValueError):
    """A rewriting that came to nothing that can be sent."""


def chosen(rules: Sequence[Rule], call: Call, host: str) -> Rule:
    """Give the first rule, in the order of priorities, all of whose conditions are met; the last is the default."""
    return next(rule for rule in rules if all(met(condition, call, host) for condition in rule.conditions))


def met(condition: Config, call: Call, host: str) -> bool:
    """Say whether one of a condition's values fits; raises ValueError for a condition that is not imitated."""
    match condition["Field"]:
        case "host-header":
            return any(_like(pattern.lower(), host.lower()) for pattern in _values(condition, "HostHeaderConfig"))
        case "path-pattern":
            # The path alone, as it is written, capitals and all: never what is behind the question mark.
            return any(_like(pattern, call.path) for pattern in _values(condition, "PathPatternConfig"))
        case "http-request-method":
            return call.method in _values(condition, "HttpRequestMethodConfig")
        case "source-ip":
            address = ipaddress.ip_address(call.source_ip)
            return any(address in ipaddress.ip_network(cidr) for cidr in _values(condition, "SourceIpConfig"))
    raise ValueError(f"no front imitates the condition {condition['Field']}")


def _values(condition: Config, config: str) -> Sequence[str]:
    held = condition.get(config) or {}
    found: Sequence[str] = held.get("Values") or condition.get("Values") or ()
    if not found:
        raise ValueError(f"no front imitates {condition['Field']} without values: {dict(condition)}")
    return found


def _like(pattern: str, text: str) -> bool:
    """Match as conditions do: a star is any characters or none, a question mark exactly one."""
    words = {"*": ".*", "?": "."}
    return re.fullmatch("".join(words.get(sign, re.escape(sign)) for sign in pattern), text, re.DOTALL) is not None


def rewritten(transforms: Sequence[Config], call: Call) -> Call:
    """Rewrite host and address of a request on its way to a target; what no pattern fits goes on as it came.

    Raises:
        Impossible: what came out is no address.

    """
    for transform in transforms:
        if transform["Type"] == "host-header-rewrite":
            host = _replaced(transform["HostHeaderRewriteConfig"], (call.header("host") or [""])[-1])
            others = tuple(pair for pair in call.headers if pair[0].lower() != "host")
            call = dataclasses.replace(call, headers=(("Host", host), *others))
        elif transform["Type"] == "url-rewrite":
            asked = f"{call.path}?{call.query}" if call.query else call.path
            address = _replaced(transform["UrlRewriteConfig"], asked)
            if not address.startswith("/"):
                raise Impossible(address)
            path, _, query = address.partition("?")
            call = dataclasses.replace(call, path=path, query=query)
        else:
            raise ValueError(f"no front imitates the transform {transform['Type']}")
    return call


def _replaced(config: Config, text: str) -> str:
    (rewrite,) = config["Rewrites"]
    replacement = re.sub(r"\$(\d)", r"\\g<\1>", rewrite["Replace"].replace("\\", "\\\\"))
    return re.sub(rewrite["Regex"], replacement, text, count=1)


def redirection(config: Config, call: Call, *, host: str, protocol: str, port: int) -> str:
    """Give the address that a redirect action names; the port is always written out."""
    known = {
        "protocol": protocol.lower(),
        "host": host,
        "port": str(port),
        "path": call.path.removeprefix("/"),
        "query": call.query,
    }

    def filled(key: str, usual: str) -> str:
        return re.sub(r"#\{(\w+)\}", lambda found: known[found[1]], config.get(key, usual))

    query = filled("Query", "#{query}")
    address = f"{filled('Protocol', '#{protocol}').lower()}://{filled('Host', '#{host}')}:{filled('Port', '#{port}')}"
    return f"{address}{filled('Path', '/#{path}')}" + (f"?{query}" if query else "")
