"""Where the tests run: the environment of Django's settings, and the database of this process.

A pytest plugin, loaded by `-p tests.environment` before anything reads the settings.

`pytest` runs on SQLite, `pytest --database postgresql` on a PostgreSQL server of its own. `make test` runs all
suites at once: one process (an xdist worker) for each name in `SUITES`, with one summary. A worker bears its suite's
name and picks the tests of that suite, see `suites_of`.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import postgresql

SQLITE, POSTGRESQL, BROWSER, DEPLOY, UP, REHEARSAL = "sqlite", "postgresql", "browser", "deploy", "up", "rehearsal"
SUITES = (SQLITE, POSTGRESQL, BROWSER, DEPLOY, UP, REHEARSAL)
_OWN = {
    **{Path(__file__).parent / DEPLOY / name: name for name in (UP, REHEARSAL)},
    **{Path(__file__).parent / name: name for name in (BROWSER, DEPLOY)},
}
"""Folders whose tests are a suite of their own, whatever database they use: the first that a test lies in.

What stands a whole stage or network up waits for servers much of its time, so it runs beside the rest of `deploy/`.
"""
_CLUSTER = ("CLOISTER_TEST_POSTGRESQL_FOLDER", "CLOISTER_TEST_POSTGRESQL_USER")
_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def suite_here() -> str | None:
    """Return the suite that this process is the worker of, or None where one process runs everything."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    return worker if worker in SUITES else None


def suites_of(*, path: Path, touches: bool, only_on: str | None) -> set[str]:
    """Return the suites that a test belongs to: its folder's own, the databases', or one where no database is used."""
    for folder, suite in _OWN.items():
        if path.is_relative_to(folder):
            return {suite}
    if only_on is not None:
        return {only_on}
    return {SQLITE, POSTGRESQL} if touches else {SQLITE}


def _suites_of_node(node: pytest.Item | pytest.Function, fixtures: set[str]) -> set[str]:
    only_on = node.get_closest_marker("only_on")
    marked = node.get_closest_marker("django_db") is not None
    return suites_of(
        path=node.path,
        touches=marked or bool(fixtures & _DATABASE_FIXTURES),
        only_on=only_on.args[0] if only_on else None,
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=(SQLITE, POSTGRESQL),
        default=SQLITE,
        help="database of the tests outside tests/browser/, which always run on SQLite as `make run` does",
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Prepare the environment before pytest-django, in the same hook but not a wrapper, loads the settings."""
    options = early_config.known_args_namespace
    in_worker = "PYTEST_XDIST_WORKER" in os.environ
    database = suite_here() or options.database
    wanted = database == POSTGRESQL or any(f"id={POSTGRESQL}" in spec for spec in options.tx)
    resources = ExitStack()
    early_config.add_cleanup(resources.close)
    if wanted and not in_worker:
        try:
            server = resources.enter_context(postgresql.running())
        except postgresql.ServerUnavailable as error:
            raise pytest.UsageError(str(error)) from error
        os.environ.update(zip(_CLUSTER, (server.folder, server.user), strict=True))  # the workers inherit it
    folder = Path(tempfile.mkdtemp(prefix="cloister-tests-"))
    resources.callback(shutil.rmtree, folder, ignore_errors=True)
    _set_variables(folder, database)
    return (yield)


def _set_variables(folder: Path, database: str) -> None:
    """Replace what the developer has set: a test must neither read nor touch a stage or the local database."""
    cluster = [os.environ.get(name) for name in _CLUSTER]
    for name in list(os.environ):
        if name == "DJANGO_SETTINGS_MODULE" or (name.startswith("CLOISTER_") and name not in _CLUSTER):
            del os.environ[name]
    os.environ["CLOISTER_STAGE"] = "local"
    os.environ["CLOISTER_SECRET_KEY"] = secrets.token_urlsafe(50)
    os.environ["CLOISTER_SQLITE_FILE"] = str(folder / "cloister.sqlite3")
    os.environ["CLOISTER_ATTACHMENTS_FOLDER"] = str(folder / "attachments")
    # Servers under test listen here; a company's proxy must not be asked for them.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1"
    if database == POSTGRESQL:
        host, user = cluster
        assert host is not None
        assert user is not None
        os.environ.update(postgresql.Server(folder=host, user=user).environment())


def pytest_report_header(config: pytest.Config) -> str:
    if config.option.dist == "each":
        return "suites: " + ", ".join(spec.partition("id=")[2] for spec in config.option.tx)
    return f"database: {config.option.database}"


class _Total:
    """Counts the tests of all suites. xdist knows the last worker's number only: its percentages pass 100."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session
        self.tests = 0

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self.tests += len(ids)

    def pytest_runtest_logstart(self) -> None:
        self.session.testscollected = self.tests


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.option.dist == "each" and "PYTEST_XDIST_WORKER" not in os.environ:
        session.config.pluginmanager.register(_Total(session))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Name the database in the ids of the tests that use it: `test_x[postgresql]`."""
    here = suite_here() or metafunc.config.option.database
    suites = _suites_of_node(metafunc.definition, set(metafunc.fixturenames))
    if suites != {SQLITE} and not suites & set(_OWN.values()) and here in (SQLITE, POSTGRESQL):
        metafunc.parametrize("database", [here], indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep this worker's suite. A run on PostgreSQL alone keeps everything but the browser's and SQLite's own."""
    kept: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        suites = _suites_of_node(item, set(getattr(item, "fixturenames", ())))
        if (suite := suite_here()) is not None:
            inside = suite in suites
        elif config.option.database == POSTGRESQL:
            elsewhere = suites & {SQLITE, DEPLOY, UP, REHEARSAL} and item.get_closest_marker("only_on") is None
            inside = POSTGRESQL in suites or bool(elsewhere)
        else:
            inside = suites != {POSTGRESQL}
        (kept if inside else others).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=others)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On the build machine (CI=true) fail what would be skipped: nothing may go untested unseen."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} would be skipped, which CI=true does not allow: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest) -> str:
    """Return the name of the database in use, `sqlite` or `postgresql`."""
    name: str = getattr(request, "param", SQLITE)
    return name


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    # A password is hashed on purpose slowly, in many tests only to sign in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
