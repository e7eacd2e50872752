"""What fails in the middle of a day's work, made to fail on purpose."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from deploy.rehearsal.cloud.disk import Full
from deploy.rehearsal.moments import Midway, Unanswered
from deploy.rehearsal.silence import Stopped, TurnedAway
from deploy.words import Words

if TYPE_CHECKING:
    from deploy.rehearsal.rig import Rig

DATABASE = "db"
"""The database's host."""
SHUT = 10.0
"""Seconds that the endpoints' fronts are gone."""


class Lasting(Protocol):
    """A fault that lasts until it is mended."""

    def mend(self) -> bool:
        """Take it back; False where it never came to pass."""
        ...


@dataclass(frozen=True)
class Fault:
    """One fault: what happens, and how it is made to. `asks`: the word it needs, such as a table's name."""

    what: Words
    happen: Callable[["Rig", str], Lasting | None]
    asks: str = ""


def _function(rig: "Rig", _word: str) -> None:
    for pool in rig.pools:
        pool.kill()


def _database(rig: "Rig", _word: str) -> None:
    rds, name = rig.account.client("rds"), rig.stage.prefix
    if rig.stage.text("database.kind") == "aurora":
        rds.stop_db_cluster(DBClusterIdentifier=name)
        rds.start_db_cluster(DBClusterIdentifier=name)
    else:
        rds.stop_db_instance(DBInstanceIdentifier=name)
        rds.start_db_instance(DBInstanceIdentifier=name)


class _Doors:
    """The endpoints are gone for `SHUT`, and then back by themselves."""

    def __init__(self, rig: "Rig") -> None:
        hosts = [host.name for host in rig.refresh().of("endpoint")]
        away = TurnedAway(hosts)
        back = [rig.doors.shut(host) for host in hosts]

        def open_again() -> None:
            for each in back:
                each()
            away.mend()

        self._timer = threading.Timer(SHUT, open_again)
        self._timer.start()

    def mend(self) -> bool:
        """Wait until they are back."""
        self._timer.join()
        return True


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
            lambda rig, _word: _Doors(rig),
        ),
        "midway": Fault(
            Words("The function is killed in the next transaction that changes {word} after another table.",
                  "次に別の表に続けて {word} を変更するトランザクションの途中で、関数を強制終了します。"),
            Midway,
            asks="TABLE",
        ),
        "answer": Fault(
            Words("The next change at ...{word} is made, and its function killed before it answers.",
                  "次の ...{word} への変更を反映した後、応答の前に関数を強制終了します。"),
            Unanswered,
            asks="ADDRESS-END",
        ),
        "silence": Fault(
            Words("The database takes what it is sent, and says nothing.",
                  "データベースが受け取るだけで、何も答えません。"),
            lambda _rig, _word: Stopped(DATABASE),
        ),
        "disk": Fault(
            Words("The disk of the buckets is full.", "バケットのディスクがいっぱいです。"),
            lambda rig, _word: Full(rig.store),
        ),
    }
)  # fmt: skip
