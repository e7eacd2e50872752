"""A deep page of all proposals at 1,000 and at 100,000: by key as the application reads it, and by offset."""

import time
from collections.abc import Callable

from bench.companies import company, measured, set_up
from bench.measure import Ratio, in_turns, times

SMALL, LARGE = 1_000, 100_000
DEPTH = 0.9
LIMIT = 20


def run() -> list[Ratio]:
    set_up()
    small, large = company(proposals=SMALL), company(proposals=LARGE)
    works: dict[str, Callable[[], object]] = {}
    for size, alias in (("small", small), ("large", large)):
        by_key, by_offset = _readers(alias)
        works |= {f"key {size}": by_key, f"offset {size}": by_offset}
    # PostgreSQL does the work, so the clock on the wall is what counts.
    seconds = in_turns(works, rounds=15, calls=10, clock=time.perf_counter)
    than = f"the same at {SMALL:,}"
    return [
        Ratio(
            bench="pages",
            name=f"deep page by {way} at {LARGE:,}",
            than=than,
            value=times(seconds[f"{way} large"], seconds[f"{way} small"]),
            limit=limit,
        )
        for way, limit in (("key", 2.0), ("offset", None))
    ]


def _readers(alias: str) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return what reads the page 90 % down the list, by key and by offset."""
    from api.organization.models import Person
    from api.proposals import permissions, queries

    with measured(alias):
        reader = Person.objects.filter(is_administrator=True).order_by("pk")[0]
        visible = permissions.visible_to(reader).order_by("-created_at", "-id")
        depth = int(visible.count() * DEPTH)
        key = visible.values_list("created_at", "id")[depth]

    def page_by_key() -> object:
        with measured(alias):
            proposals = permissions.visible_to(reader)
            return queries.page_of_proposals(proposals, reader=reader, state=None, after=key, limit=LIMIT)

    def page_by_offset() -> object:
        with measured(alias):
            return list(visible.values("id", "title", "created_at")[depth : depth + LIMIT])

    return page_by_key, page_by_offset
