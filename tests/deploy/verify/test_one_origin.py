"""Stages whose page and API are one origin, by a load balancer or by the API alone: what is looked at there."""

import dataclasses
from collections.abc import Callable

import pytest

from deploy.verify import plan
from deploy.verify.runner.session import PROVED, REFUTED
from deploy.zappa import pages
from tests.deploy.verify.looking import document, refuted, seen, unproved
from tests.deploy.verify.world import OWN_NAME, World

DOORS = ("load-balancer", "api")


@pytest.fixture(params=DOORS)
def one_door(request: pytest.FixtureRequest, world: World) -> World:
    world.stand_behind(request.param)
    return world


@pytest.fixture
def balanced(world: World) -> World:
    world.stand_behind("load-balancer")
    return world


def test_everything_is_proved_where_all_is_as_it_should_be(one_door: World) -> None:
    lines = seen(one_door)
    assert refuted(lines) == set()
    assert set(unproved(lines).values()) == {"sign_in_off", "other_vantage"}


def test_a_name_that_both_have_is_looked_at_once(one_door: World) -> None:
    names = {line for line in seen(one_door) if line.startswith(("name.", "certificate."))}
    assert names == {"name.page", "name.files", "certificate.page", "certificate.files"}


def broken(what: str) -> Callable[[World], None]:
    return lambda world: world.broken.add(what)


def other_bytes(world: World) -> None:
    key = "assets/index-1a2b.js"
    world.objects[key] = dataclasses.replace(world.objects[key], body=b"export const cloister = 2;\n")


@pytest.mark.parametrize(
    ("lines", "hole"),
    [
        ({"page.headers"}, broken("door headers")),
        ({"page.bytes"}, other_bytes),
        ({"cors.api-others"}, broken("api cors others")),
        ({"api:GET /health"}, broken("api GET /health")),
        ({"wall.page-write"}, broken("door PUT")),
        ({"wall.page-delete"}, broken("door DELETE")),
        ({"wall.bucket-write"}, broken("site PUT")),
        ({"wall.bucket-delete"}, broken("site DELETE")),
        ({"wall.bucket-list"}, broken("site GET")),
        ({"wall.page-plain", "wall.api-plain"}, broken("plain")),
    ],
)
def test_exactly_the_line_of_what_is_broken_is_refuted(
    one_door: World, lines: set[str], hole: Callable[[World], None]
) -> None:
    made = document(one_door)
    hole(one_door)
    assert refuted(seen(one_door, made)) == lines


class TestTheLoadBalancer:
    def test_that_serves_another_name_too_is_refuted(self, balanced: World) -> None:
        balanced.broken.add("other name")
        assert refuted(seen(balanced)) == {"wall.other-name"}

    def test_sends_whoever_comes_without_tls_elsewhere(self, balanced: World) -> None:
        line = seen(balanced, only="wall.page-plain")["wall.page-plain"]
        assert (line.outcome.verdict, line.outcome.values["status"]) == (PROVED, 301)

    def test_is_looked_for_by_its_own_name_where_the_companys_is_unknown(self, balanced: World) -> None:
        (check,) = (one for one in document(balanced)["checks"] if one["id"] == "wall.page-port")
        assert (check["host"], check["from"]) == ("localhost", ["app", "db", "outside"])
        lines = seen(balanced, only="wall.page-port", vantage="db", control=f"127.0.0.1:{balanced.port}")
        assert lines["wall.page-port"].outcome.verdict == REFUTED

    def test_has_the_companys_certificate(self, balanced: World) -> None:
        (check,) = (one for one in document(balanced)["checks"] if one["id"] == "certificate.page")
        assert (check["host"], check["claim"]) == (OWN_NAME, False)

    def test_has_no_api_of_aws_to_be_reached_by_another_name(self, balanced: World) -> None:
        assert not {"wall.api-public", "wall.api-foreign", "wall.api-port"} & set(seen(balanced))


def test_every_door_but_a_bucket_forbids_frames() -> None:
    assert plan.headers("endpoints") == {}
    for door in DOORS:
        told = plan.headers(door)
        assert "frame-ancestors" in told["content-security-policy"]
        assert told["strict-transport-security"] == "max-age=31536000"
        assert (told["x-content-type-options"], told["x-frame-options"]) == ("nosniff", "DENY")


def test_what_the_gateway_writes_between_single_quotes_holds_none() -> None:
    assert not any("'" in value for value in pages.OF_OURS.values())
