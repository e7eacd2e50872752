"""Somebody who makes one connection after the other, until there is a file STOP, and says what became of them.

    python -m tests.deploy.rehearsal.connecting ADDRESS BEGUN STOP TOLD

BEGUN is written after the first one, TOLD at the end: JSON, how many were made and every failure.
"""

import json
import socket
import sys
import threading
from pathlib import Path

from tests.deploy.rehearsal.patience import ANSWER

PAUSE = 0.005
"""Seconds between two, so that ports do not run out: each stays taken for a minute (tcp(7), TIME_WAIT)."""


def main(address: str, begun: str, stop: str, told: str) -> None:
    """Connect, and tell."""
    made, failures, clock = 0, list[str](), threading.Event()
    while not Path(stop).exists():
        try:
            socket.create_connection((address, 443), ANSWER).close()
            made += 1
        except OSError as error:
            failures.append(repr(error))
        Path(begun).touch()
        clock.wait(PAUSE)
    Path(f"{told}.part").write_text(json.dumps([made, failures]))
    Path(f"{told}.part").rename(told)


if __name__ == "__main__":
    main(*sys.argv[1:])
