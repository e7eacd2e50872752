"""What people do all day, in a browser that stands in the company's network: in Japanese, over the endpoints.

    python -m tests.deploy.rehearsal.story FOLDER PAGE

Signs in, writes a proposal with a file, submits it, has it approved, and reads the file as the approver. Pictures and
files go into FOLDER; it ends with a line of JSON: the page's errors, and the origins that it asked.
"""

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect, sync_playwright

from project.bootstrap import find_browser
from tests.browser.words import words

PASSWORD = "cloister-demo"
APPLICANT, SECTION_HEAD = "koyama.yukio", "yamashita.chihiro"
TITLE, NAME = "執務室の照明器具の更新", "見積書.pdf"
T = words("ja")
PATIENCE = 60_000  # milliseconds, for machines that do three other things
CONTENT = b"%PDF-1.4\n" + bytes(range(256)) * 200


class Story:
    """One browser, and what must never happen in it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.errors: list[str] = []
        self.origins: set[str] = set()

    def tell(self) -> None:
        """Do it all."""
        with sync_playwright() as playwright:
            program = find_browser() or playwright.chromium.executable_path
            quiet = ["--disable-gpu", "--disable-background-networking", "--no-sandbox", "--disable-dev-shm-usage"]
            browser = playwright.chromium.launch(executable_path=program, args=quiet)
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
            browser.close()

    def _page(self, page: Page) -> Page:
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda request: self.origins.add(f"{urlsplit(request.url).scheme}://{urlsplit(request.url).netloc}"),
        )
        page.goto(self.address)
        return page

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
            self.errors.append(
                f"the file came back as {saved.stat().st_size} bytes, {download.value.suggested_filename}"
            )
        self._picture(page, "to-decide")
        page.get_by_role("button", name=T("decide.verb.approve")).click()
        expect(page.get_by_role("status").filter(has_text=TITLE)).to_be_visible()


def main(folder: str, address: str) -> None:
    """Tell the story, and what was seen."""
    expect.set_options(timeout=PATIENCE)
    story = Story(Path(folder), address)
    try:
        story.tell()
    finally:
        sys.stdout.write(json.dumps({"errors": story.errors, "origins": sorted(story.origins)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
