"""`make pictures`: the rehearsal guide's pictures, taken in a rehearsal, over its endpoints, in both languages."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Locator, ViewportSize, expect, sync_playwright

from deploy.artefact import build
from project.bootstrap import ROOT
from tests.browser.words import LANGUAGES
from tests.deploy.rehearsal.patience import SCREEN
from tests.deploy.rehearsal.people import APPLICANT, SECTION_HEAD, Desk, open_browser
from tests.deploy.rehearsal.standing import Rehearsal, founded

TARGET = ROOT / "docs" / "pictures"
SIZE: ViewportSize = {"width": 1000, "height": 640}
WORDS = {
    "ja": ("会議室のモニターの更新", "映らないことが増えたため、同じ大きさのものに替えます。", "見積書.pdf"),
    "en": (
        "New monitor for the meeting room",
        "The old one often stays dark. The new one has the same size.",
        "quote.pdf",
    ),
}


def keep(desk: Desk, name: str, language: str, about: Locator) -> None:
    """Store what the window shows, with nothing in focus and what it is about in the middle."""
    desk.page.mouse.move(0, 0)
    desk.page.evaluate("document.activeElement.blur()")
    about.evaluate("shown => shown.scrollIntoView({block: 'center', behavior: 'instant'})")
    expect(about).to_be_in_viewport(ratio=1)  # where it is not, the picture shows something else
    file = TARGET / f"rehearsal-{name}.{language}.png"
    desk.page.screenshot(path=file, animations="disabled")
    sys.stdout.write(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB\n")


def take(rehearsal: Rehearsal, browser: Browser, language: str) -> None:
    """Write, attach, meet a database that says nothing, send, decide."""
    address = str(rehearsal.document("facts")["page"])

    def sit_down(username: str) -> Desk:
        context = browser.new_context(timezone_id="Asia/Tokyo", viewport=SIZE)
        return Desk(context.new_page(), address, username, language=language)

    title, text, name = WORDS[language]
    applicant, head = sit_down(APPLICANT), sit_down(SECTION_HEAD)
    applicant.write(title, text)
    applicant.attach(name)
    expect(applicant.attached).to_be_visible()
    keep(applicant, "attached", language, applicant.attached)
    applicant.confirm()
    rehearsal.ask("fault doors")
    applicant.submit()
    expect(applicant.alert).to_be_visible()
    keep(applicant, "no-answer", language, applicant.alert)
    rehearsal.ask("mend")
    applicant.page.get_by_role("button", name=applicant.t("failure.retry")).click()
    expect(applicant.says(title)).to_be_visible()
    head.open(title)
    keep(head, "to-decide", language, head.page.get_by_role("heading", level=1))
    head.approve()
    expect(head.says(title)).to_be_visible()
    applicant.page.reload()
    keep(applicant, "approved", language, applicant.page.locator(".seal[data-kind=approve]"))


def main() -> None:
    """Stand a rehearsal up and take every picture anew."""
    build.artefact("x86_64")
    expect.set_options(timeout=SCREEN)
    with founded() as rehearsal, tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = open_browser(rehearsal, playwright, Path(folder))
        for language in LANGUAGES:
            take(rehearsal, browser, language)
        browser.close()


if __name__ == "__main__":
    main()
