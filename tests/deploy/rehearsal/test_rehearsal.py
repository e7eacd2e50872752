"""The whole rehearsal as a person starts it: it stands, everything is proved, every opened wall is seen, all goes away.

It runs in user namespaces, as an ordinary user would have it, also where the tests are root's.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.artefact import build
from deploy.rehearsal import namespaces
from deploy.rehearsal.breakages import WALLS
from tests.deploy.paths import ROOT
from tests.deploy.rehearsal.test_namespaces import IN_USER_NAMESPACES

PATIENCE = 400.0  # seconds that a command may take on a machine that does three other things
PYTHON = sys.executable
_LIKE_A_USER = IN_USER_NAMESPACES if os.geteuid() == 0 else ()


class Rehearsal:
    """A rehearsal that stands, and its console."""

    def __init__(self, *words: str) -> None:
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [*_LIKE_A_USER, PYTHON, "-m", "deploy", "rehearse", "poc", "--stay", "--no-acceptance", *words],
            cwd=ROOT,
            env={**os.environ, "CLOISTER_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.said.append(line.rstrip("\n"))
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def ask(self, line: str) -> tuple[int, list[str]]:
        """Give a command, wait for its end, and return its status and what it said."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        heard: list[str] = []
        while (said := self._lines.get(timeout=PATIENCE)) is not None:
            if said.startswith("= "):
                return int(said[2:]), heard
            heard.append(said)
        raise AssertionError("the rehearsal ended:\n" + "\n".join(self.said[-60:]))

    def document(self, line: str) -> Any:
        """Give a command whose last line is JSON."""
        _, heard = self.ask(line)
        return json.loads(heard[-1])

    def end(self) -> None:
        """End it in order."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # it may have ended before
            self.process.stdin.close()
        self.process.wait(timeout=60)
        self._reader.join()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def rehearsal(artefact: build.Artefact) -> Iterator[Rehearsal]:
    """A rehearsal with the demo company, for all tests of this module."""
    try:
        namespaces.check()
    except namespaces.Impossible as impossible:
        # It names what this machine forbids and how to allow it; with CI=true a skipped test fails.
        pytest.skip(str(impossible))
    started = Rehearsal()
    try:
        assert started.ask(f"as tasks {PYTHON} -m tests.deploy.rehearsal.founding")[0] == 0
        yield started
    finally:
        started.end()


def test_draws_what_stands_where(rehearsal: Rehearsal) -> None:
    _, drawn = rehearsal.ask("picture")
    text = "\n".join(drawn)
    for part in ("corporate", "web-1", "tasks-1", "execute-api-1", "s3-2", "db ", "s3-gateway", "outside"):
        assert f"|   {part}" in text


def test_everything_is_proved_from_every_side(rehearsal: Rehearsal) -> None:
    status, lines = rehearsal.ask("look")
    assert [line for line in lines if line.startswith(("REFUTED", "not proved"))] == []
    assert status == 0
    sides = {line.split()[1] for line in lines if line.startswith("proved")}
    assert sides == {"corporate", "app", "db", "outside"}
    assert any("person.download" in line for line in lines)


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_that_is_opened_is_seen(rehearsal: Rehearsal, wall: str) -> None:
    status, said = rehearsal.ask(f"break {wall}")
    assert (status, said[-1].startswith("Caught:")) == (0, True), said


def test_a_wall_that_was_opened_is_shut_again(rehearsal: Rehearsal) -> None:
    before = rehearsal.ask("picture")[1]
    rehearsal.ask("break exposure.ingress-wide")
    assert rehearsal.ask("picture")[1] != before
    rehearsal.ask("reset")
    assert rehearsal.ask("picture")[1] == before


def test_people_work_in_a_browser_and_no_packet_leaves_for_outside(rehearsal: Rehearsal, tmp_path: Path) -> None:
    page = rehearsal.document("facts")["page"]
    inside = set(_addresses(rehearsal, "execute-api-", "s3-"))
    status, said = rehearsal.ask(f"watch corporate {PYTHON} -m tests.deploy.rehearsal.story {tmp_path} {page}")

    seen, left = (json.loads(line) for line in said[-2:])
    assert (status, seen["errors"]) == (0, [])
    assert all(".vpce" in origin or "-vpce-" in origin for origin in seen["origins"])
    assert len(seen["origins"]) == 3
    assert (tmp_path / "approved.png").stat().st_size > 10_000
    assert left["sent"]
    assert set(left["sent"]) <= inside
    # The positive control: a packet that does leave for outside is seen.
    probe = 'import socket; socket.create_connection(("www.example.com", 443), 2).close()'
    assert "203.0.113.10" in rehearsal.document(f"watch corporate {PYTHON} -c '{probe}'")["sent"]


def test_functions_have_no_way_out(rehearsal: Rehearsal) -> None:
    probe = 'import socket; socket.create_connection(("www.example.com", 443), 1)'
    status, said = rehearsal.ask(f"as web {PYTHON} -c '{probe}'")
    assert status != 0
    assert "TimeoutError" in said[-1]
    assert rehearsal.ask(f"on outside {PYTHON} -c '{probe}'")[0] == 0


def test_nothing_is_lost_or_doubled_when_things_fail_while_people_work(rehearsal: Rehearsal, tmp_path: Path) -> None:
    facts, file = rehearsal.document("facts"), tmp_path / "done.json"
    words = f"{PYTHON} -m tests.deploy.rehearsal.at_work {facts['api']} {facts['ca']} 90 {file}"
    log, ended = tmp_path / "log", tmp_path / "ended"
    rehearsal.ask(f"on corporate sh -c '({words}; touch {ended}) > {log} 2>&1 &'")
    for fault in ("function", "database", "function", "doors"):
        assert rehearsal.ask(f"fault {fault}")[0] == 0
    rehearsal.ask(f"on corporate timeout 300 sh -c 'while [ ! -e {ended} ]; do sleep 0.2; done'")

    assert file.exists(), log.read_text()
    told = json.loads(file.read_text())
    assert told["failures"] > 0  # otherwise nothing failed while somebody worked, and this shows nothing
    assert sorted(told["wanted"]) == told["found"]


def test_says_what_it_does_not_know(rehearsal: Rehearsal) -> None:
    assert rehearsal.ask("break nothing.such")[0] == 2
    assert rehearsal.ask("on nowhere true")[0] == 2
    assert rehearsal.ask("dance")[0] == 2


def test_nothing_stays_behind_when_it_is_killed(rehearsal: Rehearsal) -> None:
    """Last in this module: it ends what the others use."""
    network = Path(f"/proc/{_first_inside(rehearsal.process.pid)}/ns/net").readlink()
    assert _processes_in(network)
    folders = set(Path(tempfile.gettempdir()).glob("cloister-cloud-*"))
    rehearsal.process.send_signal(signal.SIGKILL)
    rehearsal.process.wait(timeout=30)
    ended = threading.Event()
    for _ in range(200):
        if not _processes_in(network):
            break
        ended.wait(0.05)
    assert _processes_in(network) == []
    assert set(Path(tempfile.gettempdir()).glob("cloister-cloud-*")) <= folders


def _addresses(rehearsal: Rehearsal, *prefixes: str) -> Iterator[str]:
    for line in rehearsal.ask("picture")[1]:
        words = line.split()
        if len(words) > 2 and words[0] == "|" and words[1].startswith(prefixes):
            yield words[2]


def _first_inside(outer: int) -> int:
    """The process that `unshare` started."""
    return int(Path(f"/proc/{outer}/task/{outer}/children").read_text().split()[0])


def _processes_in(network: Path) -> list[int]:
    """Every process whose network is the rehearsal's own, the one around all hosts."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "ns" / "net").readlink() == network:
                    found.append(int(entry.name))
            except OSError:  # it ended meanwhile, or is somebody else's
                continue
    return found
