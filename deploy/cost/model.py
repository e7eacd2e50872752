"""Quantities of a month: of a stage, and of the same work on other architectures."""

from dataclasses import dataclass
from typing import Literal

from deploy.cost.prices import Prices
from deploy.stage import Stage, endpoints
from deploy.words import Words

HOURS = 730.0
"""Hours of a month, as AWS's own calculator takes them."""

ZONES = 2
REQUEST_SECONDS = 0.2
REQUEST_GB = 0.5
REQUEST_LOG_GB = 0.000002
"""A request takes 200 ms at 512 MB and logs 2 kB: the work that all architectures are compared on."""

AWAKE_HOURS = 200.0
"""A sleeping Aurora is awake this long: 20 working days of 10 hours."""

FILES_GB = 5.0

Group = Literal["network", "compute", "database", "storage", "other"]

GROUPS: dict[Group, Words] = {
    "network": Words("network", "ネットワーク"),
    "compute": Words("compute", "実行環境"),
    "database": Words("database", "データベース"),
    "storage": Words("storage and logs", "保存とログ"),
    "other": Words("other", "その他"),
}


@dataclass(frozen=True)
class Line:
    """One line of a bill; `usd` is nothing when its price is unknown, `fixed` when no request changes it."""

    words: Words
    group: Group
    quantity: float
    unit: str
    price: str
    usd: float | None
    fixed: bool


@dataclass(frozen=True)
class Bill:
    """A month on one architecture."""

    key: str
    words: Words
    lines: tuple[Line, ...]

    @property
    def total(self) -> float:
        """The sum of what is known."""
        return sum(line.usd for line in self.lines if line.usd is not None)

    @property
    def unknown(self) -> bool:
        """Whether something is missing in the total."""
        return any(line.usd is None for line in self.lines)

    @property
    def fixed(self) -> float:
        """What is paid without a single request."""
        return sum(line.usd for line in self.lines if line.usd is not None and line.fixed)

    def group(self, group: Group) -> float:
        """The known sum of one group."""
        return sum(line.usd for line in self.lines if line.usd is not None and line.group == group)


class Ledger:
    """Makes lines from a region's prices."""

    def __init__(self, prices: Prices) -> None:
        self.prices = prices

    def line(self, words: Words, group: Group, price: str, quantity: float, *, fixed: bool = True) -> Line:
        """Make one line; an unknown price stays unknown."""
        known = self.prices.held.get(price)
        usd = known.usd * quantity if known else None
        return Line(words, group, quantity, known.unit if known else "", price, usd, fixed)

    def endpoint(self, service: str) -> Line:
        """Make the line of one interface endpoint in two zones."""
        words = Words(f"endpoint {service}, 2 zones", f"エンドポイント {service}（2 ゾーン）")
        return self.line(words, "network", "endpoint.hour", ZONES * HOURS)

    def balancer(self) -> list[Line]:
        """Make the lines of a load balancer with little to do."""
        return [
            self.line(Words("load balancer", "ロードバランサー"), "compute", "balancer.hour", HOURS),
            self.line(
                Words("load balancer, 0.1 LCU", "ロードバランサー（0.1 LCU）"),
                "compute",
                "balancer.lcu_hour",
                0.1 * HOURS,
            ),
        ]

    def containers(self, stage: Stage) -> list[Line]:
        """Make the lines of a stage's containers, its least number while awake, and of its timers' tasks."""
        processor, memory = (int(part) / 1024 for part in stage.text("containers.size").split("/"))
        hours = awake_hours(stage) * stage.number("containers.minimum")
        # A task is billed for a minute at least (AWS Fargate pricing).
        ticks = HOURS * 60 / stage.number("tasks.minutes") / 60
        return [
            self.line(
                Words(
                    f"containers, {processor:g} vCPU for {hours:g} h", f"コンテナ {processor:g} vCPU × {hours:g} 時間"
                ),
                "compute",
                "fargate.vcpu_hour",
                processor * hours,
            ),
            self.line(
                Words(f"containers, {memory:g} GB for {hours:g} h", f"コンテナ {memory:g} GB × {hours:g} 時間"),
                "compute",
                "fargate.gb_hour",
                memory * hours,
            ),
            self.line(
                Words(f"timer tasks, 0.25 vCPU for {ticks:g} h", f"定期処理のタスク 0.25 vCPU × {ticks:g} 時間"),
                "compute",
                "fargate.vcpu_hour",
                0.25 * ticks,
            ),
            self.line(
                Words(f"timer tasks, 0.5 GB for {ticks:g} h", f"定期処理のタスク 0.5 GB × {ticks:g} 時間"),
                "compute",
                "fargate.gb_hour",
                0.5 * ticks,
            ),
        ]

    def functions(self, count: int, *, api: bool) -> list[Line]:
        """Make the lines of the web function, with or without an API in front of it."""
        return self.requests(count)[0 if api else 1 :]

    def requests(self, count: int) -> list[Line]:
        """Make the lines of API and function for a month's requests."""
        seconds = count * REQUEST_SECONDS * REQUEST_GB
        return [
            self.line(Words("API requests", "API のリクエスト"), "compute", "api.million", count / 1e6, fixed=False),
            self.line(Words("function calls", "関数の呼び出し"), "compute", "lambda.million", count / 1e6, fixed=False),
            self.line(
                Words("function time", "関数の実行時間"), "compute", "lambda.gb_second_x86", seconds, fixed=False
            ),
        ]

    def storage(self, count: int) -> list[Line]:
        """Make the lines of files and logs."""
        return [
            self.line(Words("files, 5 GB", "ファイル 5 GB"), "storage", "s3.gb_month", FILES_GB),
            self.line(Words("logs", "ログ"), "storage", "logs.gb", count * REQUEST_LOG_GB, fixed=False),
        ]

    def database(self, stage: Stage | None) -> list[Line]:
        """Make the lines of a stage's database; without a stage the default one's."""
        secret = self.line(Words("master secret", "マスターの秘密情報"), "database", "secret.month", 1)
        if stage is not None and stage.text("database.kind") == "aurora":
            least = stage.number("database.minimum")
            hours = HOURS if least else AWAKE_HOURS
            units = least or 0.5
            words = Words(f"Aurora, {units:g} ACU for {hours:g} h", f"Aurora（{units:g} ACU × {hours:g} 時間）")
            disk = Words("Aurora storage", "Aurora のストレージ")
            return [
                self.line(words, "database", "aurora.acu_hour", units * hours),
                self.line(disk, "database", "aurora.storage.gb_month", 10),
                secret,
            ]
        size = stage.text("database.size") if stage else "db.t4g.micro"
        storage = stage.number("database.storage_gb") if stage else 20
        copies = 2 if stage is not None and stage.flag("database.standby") else 1
        return [
            self.line(
                Words(f"RDS {size} x {copies}", f"RDS {size} × {copies}"),
                "database",
                f"rds.{size}.hour",
                copies * HOURS,
            ),
            self.line(
                Words(f"RDS storage {storage:g} GB", f"RDS ストレージ {storage:g} GB"),
                "database",
                "rds.storage.gb_month",
                copies * storage,
            ),
            secret,
        ]


def awake_hours(stage: Stage) -> float:
    """Give the hours of a month in which containers run: all, or those of weekdays between waking and sleeping."""
    times = [stage.text(f"containers.{name}") for name in ("wakes", "sleeps")]
    if not all(times):
        return HOURS
    wakes, sleeps = (int(hour) + int(minute) / 60 for hour, minute in (time.split(":") for time in times))
    if sleeps > wakes:
        return (sleeps - wakes) * WEEKDAYS
    # Through the night: over weekends too, from Friday's waking to Monday's sleeping hour it is never put to sleep.
    return HOURS - (wakes - sleeps) * WEEKDAYS


WEEKDAYS = HOURS / 24 / 7 * 5


def stage_bill(stage: Stage, prices: Prices, requests: int) -> Bill:
    """Make a stage's own bill."""
    ledger = Ledger(prices)
    lines = [
        ledger.endpoint(endpoint.service)
        for endpoint in stage.endpoints
        if not endpoint.gateway and not stage.text(f"endpoints.{endpoint.key}")
    ]
    lines += _company_lines(stage, ledger)
    lines += [] if stage.has_api else ledger.balancer()
    lines += ledger.containers(stage) if stage.in_containers else ledger.functions(requests, api=stage.has_api)
    lines += [*ledger.database(stage), *ledger.storage(requests)]
    return Bill("stage", Words(f"stage {stage.name}", f"ステージ {stage.name}"), tuple(lines))


def _company_lines(stage: Stage, ledger: Ledger) -> list[Line]:
    lines = []
    for wanted, words in (
        (stage.flag("dns.inbound"), Words("Resolver inbound, 2 addresses", "Resolver インバウンド（2 アドレス）")),
        (
            stage.text("dns.outbound") == "own-endpoint",
            Words("Resolver outbound, 2 addresses", "Resolver アウトバウンド（2 アドレス）"),
        ),
    ):
        if wanted:
            lines.append(ledger.line(words, "network", "resolver.address_hour", 2 * HOURS))
    if stage.text("corporate.link") == "transit-gateway":
        words = Words("Transit Gateway attachment", "Transit Gateway アタッチメント")
        lines.append(ledger.line(words, "network", "transit.attachment_hour", HOURS))
    if stage.fixed_names:
        words = Words("private zones", "プライベートゾーン")
        lines.append(ledger.line(words, "network", "zone.month", len(stage.fixed_names)))
    if stage.flag("alarms.enabled"):
        words = Words("alarms and dashboard", "アラームとダッシュボード")
        lines.append(ledger.line(words, "other", "alarm.month", 8))
    if stage.text("encryption.key"):
        words = Words("customer key", "自社管理のキー")
        lines.append(ledger.line(words, "other", "key.month", 1))
    return lines


ORIGIN_ENDPOINTS = ("execute-api", "s3", "ecr.api", "ecr.dkr", "logs")
"""The interface endpoints of the article's sample."""


def alternatives(prices: Prices, requests: int, stage: Stage | None) -> list[Bill]:
    """Make the bills of the same work done otherwise, each with the same database and files."""
    ledger = Ledger(prices)
    same = [*ledger.database(stage), *ledger.storage(requests)]
    fargate = [
        ledger.endpoint(endpoint.service)
        for endpoint in endpoints("load-balancer", "fargate", {})
        if not endpoint.gateway
    ]
    balancer = ledger.balancer()
    return [
        Bill(
            "origin",
            Words("the article's sample: five endpoints + Lambda", "元記事の構成: エンドポイント 5 個 + Lambda"),
            (*(ledger.endpoint(name) for name in ORIGIN_ENDPOINTS), *ledger.requests(requests), *same),
        ),
        Bill(
            "fargate",
            Words("Fargate + load balancer", "Fargate + ロードバランサー"),
            (
                *fargate,
                *balancer,
                ledger.line(
                    Words("Fargate 0.25 vCPU", "Fargate 0.25 vCPU"), "compute", "fargate.vcpu_hour", 0.25 * HOURS
                ),
                ledger.line(Words("Fargate 0.5 GB", "Fargate 0.5 GB"), "compute", "fargate.gb_hour", 0.5 * HOURS),
                *same,
            ),
        ),
        Bill(
            "small",
            Words("one t3.small, one zone, no endpoints", "t3.small 1 台（1 ゾーン、エンドポイントなし）"),
            (
                ledger.line(Words("t3.small", "t3.small"), "compute", "t3.small.hour", HOURS),
                ledger.line(Words("disk 20 GB", "ディスク 20 GB"), "compute", "ebs.gb_month", 20),
                *same,
            ),
        ),
        Bill(
            "medium",
            Words(
                "t3.medium in two zones, with the endpoints a server is kept by",
                "t3.medium を 2 ゾーン、運用に必要なエンドポイントつき",
            ),
            (
                *(ledger.endpoint(name) for name in ("ssm", "ssmmessages", "logs")),
                *balancer,
                ledger.line(Words("t3.medium x 2", "t3.medium × 2"), "compute", "t3.medium.hour", 2 * HOURS),
                ledger.line(Words("disks 40 GB", "ディスク 40 GB"), "compute", "ebs.gb_month", 40),
                *same,
            ),
        ),
    ]
