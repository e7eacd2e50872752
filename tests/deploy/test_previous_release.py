"""The release that serves while new migrations run works on the tables that they make."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

from tests.deploy.paths import ROOT

RELEASES = ROOT / "deploy" / "releases.toml"
TESTS = ("test_proposals.py", "test_session.py", "test_circulation_and_copies.py")
"""Of its API tests those that save, send, decide and sign in: within a minute."""


def released() -> str:
    """Return the commit of the newest release."""
    return str(tomllib.loads(RELEASES.read_text(encoding="utf-8"))["release"][-1]["commit"])


def unpack(commit: str, folder: Path) -> None:
    """Put a commit's tree into a folder."""
    git = ["git", "-C", str(ROOT)]
    if subprocess.run([*git, "cat-file", "-e", f"{commit}^{{commit}}"], capture_output=True, check=False).returncode:
        # A shallow clone, or an archive of the sources, holds no other commit; with CI=true a skipped test fails.
        pytest.skip(
            f"The commit {commit} of {RELEASES.name} is not in this clone, which is shallow or no clone. "
            f"Fetch it: git fetch --depth 1 origin {commit}, or git fetch --unshallow"
        )
    with (
        subprocess.Popen([*git, "archive", commit], stdout=subprocess.PIPE) as archive,
        tarfile.open(fileobj=archive.stdout, mode="r|") as files,
    ):
        files.extractall(folder, filter="data")
    assert archive.returncode == 0


def bring_migrations(folder: Path) -> None:
    """Put this tree's migrations in the place of a release's own."""
    for migrations in (path for path in ROOT.glob("api/*/migrations") if path.is_dir()):
        theirs = folder / migrations.relative_to(ROOT)
        shutil.rmtree(theirs, ignore_errors=True)
        shutil.copytree(migrations, theirs, ignore=shutil.ignore_patterns("__pycache__"))


def run_api_tests(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    there = [f"tests/api/rest/{name}" for name in TESTS if (folder / "tests" / "api" / "rest" / name).exists()]
    assert there
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CLOISTER_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--database", "postgresql", "-q", "-p", "no:cacheprovider", *options, *there],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    unpack(released(), folder)
    bring_migrations(folder)
    return folder


def test_its_api_tests_pass_on_the_new_tables(release: Path) -> None:
    done = run_api_tests(release)

    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def test_a_column_that_it_cannot_fill_is_noticed(release: Path) -> None:
    last = max(path.stem for path in (release / "api" / "proposals" / "migrations").glob("0*.py"))
    worse = release / "api" / "proposals" / "migrations" / "9999_worse.py"
    worse.write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        f'    dependencies = [("proposals", "{last}")]\n'
        '    operations = [migrations.RunSQL("ALTER TABLE proposals_proposal ADD COLUMN worse int NOT NULL")]\n'
    )
    try:
        done = run_api_tests(release, "-x", "-k", "proposals")
    finally:
        worse.unlink()

    assert done.returncode == 1, done.stdout[-2000:]
    assert "worse" in done.stdout
