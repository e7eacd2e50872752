"""One deployed copy of the application, as its file says, checked and frozen; `stage_file` reads it.

`ENDPOINTS` is the one table that says which VPC endpoints a combination of door, backend and options needs.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from deploy.words import Words

ZONES = {
    "ap-northeast-1": ("ap-northeast-1a", "ap-northeast-1c"),
    "ap-northeast-3": ("ap-northeast-3a", "ap-northeast-3b"),
    "us-east-1": ("us-east-1a", "us-east-1b"),
}


@dataclass(frozen=True)
class Endpoint:
    """One VPC endpoint that a stage needs: its service's short name, what kind it is, and why."""

    service: str
    gateway: bool
    why: Words

    @property
    def key(self) -> str:
        """The name of its key in the stage file, under `[endpoints]`."""
        return {"s3-gateway": "s3_gateway"}.get(self.service, re.sub(r"[.-]", "_", self.service))

    @property
    def parameter(self) -> str:
        """The name by which templates know it: `ExecuteApi`, `S3Gateway`, `EcrDkr`, `Secretsmanager`."""
        return "".join(part.capitalize() for part in re.split(r"[.-]", self.service))


_API = Words("Browsers call the private API through it.", "ブラウザーがプライベート API を呼ぶ通り道です。")
_S3 = Words(
    "Browsers load the pages, and send and fetch attachments, through it.",
    "ブラウザーが画面を読み込み、添付ファイルを送受信する通り道です。",
)
_S3_BALANCER = Words(
    "The load balancer fetches the pages through it; browsers send attachments to it.",
    "ロードバランサーが画面を取得し、ブラウザーが添付ファイルを送る通り道です。",
)
_API_DOOR = Words(
    "Browsers load the pages and call the private API through it.",
    "ブラウザーが画面を読み込み、プライベート API を呼ぶ通り道です。",
)
_S3_FILES = Words(
    "Browsers send and fetch attachments through it; the API serves the pages.",
    "ブラウザーが添付ファイルを送受信する通り道です（画面は API が返します）。",
)
_GATEWAY = Words(
    "Functions check attachments and anchor the audit record through it, free of charge.",
    "関数が添付ファイルの確認と監査記録の保全に使います。無料です。",
)
_LAYERS = Words(
    "Containers fetch their image layers, functions their files through it, free of charge.",
    "コンテナのイメージ層の取得とファイルの確認に使います。無料です。",
)
_ECR_API = Words(
    "Fargate asks ECR for permission to pull the image.", "Fargate がイメージ取得の許可を得るために使います。"
)
_ECR_DKR = Words("Fargate pulls the image's manifest.", "Fargate がイメージの目録を取得するために使います。")
_LOGS = Words(
    "Containers write their logs (Lambda needs no endpoint for it).",
    "コンテナのログ出力に使います（Lambda では不要です）。",
)

ENDPOINTS: Mapping[tuple[str, str], tuple[Endpoint, ...]] = MappingProxyType(
    {
        ("endpoints", "lambda"): (
            Endpoint("execute-api", False, _API),
            Endpoint("s3", False, _S3),
            Endpoint("s3-gateway", True, _GATEWAY),
        ),
        ("api", "lambda"): (
            Endpoint("execute-api", False, _API_DOOR),
            Endpoint("s3-gateway", True, _GATEWAY),
        ),
        ("load-balancer", "lambda"): (
            Endpoint("s3", False, _S3_BALANCER),
            Endpoint("s3-gateway", True, _GATEWAY),
        ),
        ("load-balancer", "fargate"): (
            Endpoint("s3", False, _S3_BALANCER),
            Endpoint("s3-gateway", True, _LAYERS),
            Endpoint("ecr.api", False, _ECR_API),
            Endpoint("ecr.dkr", False, _ECR_DKR),
            Endpoint("logs", False, _LOGS),
        ),
    }
)
"""door x backend -> endpoints.

Containers stand behind the load balancer only: they need one in any case, and a private API reaches them only by more
parts. With the door `endpoints` the pages would lie on another origin than the API, for the same price.
"""

OPTIONS: Mapping[tuple[str, str], Endpoint] = MappingProxyType(
    {
        ("secrets", "secretsmanager"): Endpoint(
            "secretsmanager",
            False,
            Words("Functions read their secrets at run time.", "関数が実行時に秘密情報を読むために使います。"),
        ),
        ("secrets", "ssm"): Endpoint(
            "ssm",
            False,
            Words("Functions read their secrets at run time.", "関数が実行時に秘密情報を読むために使います。"),
        ),
    }
)
"""(key, value) -> the endpoint that this option adds."""

ROLES = ("web", "tasks", "deployer")
CONTAINER_ROLES = ("execution", "scheduler")

SERVICES = ("execute-api", "s3", "s3-gateway", "logs", "ecr.api", "ecr.dkr", "secretsmanager", "ssm")


def endpoints(door: str, backend: str, options: Mapping[str, Any]) -> tuple[Endpoint, ...]:
    """Give the endpoints that a combination needs; empty when the combination does not exist."""
    base = ENDPOINTS.get((door, backend), ())
    if door == "api" and options.get("buckets.attachments") and options.get("buckets.attachments_by") != "function":
        base = (*base, Endpoint("s3", False, _S3_FILES))
    added = tuple(endpoint for (key, value), endpoint in OPTIONS.items() if base and options.get(key) == value)
    return base + added


@dataclass(frozen=True)
class Destination:
    """Something inside the company that functions may reach over TCP."""

    name: str
    addresses: tuple[str, ...]
    ports: tuple[int, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Signature:
    """An exception: a rule of `prove`, the resource ("*": every one), why, who answers for it, and until which day."""

    name: str
    rule: str
    resource: str
    reason: str
    by: str
    signed: date
    until: date

    def in_force(self, today: date) -> bool:
        """Say whether it counts on a day."""
        return self.signed <= today <= self.until


@dataclass(frozen=True)
class Stage:
    """A stage whose every value has been checked. `values` maps `section.key` to its value, defaults filled in."""

    name: str
    values: Mapping[str, Any]
    tags: Mapping[str, str]
    destinations: tuple[Destination, ...]
    fixed_names: Mapping[str, tuple[str, ...]]
    exceptions: tuple[Signature, ...] = ()

    def text(self, path: str) -> str:
        """Give a value that is text."""
        return str(self.values[path])

    def several(self, path: str) -> tuple[str, ...]:
        """Give a value that is a list of texts."""
        return tuple(self.values[path])

    def flag(self, path: str) -> bool:
        """Give a value that is true or false."""
        return bool(self.values[path])

    def number(self, path: str) -> float:
        """Give a value that is a number."""
        return float(self.values[path])

    @property
    def prefix(self) -> str:
        """What the name of everything in this stage begins with: `cloister-poc`."""
        return f"{self.text('names.prefix')}-{self.name}"

    @property
    def region(self) -> str:
        """The region."""
        return self.text("aws.region")

    @property
    def zones(self) -> tuple[str, str]:
        """The two zones."""
        first, second = self.several("aws.zones") or ZONES[self.region]
        return first, second

    def bucket(self, noun: str, account: str) -> str:
        """Give the name of one of our buckets; the account keeps it unique in the world."""
        return f"{self.prefix}-{noun}-{account}"

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The VPC endpoints that this stage needs."""
        return endpoints(self.text("door"), self.text("backend"), self.values)

    @property
    def in_containers(self) -> bool:
        """Whether containers run the application, not functions."""
        return self.text("backend") == "fargate"

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that this stage needs."""
        return (*ROLES, *(CONTAINER_ROLES if self.in_containers else ()))

    @property
    def has_api(self) -> bool:
        """Whether a private API leads to the application, not a load balancer."""
        return self.text("door") != "load-balancer"

    @property
    def relays_files(self) -> bool:
        """Whether attachments travel through the function: browsers reach no S3 then."""
        return (
            self.text("door") == "api"
            and self.flag("buckets.attachments")
            and self.text("buckets.attachments_by") == "function"
        )

    @property
    def calls_endpoints(self) -> bool:
        """Whether what runs inside calls interface endpoints: for its secrets, or as a container for image and logs."""
        return self.in_containers or self.text("secrets") != "deployer"

    def ranges(self, tier: str) -> tuple[str, str]:
        """Give the two address ranges of a tier (`app`, `lb` or `db`)."""
        first, second = self.several(f"network.{tier}_cidrs") or divide(self.text("network.cidr"))[tier]
        return first, second

    @property
    def inside_addresses(self) -> tuple[str, ...]:
        """Every range inside the company that something of ours sends to, each once."""
        wanted = [address for destination in self.destinations for address in destination.addresses]
        if self.text("dns.outbound") == "own-endpoint":
            wanted += self.several("dns.servers")
        return tuple(dict.fromkeys(wanted))


@cache
def divide(cidr: str) -> dict[str, tuple[str, str]]:
    """Divide a VPC's range: a quarter each for app, an eighth each for lb, a sixteenth each for db."""
    network = ipaddress.ip_network(cidr)
    eighths = list(network.subnets(prefixlen_diff=3))
    quarters = list(network.subnets(prefixlen_diff=2))
    sixteenths = list(network.subnets(prefixlen_diff=4))
    return {
        "app": (str(quarters[0]), str(quarters[1])),
        "lb": (str(eighths[4]), str(eighths[5])),
        "db": (str(sixteenths[12]), str(sixteenths[13])),
    }
