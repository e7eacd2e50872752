"""Faults that wait for their moment: the function dies in the middle of a transaction, or between its commit and its
answer. Nothing here depends on being quick: the moment is held until the function is in it."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from psycopg2 import sql

from deploy.rehearsal.runtime_api import Result

if TYPE_CHECKING:
    from deploy.rehearsal.rig import Rig

LOOK = 0.02  # seconds between two looks at the locks
DATABASE_NAME = "cloister"
"""As deploy/templates/data.yaml names it."""
PATIENCE = 60.0
"""Seconds that whoever mends waits for a moment to come."""

# Somebody waits for this table who has changed another one before: PostgreSQL, "The pg_locks View" and "Table-Level
# Locks" (ROW EXCLUSIVE is what INSERT, UPDATE and DELETE take).
_IN_THE_MIDDLE = """
SELECT count(*) FROM pg_locks waits
JOIN pg_locks wrote ON wrote.pid = waits.pid AND wrote.granted AND wrote.mode = 'RowExclusiveLock'
JOIN pg_class c ON c.oid = wrote.relation AND c.relkind = 'r'
WHERE waits.relation = %s::regclass AND NOT waits.granted AND wrote.relation <> waits.relation
"""


class Midway:
    """The next transaction that writes into `table` after it has changed another one stops there, and its function is
    killed; then the table is free again. `mend` says whether it came to pass."""

    def __init__(self, rig: "Rig", table: str) -> None:
        self._rig, self._table = rig, table
        self._given_up, self._came = threading.Event(), threading.Event()
        self._undo = contextlib.ExitStack()
        held = self._undo.enter_context(_session(rig))
        with held.cursor() as cursor:
            cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(table)))
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        with self._undo, _session(self._rig) as session, session.cursor() as cursor:
            while not self._given_up.wait(LOOK):
                cursor.execute(_IN_THE_MIDDLE, [self._table])
                if cursor.fetchone()[0]:
                    for pool in self._rig.pools:
                        pool.kill()
                    self._came.set()
                    return

    def mend(self) -> bool:
        """Wait for it, let everything go, and say whether it came to pass."""
        came = self._came.wait(PATIENCE)
        self._given_up.set()
        self._thread.join()
        return came


class Unanswered:
    """The next change at an address that ends so is made, and its function killed before the answer leaves it."""

    def __init__(self, rig: "Rig", ending: str) -> None:
        self._ending = ending
        self._pools = list(rig.pools)
        self._came = threading.Event()
        self._once = threading.Lock()
        for pool in self._pools:
            pool.loses = self._loses

    def _loses(self, event: Any, result: Result) -> bool:
        answer = result.payload
        if not isinstance(event, dict) or not isinstance(answer, dict) or answer.get("statusCode", 500) >= 300:
            return False
        is_change = event.get("httpMethod") not in ("GET", "HEAD", "OPTIONS")
        with self._once:
            if not is_change or not str(event.get("path", "")).endswith(self._ending) or self._came.is_set():
                return False
            self._came.set()
        return True

    def mend(self) -> bool:
        """Let everything go, and say whether it came to pass."""
        came = self._came.wait(PATIENCE)
        for pool in self._pools:
            pool.loses = None
        return came


@contextlib.contextmanager
def _session(rig: "Rig") -> Iterator[Any]:
    """Open a session of the superuser in the stage's own database."""
    variables = rig.variables(rig.stage.prefix)
    server = rig.databases.server(variables["CLOISTER_DATABASE_HOST"])
    if server is None:
        raise LookupError(f"{variables['CLOISTER_DATABASE_HOST']} is no database that runs")
    with server.session(DATABASE_NAME) as session:
        yield session


def ask(rig: "Rig", query: str, values: Sequence[str] = ()) -> list[list[Any]]:
    """Put a question to the stage's database as its administrator, in a transaction of its own; give the rows.

    `values` take the places of %s in it.
    """
    with _session(rig) as session, session.cursor() as cursor:
        cursor.execute(query, values or None)
        rows = [] if cursor.description is None else [list(row) for row in cursor.fetchall()]
        session.commit()
        return rows
