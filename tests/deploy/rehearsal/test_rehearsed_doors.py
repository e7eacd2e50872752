"""The other doors and the other backend as a person starts them: each stands, is proved, and is worked through."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.artefact import build
from tests.deploy.rehearsal.conftest import Break
from tests.deploy.rehearsal.standing import PYTHON, Rehearsal, founded

HOST = "https://ringi.corp.example.co.jp"
DOORS = {
    "load-balancer": ("--door", "load-balancer"),
    "api": ("--door", "api"),
    "fargate": ("--backend", "fargate"),
}


@pytest.fixture(scope="module", params=list(DOORS))
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def rehearsal(door: str, possible: None, artefact: build.Artefact) -> Iterator[Rehearsal]:
    """A rehearsal by one door, with the demo company."""
    with founded(*DOORS[door]) as standing:
        yield standing


def test_everything_is_proved_from_every_side(rehearsal: Rehearsal) -> None:
    status, lines = rehearsal.ask("look")
    assert [line for line in lines if line.startswith(("REFUTED", "not proved"))] == []
    assert status == 0
    assert {line.split()[1] for line in lines if line.startswith("proved")} == {"corporate", "app", "db", "outside"}
    for known in ("page.headers", "person.download", "wall.page-write", "wall.way-out"):
        assert any(known in line for line in lines), known


@pytest.mark.parametrize(
    ("door", "wall"),
    [  # One seen from each side. What else is in the doors' tables only waits longer, or is the endpoints' own wall.
        ("load-balancer", "graph.internet-gateway"),
        ("load-balancer", "exposure.ingress-wide"),
        ("load-balancer", "completeness.no-way"),
        ("api", "policy.api-open"),
    ],
    indirect=["door"],
    scope="module",
)
def test_a_wall_that_is_opened_is_seen(break_wall: Break, door: str, wall: str) -> None:
    status, said = break_wall(wall)
    assert (status, said[-1].startswith("Caught:")) == (0, True), "\n".join(said)


def test_people_work_in_a_browser_on_one_origin(rehearsal: Rehearsal, door: str, tmp_path: Path) -> None:
    page = rehearsal.document("facts")["page"]
    status, said = rehearsal.ask(f"watch corporate {PYTHON} -m tests.deploy.rehearsal.story {tmp_path} {page}")
    assert status == 0, "\n".join(said)

    seen, left = (json.loads(line) for line in said[-2:])
    assert seen["errors"] == []
    # The page with its API, and the attachments' bucket.
    (files, own) = sorted(seen["origins"], key=lambda origin: "-attachments-" not in origin)
    assert "-attachments-" in files
    assert own.startswith(HOST if door != "api" else "https://")
    assert left["sent"]
    assert left["lost"] == 0  # of what the tap did not see, nothing is known
    assert not [address for address in left["sent"] if not address.startswith("10.20.0.")]


@pytest.mark.parametrize("door", ["fargate"], indirect=True, scope="module")
def test_nothing_is_lost_when_containers_are_replaced_while_people_work(
    rehearsal: Rehearsal, door: str, tmp_path: Path
) -> None:
    facts, file, log, ended = rehearsal.document("facts"), tmp_path / "done", tmp_path / "log", tmp_path / "ended"
    until = tmp_path / "replaced"
    words = f"{PYTHON} -m tests.deploy.rehearsal.at_work {facts['page']}api {facts['ca']} 1000 {file} {until}"
    rehearsal.ask(f"on corporate sh -c '({words}; touch {ended}) > {log} 2>&1 &'")
    assert rehearsal.ask("replace")[0] == 0
    until.touch()
    rehearsal.wait_for(ended)

    assert file.exists(), log.read_text()
    told = json.loads(file.read_text())
    assert told["failures"] == 0
    assert sorted(told["wanted"]) == told["found"]
