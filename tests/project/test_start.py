"""`make run`, after the set-up: the demo company is founded once, and the application answers."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from project.bootstrap import ROOT


def start(port: int | str, folder: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLOISTER_")}
    environment |= {"CLOISTER_SQLITE_FILE": str(folder / "cloister.sqlite3"), "CLOISTER_SECRET_KEY": "k" * 50}
    environment["CLOISTER_AUDIT_FOLDER"] = str(folder / "audit")
    return subprocess.Popen(
        [sys.executable, "-m", "project.start", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@contextmanager
def serving(port: int, folder: Path) -> Iterator[str]:
    """Start, and give what is said before the server begins; end all of it afterwards."""
    with start(port, folder) as process:
        assert process.stdout is not None
        said = ""
        while not said.endswith("stop with Ctrl-C.\n"):
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            said += line
        try:
            yield said
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate()


def answer(url: str) -> int:
    """Return the status that a server answers with, waiting until there is one."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urlopen(url, timeout=30) as response:  # noqa: S310  on this machine
                status: int = response.status
                return status
        except HTTPError as error:
            return error.code
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)  # a server says nothing when it begins to listen


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.2)  # nothing tells another process of a row


def notices(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "cloister.sqlite3")) as connection:
        count: int = connection.execute("SELECT count(*) FROM proposals_notice").fetchone()[0]
        return count


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


class TestStart:
    def test_founds_the_demo_company_once_and_tells_who_signs_in_every_time(self, tmp_path: Path, port: int) -> None:
        with serving(port, tmp_path) as first:
            assert answer(f"http://127.0.0.1:{port}/api/me") == 401  # there, and refusing strangers
        with serving(port, tmp_path) as second:
            pass

        assert f"Open http://localhost:{port} ;" in first
        assert first == "Founding a demo company ...\n" + second
        assert "cloister-demo" in second

    def test_runs_the_timers_beside_the_server(self, tmp_path: Path, port: int) -> None:
        with serving(port, tmp_path) as said:
            assert "Timers run every 60 seconds: tick." in said
            wait_until(lambda: notices(tmp_path) > 0)

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_stops_all_of_it_and_says_so(self, tmp_path: Path, port: int, number: signal.Signals) -> None:
        with serving(port, tmp_path) as _:
            pass  # the demo company is founded
        with start(port, tmp_path) as process:
            assert answer(f"http://127.0.0.1:{port}/api/me") == 401
            process.send_signal(number)  # to this process alone: it ends the others
            said, _errors = process.communicate(timeout=60)
        assert process.returncode == 0
        assert said.endswith("Stopped: the server and its timers.\n")
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0

    def test_names_another_port_where_one_is_in_use(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            process = start(port, tmp_path)
            _, said = process.communicate()

        assert process.returncode == 1
        assert said == f"Port {port} is in use. Choose another one: make run PORT={port + 1}\n"

    @pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1"])
    def test_refuses_what_is_no_port(self, tmp_path: Path, port: str) -> None:
        process = start(port, tmp_path)
        _, said = process.communicate()

        assert process.returncode == 1
        assert f"PORT={port} is no port." in said
