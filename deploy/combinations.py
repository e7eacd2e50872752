"""Every choice that a stage file offers, as factors and levels; each level alone, and a set that covers every pair.

Tests bring each of them up in the local cloud; `prove` without arguments judges each of them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from deploy.problems import StageError
from deploy.stage import Stage
from deploy.stage_file import parse

Values = dict[str, Any]

EXISTING = {
    "vpc": "vpc-0e000000000000001",
    "app1": "subnet-0e00000000000a001",
    "app2": "subnet-0e00000000000a002",
    "lb1": "subnet-0e00000000000b001",
    "lb2": "subnet-0e00000000000b002",
    "db1": "subnet-0e00000000000d001",
    "db2": "subnet-0e00000000000d002",
    "table": "rtb-0e000000000000001",
    "web_group": "sg-0e000000000000001",
    "tasks_group": "sg-0e000000000000002",
    "endpoint_group": "sg-0e000000000000003",
    "database_group": "sg-0e000000000000004",
    "balancer_group": "sg-0e000000000000005",
    "execute_api": "vpce-0e00000000000e001",
    "s3": "vpce-0e00000000000e002",
    "s3_gateway": "vpce-0e00000000000e003",
    "peer_vpc": "vpc-0e000000000000002",
    "transit_gateway": "tgw-0e000000000000001",
    "shared_rule": "rslvr-rr-0e00000000000001",
    "certificate": "arn:aws:acm:ap-northeast-1:123456789012:certificate/0e000000-0000-4000-8000-000000000002",
    "key": "arn:aws:kms:ap-northeast-1:123456789012:key/0e000000-0000-4000-8000-000000000001",
}
"""Ids that stand for what a company hands out; whoever has real ones puts them in their place."""

_SUBNETS: Values = {
    "network.vpc": EXISTING["vpc"],
    "network.app_subnets": [EXISTING["app1"], EXISTING["app2"]],
    "network.lb_subnets": [EXISTING["lb1"], EXISTING["lb2"]],
    "network.db_subnets": [EXISTING["db1"], EXISTING["db2"]],
    "network.app_cidrs": ["10.20.0.0/26", "10.20.0.64/26"],
    "network.lb_cidrs": ["10.20.0.128/27", "10.20.0.160/27"],
    "network.db_cidrs": ["10.20.0.192/28", "10.20.0.208/28"],
    "network.app_route_tables": [EXISTING["table"]],
}

_BALANCER: Values = {
    "door": "load-balancer",
    "balancer.host": "ringi.corp.example.co.jp",
    "balancer.certificate": EXISTING["certificate"],
}

FACTORS: Mapping[str, Mapping[str, Values]] = {
    "door": {
        "endpoints": {},
        "api": {"door": "api"},
        "load-balancer": _BALANCER,
        "containers": {
            **_BALANCER,
            "backend": "fargate",
            "containers.size": "512/1024",
            "containers.minimum": 2,
            "containers.wakes": "07:00",
            "containers.sleeps": "22:30",
        },
    },
    "network": {
        "new": {},
        "existing-vpc": {"network.vpc": EXISTING["vpc"]},
        "existing-subnets": _SUBNETS,
    },
    "groups": {
        "new": {},
        "existing": {
            f"network.{name}_group": EXISTING[f"{name}_group"] for name in ("web", "tasks", "endpoint", "database")
        },
    },
    "endpoints": {
        "new": {},
        "existing-api": {"endpoints.execute_api": EXISTING["execute_api"]},
        "existing": {f"endpoints.{name}": EXISTING[name] for name in ("execute_api", "s3", "s3_gateway")},
        "private-dns": {"endpoints.private_dns": True},
    },
    "link": {
        "none": {},
        "peering": {"corporate.link": "peering", "corporate.peer_vpc": EXISTING["peer_vpc"]},
        "transit-gateway": {
            "corporate.link": "transit-gateway",
            "corporate.transit_gateway": EXISTING["transit_gateway"],
        },
    },
    "corporate": {
        "one": {"corporate.cidrs": ["10.1.0.0/16"]},
        "eight": {"corporate.cidrs": [f"10.{number}.0.0/16" for number in range(1, 9)]},
    },
    "names": {
        "public": {},
        "inbound": {"dns.inbound": True},
        "shared-rule": {"dns.outbound": "shared-rule", "dns.shared_rule": EXISTING["shared_rule"]},
        "own-endpoint": {
            "dns.outbound": "own-endpoint",
            "dns.domains": ["corp.example.co.jp", "ad.example.co.jp", "erp.example.co.jp"],
            "dns.servers": ["10.1.0.53", "10.1.1.53"],
        },
        "fixed": {
            "dns.outbound": "fixed",
            "dns.fixed": {
                "erp.corp.example.co.jp": ["10.1.2.20"],
                "ad.corp.example.co.jp": ["10.1.0.10", "10.1.1.10"],
                "mail.corp.example.co.jp": ["10.1.3.1"],
                "time.corp.example.co.jp": ["10.1.9.9"],
            },
        },
    },
    "inside": {
        "none": {},
        "systems": {
            "destinations": {
                "directory": {"addresses": ["10.1.0.10", "10.1.1.10"], "ports": [636], "from": ["web", "tasks"]},
                "erp": {"addresses": ["10.1.2.20"], "ports": [443]},
                "mail": {"addresses": ["10.1.3.0/28"], "ports": [587, 465]},
            }
        },
    },
    "database": {
        "micro": {},
        "small-standby": {"database.size": "db.t4g.small", "database.standby": True, "database.storage_gb": 100},
        "aurora-sleeping": {"database.kind": "aurora"},
        "aurora-awake": {"database.kind": "aurora", "database.minimum": 0.5, "database.maximum": 4},
    },
    "key": {"aws": {}, "own": {"encryption.key": EXISTING["key"]}},
    "roles": {
        "made": {},
        "bounded": {"roles.permissions_boundary": "arn:aws:iam::123456789012:policy/boundary"},
        "given": {
            f"roles.{name}": f"arn:aws:iam::123456789012:role/given-{name}" for name in ("web", "tasks", "deployer")
        },
        "web-given": {"roles.web": "arn:aws:iam::123456789012:role/given-web"},
    },
    "secrets": {
        "deployer": {},
        "secretsmanager": {"secrets": "secretsmanager"},
        "ssm": {"secrets": "ssm"},
    },
    "attachments": {
        "yes": {},
        "no": {"buckets.attachments": False},
        "function": {"buckets.attachments_by": "function"},
    },
    "logs": {"plain": {}, "flow": {"logs.flow_logs": True, "logs.retention_days": 365}},
    "alarms": {"silent": {}, "mail": {"alarms.email": "it@example.co.jp"}, "off": {"alarms.enabled": False}},
    "timer": {"five": {}, "one": {"tasks.minutes": 1}},
}
"""factor -> level -> the keys it sets. The first level of each is the default stage."""

Choice = dict[str, str]


@dataclass(frozen=True)
class Combination:
    """One choice of levels, the keys it sets, and the stage that it makes."""

    name: str
    choice: Mapping[str, str]
    values: Mapping[str, Any]
    text: str
    stage: Stage


def default() -> Choice:
    """The first level of every factor."""
    return {factor: next(iter(levels)) for factor, levels in FACTORS.items()}


def toml(values: Mapping[str, Any]) -> str:
    """Write keys as a stage file; JSON's texts, lists and numbers are TOML's too."""
    top = [
        f"{path} = {_value(value)}" for path, value in values.items() if "." not in path and not isinstance(value, dict)
    ]
    sections: dict[str, list[str]] = {}
    for path, value in values.items():
        section, _, name = path.rpartition(".")
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, dict):
                    sections[f"{path}.{key}"] = [f"{name} = {_value(held)}" for name, held in inner.items()]
                else:
                    sections.setdefault(path, []).append(f"{_value(key)} = {_value(inner)}")
        elif section:
            sections.setdefault(section, []).append(f"{name} = {_value(value)}")
    blocks = ["\n".join(top)] + [f"[{section}]\n" + "\n".join(lines) for section, lines in sections.items()]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def combine(choice: Choice) -> Combination | None:
    """Make the stage of a choice; nothing when its levels exclude each other."""
    return _combined(tuple(choice.items()))


@cache
def _combined(pairs: tuple[tuple[str, str], ...]) -> Combination | None:
    choice = dict(pairs)
    values: Values = {"aws.account": "123456789012"}
    for factor, level in choice.items():
        values |= FACTORS[factor][level]
    standard = default()
    name = "+".join(f"{factor}={level}" for factor, level in choice.items() if standard[factor] != level) or "default"
    text = toml(values)
    try:
        stage = parse(text, name="poc", path=Path("deploy/stages/poc.toml"))
    except StageError:
        return None
    return Combination(name, choice, values, text, stage)


_COMPANIONS: Mapping[tuple[str, str], Choice] = {
    ("groups", "existing"): {"network": "existing-vpc"},
    ("endpoints", "existing"): {"network": "existing-vpc"},
    ("endpoints", "existing-api"): {"network": "existing-vpc"},
    ("names", "own-endpoint"): {"link": "transit-gateway"},
    ("attachments", "function"): {"door": "api"},
}
"""Levels that make sense only beside another, or that make something only beside it."""


def singles() -> Iterator[Combination]:
    """Yield the default stage, then each other level alone (beside what it cannot do without)."""
    for factor, levels in FACTORS.items():
        for position, level in enumerate(levels):
            if position == 0 and factor != "network":
                continue
            made = combine({**default(), **_COMPANIONS.get((factor, level), {}), factor: level})
            if made is not None:
                yield made


def pairwise() -> Iterator[Combination]:
    """Yield combinations in which every pair of levels that can stand together does so at least once.

    Greedy and without chance: each row starts from the first pair not covered yet and takes, factor by factor, the
    level that covers most of what is left.
    """
    left = _pairs()
    while left:
        first = min(left)
        choice = _row(dict(first), left)
        made = combine(choice) if choice else None
        if made is None or choice is None:
            left.discard(first)
            continue
        left -= {tuple(sorted(pair)) for pair in combinations(choice.items(), 2)}
        yield made


Pair = tuple[tuple[str, str], ...]


def _pairs() -> set[Pair]:
    levels = [(factor, level) for factor, held in FACTORS.items() for level in held]
    return {tuple(sorted(pair)) for pair in combinations(levels, 2) if pair[0][0] != pair[1][0]}


def _row(choice: Choice, left: set[Pair]) -> Choice | None:
    if not _possible(choice):
        return None
    for factor, levels in FACTORS.items():
        if factor in choice:
            continue
        wanted = sorted(levels, key=lambda level: _gain(choice, factor, level, left), reverse=True)
        # Whether a level can stand costs a stage file's reading: asked only until one can.
        best = next((level for level in wanted if _possible({**choice, factor: level})), next(iter(levels)))
        choice = {**choice, factor: best}
    return choice


def _gain(choice: Choice, factor: str, level: str, left: set[Pair]) -> int:
    return sum(tuple(sorted(((factor, level), other))) in left for other in choice.items())


_FREE = frozenset({"corporate", "inside", "database", "key", "roles", "secrets", "alarms", "timer"})
"""Factors whose levels contradict nothing: leaving them out of the question answers it three times as fast."""


def _possible(choice: Choice) -> bool:
    """Say whether the levels chosen so far can be completed: the rest at a default that contradicts nothing."""
    return _can_stand(frozenset(pair for pair in choice.items() if pair[0] not in _FREE))


@cache
def _can_stand(pairs: frozenset[tuple[str, str]]) -> bool:
    choice = dict(sorted(pairs))
    beside = {factor: level for pair in pairs for factor, level in _COMPANIONS.get(pair, {}).items()}
    for network in [choice["network"]] if "network" in choice else FACTORS["network"]:
        if combine({**default(), **beside, **choice, "network": network}) is not None:
            return True
    return False
