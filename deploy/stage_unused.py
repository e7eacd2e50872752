"""Keys of a stage file that another key has made idle: refused, because whoever wrote them counts on them.

A key that stands at its default is taken as not written: `init` writes them all.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deploy.keys import BY_PATH
from deploy.words import Words

if TYPE_CHECKING:
    from deploy.stage import Stage

ONLY_WITH = Words("It is used only with {wanted}. Remove it, or change that.",
                  "{wanted} の場合にだけ使います。削除するか、そちらを変えてください。")  # fmt: skip
NO_SUCH_ENDPOINT = Words(
    "This stage needs no such endpoint; docs/why.md says which combination does. Remove it.",
    "このステージでは使わないエンドポイントです（どの組み合わせで使うかは docs/why.ja.md）。削除してください。",
)

_RDS = ("database.size", "database.storage_gb", "database.standby")
_AURORA = ("database.minimum", "database.maximum")
_MAIL = ("mail.port", "mail.security", "mail.sender", "mail.user")
_BALANCER = ("balancer.host", "balancer.certificate", "network.balancer_group")
_CONTAINERS = (
    "containers.size",
    "containers.minimum",
    "containers.maximum",
    "containers.wakes",
    "containers.sleeps",
    "containers.base",
    "containers.image",
    "roles.execution",
    "roles.scheduler",
)
_ALARMS = ("alarms.email", "alarms.p95_ms", "alarms.outbox_minutes", "alarms.certificate_days")


def unused(stage: "Stage") -> Iterator[tuple[str, object, Words]]:
    """Yield each idle key with its value and what would make it count."""
    yield from ((path, stage.values[path], words) for path, words in _idle(stage) if _written(stage, path))


def _written(stage: "Stage", path: str) -> bool:
    default = BY_PATH[path].default
    return bool(stage.values[path] != (tuple(default) if isinstance(default, list) else default))


def _idle(stage: "Stage") -> Iterator[tuple[str, Words]]:
    needed = {endpoint.key for endpoint in stage.endpoints}
    for path in BY_PATH:
        section, _, name = path.partition(".")
        if section == "endpoints" and name != "private_dns" and name not in needed:
            yield path, NO_SUCH_ENDPOINT
    conditions = (
        (("endpoints.private_dns",), not stage.text("endpoints.execute_api"), 'endpoints.execute_api = ""'),
        (("network.app_route_tables",), bool(stage.several("network.app_subnets")), "network.app_subnets"),
        (
            ("corporate.peer_account", "corporate.peer_role"),
            stage.text("corporate.link") == "peering",
            'corporate.link = "peering"',
        ),
        (("corporate.peer_role",), bool(stage.text("corporate.peer_account")), "corporate.peer_account"),
        (("roles.flow_logs",), stage.flag("logs.flow_logs"), "logs.flow_logs = true"),
        (_RDS, stage.text("database.kind") == "rds", 'database.kind = "rds"'),
        (_AURORA, stage.text("database.kind") == "aurora", 'database.kind = "aurora"'),
        (_MAIL, bool(stage.text("mail.host")), "mail.host"),
        (("buckets.attachments_by",), stage.text("door") == "api", 'door = "api"'),
        (("buckets.attachments_by",), stage.flag("buckets.attachments"), "buckets.attachments = true"),
        (_BALANCER, not stage.has_api, 'door = "load-balancer"'),
        (_CONTAINERS, stage.in_containers, 'backend = "fargate"'),
        (_ALARMS, stage.flag("alarms.enabled"), "alarms.enabled = true"),
    )
    told = set()
    for paths, used, wanted in conditions:
        for path in paths:
            if not used and path not in told:
                told.add(path)
                yield path, ONLY_WITH.fill(wanted=wanted)
