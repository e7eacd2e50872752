"""What people do all day, in a browser that stands in the company's network: in Japanese, over the endpoints.

    python -m tests.deploy.rehearsal.story FOLDER PAGE

Signs in, writes a proposal with a file, submits it, has it approved, and reads the file as the approver. Pictures and
files go into FOLDER; it ends with a line of JSON: the page's errors with the addresses that they are about, the origins
that it asked, and what its windows showed at the end.
"""

import json
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright

from project.bootstrap import find_browser
from tests.browser.words import words
from tests.deploy.rehearsal.patience import SCREEN

PASSWORD = "cloister-demo"
APPLICANT, SECTION_HEAD = "koyama.yukio", "yamashita.chihiro"
TITLE, NAME = "執務室の照明器具の更新", "見積書.pdf"
T = words("ja")
_LEFT = "net::ERR_ABORTED"
"""What becomes of a request that nobody waits for any more: the page was left, or the answer became a download."""
CONTENT = b"%PDF-1.4\n" + bytes(range(256)) * 200


class Story:
    """One browser, and what must never happen in it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.errors: list[str] = []
        self.origins: set[str] = set()
        self.shown: list[str] = []
        self._began = time.monotonic()

    def tell(self) -> None:
        """Do it all."""
        with sync_playwright() as playwright:
            program = find_browser() or playwright.chromium.executable_path
            quiet = ["--disable-gpu", "--disable-background-networking", "--no-sandbox", "--disable-dev-shm-usage"]
            browser = playwright.chromium.launch(executable_path=program, args=quiet)
            try:
                self._day(browser)
            finally:
                pages = [page for context in browser.contexts for page in context.pages]
                self.shown = [f"{page.url}: {page.locator('body').inner_text()}" for page in pages]
                browser.close()

    def _day(self, browser: Browser) -> None:
        applicant = self._page(browser.new_context(locale="ja-JP").new_page())
        self._sign_in(applicant, APPLICANT)
        self._write(applicant)
        approver = self._page(browser.new_context(locale="ja-JP", accept_downloads=True).new_page())
        self._sign_in(approver, SECTION_HEAD)
        self._decide(approver)
        applicant.reload()
        expect(
            applicant.locator(".history li[data-kind=approved], .history li[data-kind=completed]").first
        ).to_be_visible()
        self._picture(applicant, "approved")

    def _page(self, page: Page) -> Page:
        page.set_default_timeout(SCREEN)
        page.on("pageerror", lambda error: self._wrong(str(error)))
        page.on("console", self._said)
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("requestfailed", self._lost)
        page.goto(self.address)
        return page

    # ---- what is heard of a page meanwhile

    def _wrong(self, text: str) -> None:
        self.errors.append(f"after {time.monotonic() - self._began:.1f} s: {text}")

    def _said(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self._wrong(f"{said.text} ({said.location['url']})")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        self.origins.add(f"{parts.scheme}://{parts.netloc}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._wrong(f"{response.status} {response.request.method} {response.url}")

    def _lost(self, request: Request) -> None:
        if request.failure != _LEFT:
            self._wrong(f"{request.failure} {request.method} {request.url}")

    # ---- what people do

    def _picture(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}.png")

    def _sign_in(self, page: Page, username: str) -> None:
        page.get_by_label(T("signIn.username")).fill(username)
        page.get_by_label(T("signIn.password")).fill(PASSWORD)
        page.get_by_label(T("signIn.password")).press("Enter")
        expect(page.get_by_role("navigation").first).to_be_visible()
        self._picture(page, f"signed-in-{username.partition('.')[0]}")

    def _write(self, page: Page) -> None:
        page.evaluate("location.hash = '/new/general'")
        page.get_by_label(T("form.title")).fill(TITLE)
        page.get_by_label("起案内容").fill("見積書のとおりです。")
        file = self.folder / NAME
        file.write_bytes(CONTENT)
        page.locator("input[type=file]").set_input_files(file)
        expect(page.get_by_text(T("file.state.available"), exact=True)).to_be_visible()
        self._picture(page, "attached")
        page.get_by_role("button", name=T("form.confirm")).click()
        page.get_by_role("button", name=T("confirm.submit")).click()
        expect(page.get_by_role("status").filter(has_text=TITLE)).to_be_visible()

    def _decide(self, page: Page) -> None:
        page.get_by_role("link", name=TITLE).click()
        with page.expect_download() as download:
            page.get_by_role("button", name=T("file.downloadNamed", name=NAME)).click()
        saved = self.folder / "read.pdf"
        download.value.save_as(saved)
        if saved.read_bytes() != CONTENT or download.value.suggested_filename != NAME:
            self._wrong(f"the file came back as {saved.stat().st_size} bytes, {download.value.suggested_filename}")
        self._picture(page, "to-decide")
        page.get_by_role("button", name=T("decide.verb.approve")).click()
        expect(page.get_by_role("status").filter(has_text=TITLE)).to_be_visible()


def main(folder: str, address: str) -> None:
    """Tell the story, and what was seen."""
    expect.set_options(timeout=SCREEN)
    story = Story(Path(folder), address)
    try:
        story.tell()
    finally:
        told = {"errors": story.errors, "origins": sorted(story.origins), "shown": story.shown}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
