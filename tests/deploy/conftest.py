"""The built artefact, unpacked, for every test that runs it."""

import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from deploy.artefact import archive, build
from deploy.rehearsal.events import REST_HOST
from deploy.rehearsal.runtime_api import Function, Lambda
from tests import postgresql

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


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    """A PostgreSQL server for deployed stages."""
    with postgresql.running() as server:
        yield server


@pytest.fixture
def variables(server: postgresql.Server) -> dict[str, str]:
    """A stage's variables, with an empty database of its own."""
    return stage_variables(server)


def stage_variables(server: postgresql.Server) -> dict[str, str]:
    """Return the variables of a deployed stage whose new and empty database is on the server."""
    name = f"stage_{secrets.token_hex(4)}"
    connection = psycopg2.connect(host=server.folder, user=server.user, dbname="postgres")
    try:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    finally:
        connection.close()
    return {
        "CLOISTER_STAGE": "poc",
        "CLOISTER_SECRET_KEY": secrets.token_urlsafe(50),
        "CLOISTER_ALLOWED_HOSTS": REST_HOST,
        "CLOISTER_SPA_ORIGINS": "https://site.example",
        **server.environment(),
        "CLOISTER_DATABASE_NAME": name,
        "CLOISTER_DATABASE_PASSWORD": "a local socket asks for none",
        # A stage must name one; libpq speaks TLS on TCP only, and this is a socket file.
        "CLOISTER_DATABASE_ROOT_CERTIFICATE": "/nowhere/ca.pem",
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
