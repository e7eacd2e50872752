"""A rehearsal that stands, in user namespaces as an ordinary user would have it, also where the tests are root's."""

import contextlib
import json
import os
import queue
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.rehearsal import namespaces
from tests.deploy.paths import ROOT
from tests.deploy.rehearsal.patience import COMMAND, ENDED, WORK
from tests.deploy.rehearsal.remains import first_inside

PYTHON = sys.executable
IN_USER_NAMESPACES = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
"""Takes from root what would let it do without them."""
LIKE_A_USER = IN_USER_NAMESPACES if os.geteuid() == 0 else ()


class Rehearsal:
    """A rehearsal that stands, and its console."""

    def __init__(self, *words: str) -> None:
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [*LIKE_A_USER, PYTHON, "-m", "deploy", "rehearse", "poc", "--stay", "--no-acceptance", *words],
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
        while (said := self._lines.get(timeout=COMMAND)) is not None:
            if said.startswith("= "):
                return int(said[2:]), heard
            heard.append(said)
        raise AssertionError("the rehearsal ended:\n" + "\n".join(self.said[-60:]))

    def wait_for(self, file: Path) -> None:
        """Wait until somebody who works on a host has written a file, or for as long as such work could last."""
        words = ["timeout", f"{WORK:.0f}", "sh", "-c", f"while [ ! -e {shlex.quote(str(file))} ]; do sleep 0.1; done"]
        self.ask(shlex.join(["on", "corporate", *words]))

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
        self.process.wait(timeout=ENDED)
        self._reader.join()
        self.process.stdout.close()

    def rows(self, query: str, *values: str) -> list[list[Any]]:
        """Ask its database as the administrator; the values take the places of %s."""
        return list(self.document(shlex.join(["query", query, *values])))

    def prefix(self, host: str) -> tuple[str, ...]:
        """Give the words before a command that make it run on a host, from outside of the rehearsal."""
        first = str(first_inside(self.process.pid))
        inside = ("nsenter", "--target", first, "--user", "--preserve-credentials", "--mount", "--pid", "--net")
        return (*inside, *namespaces.prefix(host))


@contextlib.contextmanager
def founded(*words: str) -> Iterator[Rehearsal]:
    """Stand a rehearsal up, with the demo company."""
    started = Rehearsal(*words)
    try:
        assert started.ask(f"as tasks {PYTHON} -m tests.deploy.rehearsal.founding")[0] == 0
        yield started
    finally:
        started.end()


def crowd(rehearsal: Rehearsal, folder: Path, *, people: int, seconds: int) -> dict[str, Any]:
    """Let so many people work at once, after one of them alone; return what crowd.py tells."""
    facts, tokens = rehearsal.document("facts"), folder / "tokens.json"
    signed_in = rehearsal.document(f"as tasks {PYTHON} -m tests.deploy.rehearsal.tokens {people}")
    tokens.write_text(json.dumps(signed_in))
    work = [PYTHON, "-m", "tests.deploy.rehearsal.crowd", facts["api"], facts["ca"], str(tokens), str(seconds)]
    return dict(rehearsal.document(shlex.join(["on", "corporate", *work])))
