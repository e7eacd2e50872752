"""People at their desks in the company's network: what each does on the screen, and what they are told there."""

import datetime as dt
import shlex
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from deploy.rehearsal import namespaces
from project.bootstrap import find_browser
from tests.browser.words import words
from tests.deploy.rehearsal.patience import SCREEN
from tests.deploy.rehearsal.standing import Rehearsal

PASSWORD = "cloister-demo"
APPLICANT, SECTION_HEAD = "koyama.yukio", "yamashita.chihiro"


PDF = b"%PDF-1.4\n" + bytes(range(256)) * 200
OWN_NAMES = {"ja": "日本語", "en": "English"}
SUMMARY = {"ja": "起案内容", "en": "What is proposed"}
"""The one field that a general proposal needs, as its form names it."""
_QUIET = ("--disable-gpu", "--disable-background-networking", "--no-sandbox", "--disable-dev-shm-usage")


def open_browser(rehearsal: Rehearsal, playwright: Playwright, folder: Path) -> Browser:
    """Open a browser on a person's machine in the company's network; it is spoken to over its own pipe.

    What starts it goes into the folder.
    """
    program = find_browser() or playwright.chromium.executable_path
    starter = folder / "browser"
    starter.write_text(f'#!/bin/sh\nexec {shlex.join([*rehearsal.prefix("corporate"), program])} "$@"\n')
    starter.chmod(0o755)
    environment: dict[str, str | float | bool] = {"PATH": namespaces.path(), "HOME": str(folder)}
    return playwright.chromium.launch(executable_path=starter, args=_QUIET, env=environment)


class Desk:
    """One person with the page open, signed in by it. `t` gives the page's own words."""

    def __init__(self, page: Page, address: str, username: str, *, language: str = "ja", clock: int = 0) -> None:
        """`clock`: hours that this machine's clock is off."""
        self.page, self.username, self.t = page, username, words(language)
        self.summary = page.get_by_label(SUMMARY[language])
        if clock:
            page.clock.install(time=dt.datetime.now(dt.UTC) + dt.timedelta(hours=clock))
        self.broken: list[str] = []
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.set_default_timeout(SCREEN)
        page.goto(address)
        page.get_by_role("button", name=OWN_NAMES[language]).click()
        self.enter()
        expect(page.get_by_role("navigation").first).to_be_visible()

    def enter(self, within: Locator | None = None) -> None:
        """Give name and password."""
        place = within or self.page
        name = place.get_by_label(self.t("signIn.username"))
        if within is None:
            name.fill(self.username)
        password = place.get_by_label(self.t("signIn.password"))
        password.fill(PASSWORD)
        password.press("Enter")

    def go(self, fragment: str) -> None:
        """Go to a screen of the page, as a link of it would."""
        self.page.evaluate("fragment => { location.hash = fragment }", fragment)

    @property
    def alert(self) -> Locator:
        """What the screen says is wrong."""
        return self.page.get_by_role("alert")

    def says(self, text: str) -> Locator:
        """Give a quiet message of the screen."""
        return self.page.get_by_role("status").filter(has_text=text)

    def expect_done(self, text: str, again: Callable[[], None]) -> None:
        """See it said that something was done although its answer was lost: the page looks what became of it.

        It looks for five seconds. On a busy machine a function that begins anew may take longer; then the page says
        that doing it again does no harm, and that is done.
        """
        done, unsure = self.says(text), self.page.get_by_text(self.t("failure.once"))
        expect(done.or_(unsure).first).to_be_visible()
        if not done.is_visible():
            again()
        expect(done).to_be_visible()

    def retry(self) -> None:
        """Do again what failed, as the screen offers."""
        self.page.get_by_role("button", name=self.t("failure.retry")).click()

    # ---- a proposal of one's own

    def write(self, title: str, text: str = "見積書のとおりです。") -> None:
        """Fill a new proposal in."""
        self.go("/new/general")
        self.page.get_by_label(self.t("form.title")).fill(title)
        self.summary.fill(text)

    def expect_written(self, title: str, text: str = "見積書のとおりです。") -> None:
        """Find on the screen what was filled in."""
        expect(self.page.get_by_label(self.t("form.title"))).to_have_value(title)
        expect(self.summary).to_have_value(text)

    def expect_saved(self) -> None:
        """See that the draft has saved itself."""
        expect(self.page.get_by_text(self.t("saved.at", time="").strip())).to_be_visible()

    def attach(self, name: str) -> None:
        """Choose a small PDF, and let it be sent."""
        # Its bytes go to the browser by Playwright's pipe: the two need not see the same files.
        self.page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": PDF}
        )

    @property
    def attached(self) -> Locator:
        """What says that the file is there."""
        return self.page.get_by_text(self.t("file.state.available"), exact=True)

    def confirm(self) -> None:
        """Go to where it can be sent."""
        self.page.get_by_role("button", name=self.t("form.confirm")).click()
        expect(self.page.get_by_role("button", name=self.t("confirm.submit"))).to_be_visible()

    def submit(self) -> None:
        """Send it."""
        self.page.get_by_role("button", name=self.t("confirm.submit")).click()

    # ---- what waits for one

    def open(self, title: str) -> None:
        """Open a proposal of the inbox, as it is when somebody comes back to it."""
        self.go("/")
        self.page.reload()
        self.page.get_by_role("link", name=title).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(title)

    def approve(self) -> None:
        """Approve what is open."""
        self.page.get_by_role("button", name=self.t("decide.verb.approve")).click()
