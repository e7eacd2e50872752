"""Setting up a machine: with whatever Python 3 is there, and only what is missing."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from project import bootstrap

SOURCE = Path(bootstrap.__file__)


def program(path: Path, line: str) -> Path:
    """Make an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return path


class TestItself:
    def test_is_understood_by_old_pythons(self) -> None:
        ast.parse(SOURCE.read_text(), feature_version=(3, 8))

    def test_imports_only_the_standard_library(self) -> None:
        nodes = list(ast.walk(ast.parse(SOURCE.read_text())))
        names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}

        assert {name.partition(".")[0] for name in names} - sys.stdlib_module_names == set()


class TestFindingPython:
    def test_looks_on_path_and_then_under_pyenv(self, tmp_path: Path) -> None:
        on_path = program(tmp_path / "bin" / "python3.13", "exit 0")
        older = program(tmp_path / "pyenv" / "versions" / "3.13.0" / "bin" / "python3.13", "exit 0")
        newer = program(tmp_path / "pyenv" / "versions" / "3.13.1" / "bin" / "python3.13", "exit 0")
        program(tmp_path / "pyenv" / "versions" / "3.12.9" / "bin" / "python3.12", "exit 0")

        found = bootstrap.python_candidates({"PATH": str(on_path.parent), "PYENV_ROOT": str(tmp_path / "pyenv")})

        assert found[:4] == [sys.executable, str(on_path), str(newer), str(older)]

    def test_takes_a_python_that_can_make_environments(self) -> None:
        assert bootstrap.can_make_environment(sys.executable)

    def test_takes_no_shim_that_does_not_run(self, tmp_path: Path) -> None:
        shim = program(tmp_path / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")

        assert not bootstrap.can_make_environment(shim)
        assert not bootstrap.can_make_environment(tmp_path / "nothing")

    def test_takes_no_python_without_what_makes_environments(self, tmp_path: Path) -> None:
        # As Debian's is without python3-venv.
        split = program(tmp_path / "python3.13", f'exec {sys.executable} -c "import nothing_of_that_name"')

        assert not bootstrap.can_make_environment(split)


class TestSettingUpPython:
    """In a copy of the project with locks of its own; no package is fetched."""

    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        (tmp_path / "project").mkdir()
        shutil.copy(SOURCE, tmp_path / "project")
        (tmp_path / "requirements-dev.txt").write_text("# nothing\n")
        return tmp_path

    def set_up(self, project: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, project / "project" / "bootstrap.py", "python"],
            env=os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(project)},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_makes_an_environment_then_says_nothing_then_names_what_fails(self, project: Path) -> None:
        first = self.set_up(project)
        assert (first.returncode, first.stderr) == (0, "")
        assert "Making the environment .venv" in first.stdout
        assert (project / ".venv" / "bin" / "python").exists()

        second = self.set_up(project)
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")

        (project / "requirements-dev.txt").write_text(f"not-there==1.0 --hash=sha256:{'0' * 64}\n")
        third = self.set_up(project)
        assert third.returncode == 1
        assert "No matching distribution found for not-there==1.0" in third.stdout
        assert "pip could not install requirements-dev.txt" in third.stderr
        assert "PIP_INDEX_URL" in third.stderr

        # What failed is tried again.
        assert self.set_up(project).returncode == 1
