"""The shipped function once it runs: its first request, one after its connection died, and its memory."""

import statistics
import sys
from pathlib import Path

from bench import functions
from bench.companies import company, set_up
from bench.measure import Ratio
from deploy.rehearsal.runtime_api import Lambda

STARTS = 7
WARM_CALLS = 60
FEW, MANY = 200, 2000


def run() -> list[Ratio]:
    set_up()
    database = company(proposals=1000)
    event = functions.inbox(functions.busiest_token(database))
    first, reconnected = [], []
    for _ in range(STARTS):
        with Lambda(functions.shipped(database)) as function:
            began = _call(function, event)
            warm = statistics.median(_call(function, event) for _ in range(WARM_CALLS))
            _hang_up(database)
            first.append(began / warm)
            reconnected.append(_call(function, event) / warm)
    return [
        Ratio(bench="warm", name="first request", than="warm median", value=statistics.median(first), limit=1.5),
        Ratio(
            bench="warm",
            name="request that reconnects",
            than="warm median",
            value=statistics.median(reconnected),
            limit=3,
        ),
        Ratio(bench="warm", name=f"PSS after {MANY}", than=f"after {FEW}", value=_growth(database, event), limit=1.05),
    ]


def _call(function: Lambda, event: object) -> float:
    """Return the milliseconds of one answered call."""
    result = function.invoke(event)
    if result.function_error or result.payload["statusCode"] != 200:
        raise SystemExit(f"The shipped function did not answer 200: {result.payload}\n{result.log}")
    return result.milliseconds


def _hang_up(database: str) -> None:
    """End the function's connections on the server's side, as a restart of it would."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            [database],
        )


def _growth(database: str, event: object) -> float:
    """Return how many times as much memory (PSS) the process has after many requests as after few."""
    sizes: dict[int, int] = {}
    with Lambda(functions.shipped(database)) as function:
        for number in range(1, MANY + 1):
            _call(function, event)
            if number in (FEW, MANY):
                assert function.environment is not None  # noqa: S101  it has just answered
                sizes[number] = _pss(function.environment.process.pid)
    print(f"  PSS {sizes[FEW] / 1024:.1f} MiB, then {sizes[MANY] / 1024:.1f} MiB", file=sys.stderr)
    return sizes[MANY] / sizes[FEW]


def _pss(pid: int) -> int:
    """Return a process's proportional set size, in KiB."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
