"""One rehearsal with the demo company for every test that needs one, and a browser in its company's network."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from deploy.artefact import build
from deploy.rehearsal import namespaces
from tests.deploy.rehearsal.patience import SCREEN
from tests.deploy.rehearsal.people import Desk, open_browser
from tests.deploy.rehearsal.standing import Rehearsal, founded

SitDown = Callable[..., Desk]
Break = Callable[[str], tuple[int, list[str]]]


@pytest.fixture(scope="package")
def possible() -> None:
    """Skip where no networks can be made; with CI=true that fails."""
    try:
        namespaces.check()
    except namespaces.Impossible as impossible:
        pytest.skip(str(impossible))  # it names what this machine forbids and how to allow it


@pytest.fixture(scope="package")
def rehearsal(possible: None, artefact: build.Artefact) -> Iterator[Rehearsal]:
    """A rehearsal with the demo company. Whoever lets something fail in it mends it again."""
    with founded() as standing:
        yield standing


@pytest.fixture
def break_wall(rehearsal: Rehearsal) -> Iterator[Break]:
    """Open walls by `break_wall(RULE)`, which gives status and lines; the last one is shut again with the test.

    The console leaves it open, for a person to look around: whoever works in the rehearsal next would meet it.
    """
    yield lambda rule: rehearsal.ask(f"break {rule}")
    assert rehearsal.ask("reset")[0] == 0


@pytest.fixture(scope="package")
def corporate(rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser on a person's machine in the company's network; tests speak to it over its own pipe."""
    expect.set_options(timeout=SCREEN)
    with sync_playwright() as playwright:
        browser = open_browser(rehearsal, playwright, tmp_path_factory.mktemp("browser"))
        yield browser
        browser.close()


@pytest.fixture
def sit_down(rehearsal: Rehearsal, corporate: Browser) -> Iterator[SitDown]:
    """Open the page for a person who signs in by it: `sit_down(APPLICANT)`; all of it ends with the test."""
    address = str(rehearsal.document("facts")["page"])
    desks: list[Desk] = []

    def sit_down(username: str, *, language: str = "ja", clock: int = 0, **context: Any) -> Desk:
        page = corporate.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", **context).new_page()
        desks.append(Desk(page, address, username, language=language, clock=clock))
        return desks[-1]

    yield sit_down
    for desk in desks:
        desk.page.context.close()
    assert [error for desk in desks for error in desk.broken] == []
