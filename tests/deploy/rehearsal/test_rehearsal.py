"""The whole rehearsal as a person starts it: it stands, everything is proved, every opened wall is seen, all goes away.

It runs in user namespaces, as an ordinary user would have it, also where the tests are root's.
"""

import json
import re
import shlex
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.rehearsal.breakages import WALLS
from tests.deploy.rehearsal.conftest import Break
from tests.deploy.rehearsal.patience import ENDED
from tests.deploy.rehearsal.remains import first_inside, processes_in
from tests.deploy.rehearsal.standing import PYTHON, Rehearsal

BEHIND_OTHERS = (  # one line: the console takes one at a time
    "import socket, ssl, sys, urllib.parse, urllib.request as ask; "
    "host = urllib.parse.urlsplit(sys.argv[1]).hostname; tls = ssl.create_default_context(cafile=sys.argv[2]); "
    "silent = [socket.create_connection((host, 443)) for _ in range(100)]; "
    "print(len(silent), ask.urlopen(sys.argv[1], context=tls).status)"
)


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
def test_a_wall_that_is_opened_is_seen(break_wall: Break, wall: str) -> None:
    status, said = break_wall(wall)
    assert (status, said[-1].startswith("Caught:")) == (0, True), "\n".join(said)


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
    assert status == 0, "\n".join(said)

    seen, left = (json.loads(line) for line in said[-2:])
    assert seen["errors"] == []
    assert all(".vpce" in origin or "-vpce-" in origin for origin in seen["origins"])
    assert len(seen["origins"]) == 3
    assert (tmp_path / "approved.png").stat().st_size > 10_000
    assert left["sent"]
    assert left["lost"] == 0  # of what the tap did not see, nothing is known
    assert set(left["sent"]) <= inside
    # The positive control: a packet that does leave for outside is seen.
    probe = 'import socket; socket.create_connection(("www.example.com", 443), 2).close()'
    assert "203.0.113.10" in rehearsal.document(f"watch corporate {PYTHON} -c '{probe}'")["sent"]
    # Of more packets at once than can be looked at, the rest is told of.
    flood = (
        '; line = socket.socket(type=socket.SOCK_DGRAM); [line.sendto(b"", ("203.0.113.10", 9)) for _ in range(3000)]'
    )
    left = rehearsal.document(f"watch corporate {PYTHON} -c '{probe}{flood}'")
    assert left["sent"]["203.0.113.10"] + left["lost"] > 3000


def test_who_connects_and_says_nothing_keeps_nobody_waiting(rehearsal: Rehearsal) -> None:
    facts = rehearsal.document("facts")
    status, said = rehearsal.ask(
        shlex.join(["on", "corporate", PYTHON, "-c", BEHIND_OTHERS, facts["page"], facts["ca"]])
    )
    assert (status, said) == (0, ["100 200"])


def test_connections_are_made_while_the_network_is_brought_to_what_the_cloud_says(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    begun, stop, told = (tmp_path / name for name in ("begun", "stop", "told"))
    words = [PYTHON, "-m", "tests.deploy.rehearsal.connecting", next(_addresses(rehearsal, "s3-"))]
    program = shlex.join([*words, str(begun), str(stop), str(told)])
    rehearsal.ask(shlex.join(["on", "corporate", "sh", "-c", f"{program} &"]))
    rehearsal.wait_for(begun)
    for _ in range(10):
        rehearsal.ask("picture")
    stop.touch()
    rehearsal.wait_for(told)

    made, failures = json.loads(told.read_text())
    assert made > 10  # otherwise none was made meanwhile, and this shows nothing
    assert failures == []


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
    rehearsal.wait_for(ended)

    assert file.exists(), log.read_text()
    told = json.loads(file.read_text())
    assert told["failures"] > 0  # otherwise nothing failed while somebody worked, and this shows nothing
    assert sorted(told["wanted"]) == told["found"]


def test_the_audit_trail_is_held_against_heads_in_its_locked_bucket(rehearsal: Rehearsal) -> None:
    status, said = rehearsal.ask("tick 1")
    assert status == 0, said
    status, said = rehearsal.ask(f"as tasks {PYTHON} manage.py verify_audit")
    assert status == 0, said
    _events, heads = re.findall(r"\d+", said[-1])
    assert int(heads) > 0, said


def test_says_what_it_does_not_know(rehearsal: Rehearsal) -> None:
    assert rehearsal.ask("break nothing.such")[0] == 2
    assert rehearsal.ask("on nowhere true")[0] == 2
    assert rehearsal.ask("dance")[0] == 2


def test_nothing_stays_behind_when_it_is_killed(rehearsal: Rehearsal) -> None:
    """Last of all that use it, in the last of these modules."""
    network = Path(f"/proc/{first_inside(rehearsal.process.pid)}/ns/net").readlink()
    assert processes_in(network)
    folders = set(Path(tempfile.gettempdir()).glob("cloister-cloud-*"))
    rehearsal.process.send_signal(signal.SIGKILL)
    rehearsal.process.wait(timeout=ENDED)
    until, ended = time.monotonic() + ENDED, threading.Event()
    while processes_in(network) and time.monotonic() < until:
        ended.wait(0.05)
    assert processes_in(network) == []
    assert set(Path(tempfile.gettempdir()).glob("cloister-cloud-*")) <= folders


def _addresses(rehearsal: Rehearsal, *prefixes: str) -> Iterator[str]:
    for line in rehearsal.ask("picture")[1]:
        words = line.split()
        if len(words) > 2 and words[0] == "|" and words[1].startswith(prefixes):
            yield words[2]
