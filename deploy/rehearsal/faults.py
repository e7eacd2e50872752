"""What fails in the middle of a day's work, made to fail on purpose."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy.words import Words

if TYPE_CHECKING:
    from deploy.rehearsal.rig import Rig

SHUT = 10.0
"""Seconds that the endpoints' fronts are gone."""


@dataclass(frozen=True)
class Fault:
    """One fault: what happens, and how it is made to."""

    what: Words
    happen: Callable[["Rig"], None]


def _function(rig: "Rig") -> None:
    for pool in rig.pools:
        pool.kill()


def _database(rig: "Rig") -> None:
    rds, name = rig.account.client("rds"), rig.stage.prefix
    if rig.stage.text("database.kind") == "aurora":
        rds.stop_db_cluster(DBClusterIdentifier=name)
        rds.start_db_cluster(DBClusterIdentifier=name)
    else:
        rds.stop_db_instance(DBInstanceIdentifier=name)
        rds.start_db_instance(DBInstanceIdentifier=name)


def _doors(rig: "Rig") -> None:
    back = [rig.doors.shut(host.name) for host in rig.refresh().of("endpoint")]
    threading.Timer(SHUT, lambda: [open_again() for open_again in back]).start()


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "function": Fault(
            Words("Every execution environment is killed in the middle of whatever it does.",
                  "すべての実行環境を、処理の途中で強制終了しました。"),
            _function,
        ),
        "database": Fault(
            Words("The database was stopped and started: every connection of before is dead.",
                  "データベースを停止して起動しました。以前の接続はすべて切れています。"),
            _database,
        ),
        "doors": Fault(
            Words("The endpoints answer nobody for 10 seconds.", "エンドポイントが 10 秒間応答しません。"),
            _doors,
        ),
    }
)  # fmt: skip
