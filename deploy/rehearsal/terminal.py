"""A terminal within the terminal: what runs in it has a screen of its own and keys that reach nobody else.

A rehearsal's processes are none of those that the person's terminal knows, so a shell could not say there which of
its commands is in front. It gets a pair of its own (pty(7)), and what is typed and shown is passed on.
"""

import contextlib
import fcntl
import os
import selectors
import signal
import subprocess
import sys
import termios
import tty
from collections.abc import Iterator, Mapping, Sequence

_OF_ITS_OWN = ("setsid", "--ctty")  # util-linux; the new terminal becomes what the command is controlled by


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command where the person is, and give its exit status; without a terminal, as any other."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return subprocess.run(command, env=environment, check=False).returncode
    ours, theirs = os.openpty()
    try:
        with (
            _sized(ours),
            subprocess.Popen(
                [*_OF_ITS_OWN, *command], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
            ) as process,
        ):
            os.close(theirs)  # the last other end is the program's, which ends the passing on
            with _raw(sys.stdin.fileno()):
                _pass_on(sys.stdin.fileno(), sys.stdout.fileno(), ours)
        return process.returncode
    finally:
        os.close(ours)


@contextlib.contextmanager
def _raw(keyboard: int) -> Iterator[None]:
    """Have each key arrive as it is, also those that end programs."""
    before = tty.setraw(keyboard)
    try:
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


@contextlib.contextmanager
def _sized(inner: int) -> Iterator[None]:
    """Keep the inner terminal as large as the outer one."""

    def follow(*_: object) -> None:
        fcntl.ioctl(inner, termios.TIOCSWINSZ, fcntl.ioctl(sys.stdout.fileno(), termios.TIOCGWINSZ, bytes(8)))

    follow()
    before = signal.signal(signal.SIGWINCH, follow)
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)


def _pass_on(keyboard: int, screen: int, inner: int) -> None:
    """Pass keys in and text out until nobody holds the inner terminal any more."""
    ways = {keyboard: inner, inner: screen}
    with selectors.DefaultSelector() as selector:
        for source in ways:
            selector.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                try:
                    data = os.read(key.fd, 65_536)
                except OSError:  # EIO: its last holder is gone
                    return
                if not data and key.fd == inner:
                    return
                if not data:
                    selector.unregister(keyboard)
                while data:
                    data = data[os.write(ways[key.fd], data) :]
