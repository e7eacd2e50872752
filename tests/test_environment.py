"""The tests' own environment: which suite runs what, and a server that leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from project.bootstrap import ROOT
from tests.environment import BROWSER, DEPLOY, POSTGRESQL, REHEARSAL, SQLITE, UP, suites_of

HERE = Path(__file__).parent


class TestSuitesOf:
    @pytest.mark.parametrize("touches", [True, False])
    @pytest.mark.parametrize("only_on", [None, SQLITE, POSTGRESQL])
    @pytest.mark.parametrize("path", [HERE / "api" / "test_x.py", HERE / "browser" / "test_x.py"])
    def test_leaves_no_test_out(self, path: Path, touches: bool, only_on: str | None) -> None:
        assert suites_of(path=path, touches=touches, only_on=only_on)

    def test_runs_what_touches_the_database_on_both(self) -> None:
        assert suites_of(path=HERE / "test_x.py", touches=True, only_on=None) == {SQLITE, POSTGRESQL}

    def test_runs_what_does_not_once(self) -> None:
        assert suites_of(path=HERE / "test_x.py", touches=False, only_on=None) == {SQLITE}

    def test_runs_the_browser_once(self) -> None:
        assert suites_of(path=HERE / "browser" / "test_x.py", touches=True, only_on=None) == {BROWSER}
        assert suites_of(path=HERE / "deploy" / "test_x.py", touches=False, only_on=None) == {DEPLOY}
        assert suites_of(path=HERE / "deploy" / "up" / "test_x.py", touches=False, only_on=None) == {UP}
        assert suites_of(path=HERE / "deploy" / "rehearsal" / "test_x.py", touches=False, only_on=None) == {REHEARSAL}


class TestIsolation:
    def test_hides_the_developers_own_database_and_stage(self) -> None:
        assert os.environ["CLOISTER_STAGE"] == "local"
        assert not Path(os.environ["CLOISTER_SQLITE_FILE"]).is_relative_to(ROOT)


class TestSkipping:
    @pytest.mark.parametrize(("variables", "code"), [({"CI": "true"}, 1), ({"CI": ""}, 0)], ids=["CI", "elsewhere"])
    def test_is_a_failure_on_the_build_machine(self, tmp_path: Path, variables: dict[str, str], code: int) -> None:
        test = tmp_path / "test_skipped.py"
        test.write_text("import pytest\n\ndef test_x() -> None:\n    pytest.skip('no browser')\n")

        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", test],
            env={name: value for name, value in os.environ.items() if "XDIST" not in name} | variables,
            capture_output=True,
            text=True,
            check=False,
        )

        assert ended.returncode == code, ended.stdout
        assert "no browser" in ended.stdout


class TestPostgresqlServer:
    def test_ends_and_leaves_no_folder_when_its_asker_is_killed(self) -> None:
        code = (
            "import sys; from tests.postgresql import running\n"
            "with running() as server:\n"
            "    print(server.folder, flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as asker:
            assert asker.stdout is not None
            folder = Path(asker.stdout.readline().strip())
            server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            assert _runs(server)
            asker.send_signal(signal.SIGKILL)

        deadline = time.monotonic() + 30
        while folder.exists() and time.monotonic() < deadline:
            time.sleep(0.05)  # nothing else tells of the end of a process that is not one's child
        assert not folder.exists()
        assert not _runs(server)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
