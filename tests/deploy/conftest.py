"""The built artefact, unpacked, for every test that runs it."""

import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.artefact import archive, build
from deploy.rehearsal.events import REST_HOST
from deploy.rehearsal.runtime_api import Function, Lambda

Start = Callable[..., Lambda]

# As root, files without the right to write can be written all the same: give that up, as Lambda's user never had it.
OBEY_PERMISSIONS = (
    sys.executable,
    "-c",
    "import ctypes, os, sys\n"
    "CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24\n"
    "os.getuid() == 0 and ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)\n"
    "os.execv(sys.argv[1], sys.argv[1:])",
)


@pytest.fixture(scope="session")
def artefact() -> build.Artefact:
    """The artefact for x86_64 of the tree under test, built if build/ does not have it."""
    return build.artefact("x86_64")


@pytest.fixture(scope="session")
def task_root(artefact: build.Artefact, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The artefact as Lambda unpacks it: a folder that nothing can be written to."""
    folder = tmp_path_factory.mktemp("artefact") / "task"
    archive.unpack(artefact.archive, folder)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)  # so that pytest can clean up


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """A stage's variables, with SQLite in the place of its PostgreSQL."""
    return {
        "CLOISTER_STAGE": "poc",
        "CLOISTER_SECRET_KEY": secrets.token_urlsafe(50),
        "CLOISTER_ALLOWED_HOSTS": REST_HOST,
        "CLOISTER_SPA_ORIGINS": "https://site.example",
        "CLOISTER_DATABASE_HOST": "",
        "CLOISTER_DATABASE_USER": "",
        "CLOISTER_DATABASE_PASSWORD": "",
        "CLOISTER_SQLITE_FILE": str(tmp_path / "stage.sqlite3"),
    }


@pytest.fixture
def start(task_root: Path, variables: dict[str, str]) -> Iterator[Start]:
    """Start the function with further variables or settings; it ends with the test."""
    started: list[Lambda] = []

    def start(environment: dict[str, str] | None = None, **settings: object) -> Lambda:
        root = settings.pop("task_root", task_root)
        function = Function(task_root=root, environment=variables | (environment or {}), **settings)  # type: ignore[arg-type]  # names of its fields
        started.append(Lambda(function))
        return started[-1]

    yield start
    for function in started:
        function.stop()
