"""A program at a terminal, and somebody who types."""

import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.deploy.rehearsal.patience import COMMAND

INTERRUPT = "\x03"
CONTROLLED = ("env", "--default-signal", "setsid", "--ctty")
"""Starts a program as a terminal does, also where the tests themselves heed no interrupt: a shell without job control
has what it starts in the background ignore it (POSIX, "Shell Command Language", 2.11), and so would all below."""


class Typed:
    """A program whose terminal is ours: what it shows is read, what it is to read is typed."""

    def __init__(self, command: Sequence[str], *, cwd: Path, environment: Mapping[str, str]) -> None:
        self._terminal, theirs = os.openpty()
        self.shown = ""
        self._seen = 0
        self.process = subprocess.Popen(
            [*CONTROLLED, *command], cwd=cwd, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)

    def type(self, text: str) -> None:
        """Type a line."""
        self.press(f"{text}\r")

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._terminal, keys.encode())

    def until(self, text: str) -> None:
        """Read until something is shown that was not shown before the last such wait."""
        until = time.monotonic() + COMMAND
        while text not in self.shown[self._seen :]:
            if not self._read(until - time.monotonic()):
                raise AssertionError(f"{text!r} was never shown:\n{self.shown[-4000:]}")
        self._seen = self.shown.index(text, self._seen) + len(text)

    def interrupt(self, reader: int) -> None:
        """Press the key that interrupts once a process that has shown its prompt waits for keys.

        Python's `input` misses an interrupt in the moment between the two until another key comes: its line editor
        asks whether there was one only when its wait is cut short (CPython, Modules/readline.c).
        """
        until = time.monotonic() + COMMAND
        while not _sleeps(reader):
            if time.monotonic() > until:
                raise AssertionError(f"process {reader} never waited:\n{self.shown[-4000:]}")
            os.sched_yield()
        self.press(INTERRUPT)

    def end(self) -> int:
        """Read to the end, and give the exit status; a program that goes on is killed first."""
        until = time.monotonic() + COMMAND
        while self._read(until - time.monotonic()):
            pass
        os.close(self._terminal)
        return self.process.wait(timeout=COMMAND)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._terminal], [], [], max(0.0, seconds))[0]:
            self.process.kill()
            return False
        try:
            data = os.read(self._terminal, 65_536)
        except OSError:  # EIO: nobody holds the other end any more
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)


def _sleeps(process: int) -> bool:
    """Say whether a process waits for something (proc_pid_stat(5): the state follows the name in parentheses)."""
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "S"
