"""The checks of our own making."""

from pathlib import Path

import pytest

from project.checks import lock_problems

PROJECT = """
[project]
dependencies = ["Django>=5.2,<5.3"]
[dependency-groups]
dev = ["pytest"]
"""


class TestLockProblems:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        (tmp_path / "spa").mkdir()
        (tmp_path / "spa" / "package-lock.json").write_text('{"packages": {"node_modules/a": {"version": "1.0.0"}}}')
        (tmp_path / "pyproject.toml").write_text(PROJECT)
        (tmp_path / "requirements.txt").write_text("django==5.2.1 \\\n    --hash=sha256:0\n")
        (tmp_path / "requirements-dev.txt").write_text("django==5.2.1\npytest==9.2.0\n")
        return tmp_path

    def test_none_here(self) -> None:
        assert lock_problems() == []

    def test_none_where_all_is_locked_without_addresses(self, root: Path) -> None:
        assert lock_problems(root) == []

    def test_names_an_index(self, root: Path) -> None:
        (root / "requirements.txt").write_text("--index-url https://mirror.test/simple\ndjango==5.2.1\n")

        assert any("requirements.txt names an address: --index-url" in problem for problem in lock_problems(root))

    def test_names_a_registrys_address_in_the_pages_lock_file(self, root: Path) -> None:
        lock = '{"packages": {"node_modules/a": {"resolved": "https://registry.test/a.tgz"}}}'
        (root / "spa" / "package-lock.json").write_text(lock)

        (problem,) = lock_problems(root)

        assert "spa/package-lock.json names an address: https://registry.test/a.tgz" in problem

    @pytest.mark.parametrize("locked", ["", "pytest==9.2.0", "django==6.0"])
    def test_names_a_dependency_that_is_not_locked_as_declared(self, root: Path, locked: str) -> None:
        (root / "requirements.txt").write_text(locked)

        (problem,) = lock_problems(root)

        assert "Django<5.3,>=5.2" in problem
        assert "make lock" in problem
