"""A real Chromium, and the real application with the built page and the demo company, anew for each test."""

import os
import re
import sqlite3
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from project.application import APPLICATION
from project.bootstrap import ROOT, find_browser
from tests.browser.guard import Guard
from tests.browser.people import signed_in

RESULTS = ROOT / "test-results"
_NO_BROWSER = (
    "No Chromium, Chrome or Edge was found, nor one of Playwright's own. Install one (Debian: apt-get install "
    "chromium) or run: .venv/bin/python -m playwright install chromium"
)
PATIENCE = 60_000  # ms. Other suites run beside this one on few cores, and a wait that succeeds costs nothing
_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Launch the browser, unable to reach anything but this machine."""
    # Playwright's event loop stays on this thread, where Django would then refuse all database access.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        program = find_browser() or playwright.chromium.executable_path
        if not Path(program).exists():
            pytest.skip(_NO_BROWSER)
        alone = ["--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        quiet = ["--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=[*alone, *quiet])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass(frozen=True)
class Served:
    """The running application: `url` without a final slash."""

    url: str


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target)) as to:
        from_.backup(to)


@dataclass(frozen=True)
class Company:
    """The demo company: `live` is the database in use, `founded` a copy of it as it was founded."""

    live: Path
    founded: Path


@pytest.fixture(scope="package")
def _company(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Company]:
    """Found the demo company in a database of the browser's own, apart from the other tests' one."""
    folder = tmp_path_factory.mktemp("browser")
    company = Company(live=folder / "live.sqlite3", founded=folder / "founded.sqlite3")
    database = connections.settings["default"]
    before = database["NAME"]
    connection.close()
    database["NAME"] = str(company.live)
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        call_command(*APPLICATION.demo, verbosity=0)
        connection.close()
    _copy(company.live, company.founded)
    yield company
    database["NAME"] = before


@pytest.fixture(scope="package")
def _server(_company: Company) -> Iterator[Served]:
    """Serve the application on SQLite, as `make run` does."""
    if not Path(settings.SPA_DIST or "", "index.html").exists():
        pytest.fail("The page is not built: run `make setup`, or `npm run build` in spa/.")
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, allow_reuse_address=False)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def served(_server: Served, _company: Company, django_db_blocker: DjangoDbBlocker) -> Iterator[Served]:
    """Return the running application, its company as it was founded. A test may use the models too."""
    connections.close_all()
    _copy(_company.founded, _company.live)
    with django_db_blocker.unblock():
        yield _server
        connections.close_all()


@pytest.fixture
def guard(served: Served) -> Iterator[Guard]:
    """Fail the test, at its end, for any error of its pages and any request to another origin."""
    guard = Guard(origin=served.url)
    yield guard
    assert guard.problems() == []


class OpenPage(Protocol):
    """Opens a page of its own context at the application's address plus `path`, for example `#/proposals/7`."""

    def __call__(self, path: str = "", *, language: str = "ja", width: int = 1440, **context: Any) -> Page: ...


@pytest.fixture
def open_page(served: Served, chromium: Browser, guard: Guard, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Return the function that opens pages. Each is a person of its own: contexts share no storage.

    `language` is the browser's, `ja` or `en`; `width` is 1440 (a laptop) or 390 (a phone, with touch), in CSS
    pixels; any other argument is one of Playwright's for a context.
    """
    pages: list[Page] = []

    def open_page(path: str = "", *, language: str = "ja", width: int = 1440, **context: Any) -> Page:
        phone = width < 600
        options = {
            "locale": {"ja": "ja-JP", "en": "en-GB"}[language],
            "timezone_id": "Asia/Tokyo",
            "viewport": {"width": width, "height": 844 if phone else 900},
            "is_mobile": phone,
            "has_touch": phone,
        }
        page = chromium.new_context(**{**options, **context}).new_page()
        page.set_default_timeout(PATIENCE)
        guard.watch(page)
        pages.append(page)
        page.goto(f"{served.url}/{path}")
        return page

    yield open_page
    if request.node.stash.get(_FAILED, False):
        request.node.add_report_section("teardown", "pictures", "\n".join(_pictures(pages, request.node.name)))
    for page in pages:
        page.context.close()


class OpenAs(Protocol):
    """Opens a page in which `username` is signed in; the other arguments are those of `OpenPage`."""

    def __call__(self, username: str, path: str = "", *, language: str = "ja", **context: Any) -> Page: ...


@pytest.fixture
def open_as(served: Served, open_page: OpenPage) -> OpenAs:
    """Return the function that opens pages of people who signed in before."""

    def open_as(username: str, path: str = "", *, language: str = "ja", **context: Any) -> Page:
        storage = signed_in(served.url, username, language)
        return open_page(path, language=language, storage_state=storage, **context)

    return open_as


def _pictures(pages: list[Page], name: str) -> Iterator[str]:
    """Store how each page looks as PNG, and yield the file's name."""
    RESULTS.mkdir(exist_ok=True)
    for number, page in enumerate(page for page in pages if not page.is_closed()):
        file = RESULTS / f"{re.sub(r'[^\w.-]+', '-', name)}-{number}.png"
        page.screenshot(path=file, full_page=True)
        yield str(file.relative_to(ROOT))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report
