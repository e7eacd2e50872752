"""Ends servers and removes their folder when the process that made them is gone, whatever ended it.

`python -m deploy.rehearsal.databases.keeper FOLDER` waits for the end of its standard input, a pipe that the operating
system closes with the process at its other end.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

_PATIENCE = 10.0  # seconds for all servers to end


@contextlib.contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Keep watch over a folder of servers until the block ends, and then end and remove what is in it."""
    with subprocess.Popen(
        [sys.executable, "-m", "deploy.rehearsal.databases.keeper", str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,
        cwd=Path(__file__).parents[3],
    ) as keeper:
        try:
            yield
        finally:
            cast("IO[bytes]", keeper.stdin).close()  # a pipe was asked for
            keeper.wait()


def _end(folder: Path) -> None:
    servers = list[int]()
    for file in folder.glob("*/data/postmaster.pid"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            server = os.pidfd_open(int(file.read_text().splitlines()[0]))
            servers.append(server)
            signal.pidfd_send_signal(server, signal.SIGQUIT)  # "immediate shutdown": nothing is to be kept
    until = time.monotonic() + _PATIENCE
    for server in servers:  # each can be read from when its process has ended: pidfd_open(2)
        select.select([server], [], [], max(0.0, until - time.monotonic()))
        os.close(server)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.read()
    _end(Path(sys.argv[1]))
