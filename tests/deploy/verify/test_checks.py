"""Every check: it holds where all is as it should be, and exactly its line is refuted where one thing is not."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from tests.deploy.verify.looking import document, refuted, seen, unproved
from tests.deploy.verify.world import WRONG_HOST, World

Document = dict[str, Any]
Breakage = Callable[[World, Document], object]


def check(made: Document, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [one for one in made["checks"] if one["id"] == name]
    assert len(found) == 1
    return found[0]


def changed(name: str, **values: Any) -> Breakage:
    """Break one check's own place: what else looks there stays as it is."""
    return lambda _world, made: check(made, name).update(values)


def broken(what: str) -> Breakage:
    return lambda world, _made: world.broken.add(what)


def other_object(**values: Any) -> Breakage:
    """Send one file otherwise than it was recorded."""

    def change(world: World, _made: Document) -> None:
        key = "assets/index-1a2b.js"
        world.objects[key] = dataclasses.replace(world.objects[key], **values)

    return change


BREAKAGES: dict[str, Breakage] = {
    "name.page": changed("name.page", within=["10.0.0.0/8"]),
    "name.api": changed("name.api", host="nowhere.invalid"),
    "name.files": changed("name.files", within=["192.168.0.0/16"]),
    **{f"certificate.{noun}": changed(f"certificate.{noun}", host=WRONG_HOST) for noun in ("page", "api", "files")},
    "page.bytes": other_object(body=b"export const cloister = 2;\n"),
    "page.type": other_object(type="text/plain"),
    "page.encoding": other_object(encoding=""),
    "page.caching": other_object(caching="no-cache"),
    "page.policy": changed("page.policy", recorded="default-src 'none'; connect-src *"),
    "api:GET /health": broken("api GET /health"),
    "api:GET /api/me": broken("api GET /api/me"),
    "api:GET /api/inbox": broken("api GET /api/inbox"),
    "cors.api": broken("api cors"),
    "cors.api-others": broken("api cors others"),
    "cors.files": broken("files cors"),
    "cors.files-others": broken("files cors others"),
    "wall.page-write": broken("site PUT"),
    "wall.page-delete": broken("site DELETE"),
    "wall.page-list": broken("site GET"),
    "wall.files-unsigned": broken("files GET"),
}
"""Check -> what makes it, and no other, fail."""
SHARED = {
    "plain": {"wall.page-plain", "wall.api-plain"},
    "public": {"wall.page-public", "wall.files-public", "wall.api-public"},
    "foreign": {"wall.page-foreign", "wall.api-foreign"},
}
"""A hole that is one and the same for several doors."""


def test_everything_is_proved_where_all_is_as_it_should_be(world: World) -> None:
    lines = seen(world)
    assert refuted(lines) == set()
    assert set(unproved(lines).values()) == {"sign_in_off", "other_vantage"}


@pytest.mark.parametrize("name", BREAKAGES)
def test_exactly_the_line_of_what_is_broken_is_refuted(world: World, name: str) -> None:
    made = document(world)
    BREAKAGES[name](world, made)
    # `/health` is also what shows that the API's door is open at all.
    assert refuted(seen(world, made)) == {name}


@pytest.mark.parametrize("hole", SHARED)
def test_one_hole_is_refuted_for_every_door_that_it_opens(world: World, hole: str) -> None:
    world.broken.add(hole)
    assert refuted(seen(world)) == SHARED[hole]


def test_one_line_that_cannot_be_looked_at_does_not_hide_the_others(world: World) -> None:
    made = document(world)
    del check(made, "name.page")["host"]
    lines = seen(world, made)
    assert unproved(lines)["name.page"] == "broke"
    assert refuted(lines) == set()


def test_every_check_has_something_that_breaks_it(world: World) -> None:
    everything = {one["id"] for one in document(world, database="db.invalid:5432")["checks"]}
    elsewhere = {name for name in everything if name.startswith("person.")}  # tests/deploy/verify/test_journey.py
    ports = {"wall.database", "open.database", "wall.page-port", "wall.api-port", "wall.way-out"}  # test_vantages.py
    assert everything == BREAKAGES.keys() | set().union(*SHARED.values()) | elsewhere | ports
