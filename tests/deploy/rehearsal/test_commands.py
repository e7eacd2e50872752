"""`python -m deploy rehearse` as a person uses it: at a terminal, with words that may be wrong, ended in the middle."""

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.__main__ import main
from deploy.failure import Failure
from deploy.rehearsal import browser, namespaces, verb
from deploy.rehearsal.breakages import WALLS
from deploy.rehearsal.databases import programs
from deploy.site import files
from tests.deploy.paths import ROOT
from tests.deploy.rehearsal.patience import ENDED
from tests.deploy.rehearsal.remains import Remains, first_inside
from tests.deploy.rehearsal.standing import LIKE_A_USER
from tests.deploy.rehearsal.test_namespaces import run
from tests.deploy.rehearsal.typed import INTERRUPT, Typed

REHEARSE = (sys.executable, "-m", "deploy", "rehearse", "poc")
SHOWS_AND_WAITS, SHOWN = "cat .python-version -", "3.13\r"
"""One program, which an interrupt ends at every moment. `sh -c "echo ...; sleep ..."` may miss it between its two: dash
blocks signals until the next program runs, then only dash itself heeds what came, and waits for the program."""


def surroundings(temporary: Path) -> dict[str, str]:
    return {**os.environ, "CLOISTER_LANGUAGE": "en", "TMPDIR": str(temporary), "TERM": "dumb"}


class TestWrongWords:
    def test_every_wall_is_listed_where_one_is_asked_for_that_there_is_not(self) -> None:
        done = run(*REHEARSE, "--break", "no.such-rule")
        assert (done.returncode, done.stdout) == (1, "")
        assert [line.split()[0] for line in done.stderr.splitlines()[1:]] == list(WALLS)

    def test_a_browser_without_a_screen_is_refused_before_anything_stands(self) -> None:
        done = run(*REHEARSE, "--browser", environment={"DISPLAY": "", "WAYLAND_DISPLAY": ""})
        assert (done.returncode, done.stdout) == (1, "")
        assert "There is no screen here" in done.stderr

    def test_a_page_that_is_not_built_is_named_before_anything_is(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(files, "BUILT", tmp_path)
        monkeypatch.setenv("CLOISTER_LANGUAGE", "en")
        assert main(["rehearse", "poc"]) == 1
        told = capsys.readouterr()
        assert (told.out, "make setup" in told.err) == ("", True)

    def test_what_is_missing_of_postgresql_is_named(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(programs, "_PLACES", ())
        monkeypatch.setenv("CLOISTER_LANGUAGE", "en")
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(namespaces.Impossible, match="apt-get install postgresql"):
            verb.hold_programs()

    @pytest.mark.usefixtures("possible")
    def test_another_processor_than_the_stages_is_told_of_before_anything_is_built(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(platform, "machine", lambda: "aarch64")
        monkeypatch.setenv("CLOISTER_LANGUAGE", "en")
        assert main(["rehearse", "poc"]) == 3
        told = capsys.readouterr()
        assert (told.out, "this machine is arm64" in told.err) == ("", True)


class TestBrowsers:
    def test_snaps_are_passed_over(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "chromium-browser").write_text('#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
        (tmp_path / "chromium-browser").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("DISPLAY", ":1")
        with pytest.raises(Failure, match="chromium-browser"):
            browser.find()
        (tmp_path / "firefox").write_text("#!/bin/sh\n")
        (tmp_path / "firefox").chmod(0o755)
        assert browser.find() == str(tmp_path / "firefox")


@pytest.mark.usefixtures("possible", "artefact")
class TestAtATerminal:
    @pytest.fixture
    def remains(self, tmp_path: Path) -> Remains:
        return Remains(tmp_path / "temporary")

    @pytest.fixture
    def typed(self, remains: Remains) -> Iterator[Typed]:
        words = [*LIKE_A_USER, *REHEARSE, "--stay", "--shell", "corporate", "--no-acceptance"]
        started = Typed(words, cwd=ROOT, environment=surroundings(remains.temporary))
        yield started
        if started.process.poll() is None:
            started.process.kill()
            started.end()

    def test_a_person_is_on_a_host_and_back_and_ends_it_by_keys(self, typed: Typed, remains: Remains) -> None:
        typed.until("(corporate)")
        remains.hold(typed.process.pid)
        get = "import os, urllib.request as r; print('page', r.urlopen(os.environ['PAGE']).status)"
        typed.type(f'{sys.executable} -c "{get}"')
        typed.until("page 200")
        # Keys that interrupt are for what runs in the shell, and for nobody else.
        typed.type(SHOWS_AND_WAITS)
        typed.until(SHOWN)
        typed.press(INTERRUPT)
        typed.until("(corporate)")
        typed.type("echo still $((1+1))")
        typed.until("still 2")
        typed.type("exit")

        for host, address in (("app", "10.20.0."), ("db", "10.20.0."), ("outside", "203.0.113.10")):
            typed.until("rehearsal> ")
            typed.type(f"shell {host}")
            typed.until(f"({host})")
            typed.type("ip -4 -br address show eth0")
            typed.until(f" {address}")
            typed.type("exit")

        typed.until("rehearsal> ")
        typed.type("shell nowhere")
        typed.until("There is no host nowhere")
        typed.until("rehearsal> ")
        typed.type(f"on corporate {SHOWS_AND_WAITS}")
        typed.until(SHOWN)
        typed.press(INTERRUPT)
        typed.until("Interrupted.")
        typed.until("rehearsal> ")
        typed.interrupt(first_inside(typed.process.pid))
        typed.until("nothing of it is left")
        assert typed.end() == 130
        remains.none()


@pytest.mark.usefixtures("possible", "artefact")
@pytest.mark.parametrize(
    ("moment", "by"),
    [("s] The stage comes up", signal.SIGKILL), ("[5/11]", signal.SIGTERM)],
    ids=["as it begins", "while the stage comes up"],
)
def test_nothing_stays_behind_when_it_is_killed_early(moment: str, by: signal.Signals, tmp_path: Path) -> None:
    remains = Remains(tmp_path / "temporary")
    with subprocess.Popen(
        [*LIKE_A_USER, *REHEARSE],
        cwd=ROOT,
        env={**surroundings(remains.temporary), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert any(moment in line for line in process.stdout)
        remains.hold(process.pid)
        process.send_signal(by)
        assert process.wait(timeout=ENDED) == -by
    remains.none()
