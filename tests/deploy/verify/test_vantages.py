"""From where a check says something, and what makes a refusal mean something there."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.verify.runner.report import status
from deploy.verify.runner.session import PROVED, REFUTED
from tests.deploy.verify.looking import document, refuted, seen, unproved
from tests.deploy.verify.world import World


@pytest.fixture
def closed() -> Iterator[str]:
    """A port of this machine that takes no connection for as long as the test lasts."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening
        yield f"127.0.0.1:{held.getsockname()[1]}"


def own(world: World) -> str:
    """A port of this machine that takes connections."""
    return f"127.0.0.1:{world.port}"


def to(check: dict[str, Any], address: str) -> None:
    host, _, port = address.rpartition(":")
    check |= {"host": host, "port": int(port)}


class TestTheDatabase:
    def test_is_closed_to_the_company(self, world: World, closed: str) -> None:
        lines = seen(world, document(world, database=closed), only="wall.database")
        assert lines["wall.database"].outcome.verdict == PROVED

    def test_that_takes_a_connection_from_there_is_refuted(self, world: World) -> None:
        lines = seen(world, document(world, database=own(world)), only="wall.database")
        assert refuted(lines) == {"wall.database"}

    def test_whose_name_nobody_knows_there_is_not_proved_closed(self, world: World) -> None:
        lines = seen(world, document(world, database="db.invalid:5432"), only="wall.database")
        assert unproved(lines) == {"wall.database": "unknown_here"}

    def test_is_open_to_functions(self, world: World) -> None:
        lines = seen(world, document(world, database=own(world)), only="open.", vantage="app")
        assert lines["open.database"].outcome.verdict == PROVED

    def test_that_functions_do_not_reach_is_refuted(self, world: World, closed: str) -> None:
        lines = seen(world, document(world, database=closed), only="open.", vantage="app")
        assert refuted(lines) == {"open.database"}


class TestTheEndpoints:
    @pytest.mark.parametrize("vantage", ["app", "db", "outside"])
    def test_are_closed_to_everything_but_the_company(self, world: World, closed: str, vantage: str) -> None:
        made = document(world, database=own(world))
        ports = [check for check in made["checks"] if check["id"].endswith("-port")]
        for check in ports:
            to(check, closed)

        lines = seen(world, made, only="wall.", vantage=vantage, control=own(world))

        assert {lines[check["id"]].outcome.verdict for check in ports} == {PROVED}

    def test_that_take_connections_from_there_are_refuted(self, world: World) -> None:
        lines = seen(world, only="wall.page-port", vantage="db", control=own(world))
        assert lines["wall.page-port"].outcome.verdict == REFUTED

    def test_that_functions_call_are_not_said_to_be_closed_to_them(self, world: World) -> None:
        made = document(world, functions_call_endpoints=True)
        (check,) = (one for one in made["checks"] if one["id"] == "wall.page-port")
        assert check["from"] == ["db", "outside"]


class TestTheWayOut:
    @pytest.mark.parametrize("vantage", ["app", "db"])
    def test_is_closed_to_the_stages_subnets(self, world: World, closed: str, vantage: str) -> None:
        made = document(world, database=own(world))
        (check,) = (one for one in made["checks"] if one["id"] == "wall.way-out")
        to(check, closed)
        lines = seen(world, made, only="wall.way-out", vantage=vantage, control=own(world))
        assert lines["wall.way-out"].outcome.verdict == PROVED

    def test_that_leads_somewhere_is_refuted(self, world: World) -> None:
        made = document(world, database=own(world))
        (check,) = (one for one in made["checks"] if one["id"] == "wall.way-out")
        to(check, own(world))
        assert refuted(seen(world, made, only="wall.way-out", vantage="app")) == {"wall.way-out"}


class TestARefusal:
    def test_proves_nothing_where_nothing_is_known_to_be_open(self, world: World, closed: str) -> None:
        lines = seen(world, document(world, database=closed), vantage="outside")
        assert refuted(lines) == set()
        assert set(unproved(lines).values()) == {"no_control", "other_vantage"}

    def test_proves_nothing_where_what_must_be_open_is_closed(self, world: World, closed: str) -> None:
        made = document(world, database=own(world))
        lines = seen(world, made, only="wall.database", vantage="outside", control=closed)
        assert unproved(lines) == {"wall.database": "control_failed"}

    def test_proves_nothing_where_the_same_request_by_our_own_door_fails(self, world: World) -> None:
        made = document(world)
        del world.objects["index.html"]
        lines = seen(world, made, only="wall.page-")
        assert {name: why for name, why in unproved(lines).items() if why != "other_vantage"} == dict.fromkeys(
            [
                "wall.page-write",
                "wall.page-delete",
                "wall.page-list",
                "wall.page-plain",
                "wall.page-public",
                "wall.page-foreign",
            ],
            "control_failed",
        )

    def test_by_an_answer_that_is_none_is_not_proved(self, world: World) -> None:
        made = document(world)
        (check,) = (one for one in made["checks"] if one["id"] == "wall.api-public")
        world.broken.add("api GET /ready")
        check["request"] = {"method": "GET", "url": f"{world.base}/ready"}  # answers 503
        assert unproved(seen(world, made, only="wall.api-public")) == {"wall.api-public": "strange_answer"}


def test_a_public_name_that_private_dns_serves_inside_is_looked_at_from_outside_only(world: World) -> None:
    made = document(world, private_dns=True)
    (check,) = (one for one in made["checks"] if one["id"] == "wall.api-public")
    assert check["from"] == ["outside"]


def test_what_another_vantage_could_prove_is_listed_and_no_failure(world: World) -> None:
    lines = seen(world, document(world, database="127.0.0.1:1"))
    told = lines["open.database"].say(document(world)["words"], "en")
    assert "not proved" in told
    assert told.endswith("run it with --from app there")
    assert status(list(lines.values())) == 0


def test_without_a_foreign_endpoint_it_says_how_to_name_one(world: World) -> None:
    made = document(world)
    for check in made["checks"]:
        if "service" in check:
            check["service"] = "another"
    assert unproved(seen(world, made, only="wall.api-foreign")) == {"wall.api-foreign": "no_foreign"}


def test_something_written_into_the_page_is_taken_back(world: World) -> None:
    world.broken |= {"site PUT", "site DELETE"}
    lines = seen(world, only="wall.page-write")
    assert refuted(lines) == {"wall.page-write"}
    assert "taking it back was answered 200" in lines["wall.page-write"].say(document(world)["words"], "en")
