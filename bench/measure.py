"""How the benches measure: everything that is compared runs in turns in one process, and only ratios are told.

Absolute times say more about the machine than about the code; a ratio of two things that took turns holds from one
machine to the next.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """One figure: how many times as much `name` takes as `than`; it must not exceed `limit`, where there is one."""

    bench: str
    name: str
    than: str
    value: float
    limit: float | None = None

    @property
    def is_kept(self) -> bool:
        return self.limit is None or self.value <= self.limit


type Clock = Callable[[], float]


def in_turns(
    works: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    calls: int,
    clock: Clock = time.process_time,
) -> dict[str, list[float]]:
    """Return for each work the seconds per call, one figure a round; every work takes its turn in every round.

    `clock` is the CPU time of this process by default; take `time.perf_counter` where another process does the work.
    """
    for work in works.values():  # the first call pays for imports and connections
        work()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begin = clock()
            for _ in range(calls):
                work()
            seconds[name].append((clock() - begin) / calls)
    return seconds


def times(seconds: list[float], than: list[float]) -> float:
    """Return the median, over the rounds, of how many times as long the first took as the second."""
    return statistics.median(first / second for first, second in zip(seconds, than, strict=True))
