"""`make pictures`: the README's pictures, taken of the real application with the demo company."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from project.bootstrap import ROOT, find_browser
from tests.browser.words import LANGUAGES, words
from tests.browser.writing import choose_purchase, fill_purchase

TARGET = ROOT / "docs" / "pictures"
PASSWORD = "cloister-demo"  # of every person of the demo company
APPLICANT, SECTION_HEAD = "koyama.yukio", "yamashita.chihiro"
LAPTOP = {"width": 1120, "height": 700}
PHONE = {"width": 390, "height": 760}
PATIENCE = 60  # seconds for the server to answer


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)  # nothing tells us when another process listens
    sys.exit(f"The server did not answer on port {port} within {PATIENCE} s.")


@contextmanager
def _served() -> Iterator[str]:
    """Serve the application on a database of its own with the demo company; yield its address."""
    manage = [sys.executable, str(ROOT / "manage.py")]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"CLOISTER_SQLITE_FILE": str(Path(folder) / "pictures.sqlite3")}
        for command in (["migrate", "-v0"], ["seed_company", "--demo"]):
            subprocess.run([*manage, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
        port = _free_port()
        serve = [*manage, "runserver", "--noreload", f"127.0.0.1:{port}"]
        with subprocess.Popen(serve, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                _wait_for(port)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


def _open_as(browser: Browser, url: str, username: str, language: str, **context: Any) -> Page:
    """Sign in by the page itself, in `language`; return the page at the inbox."""
    t = words(language)
    page = browser.new_context(timezone_id="Asia/Tokyo", **context).new_page()
    page.goto(url)
    page.get_by_role("button", name={"ja": "日本語", "en": "English"}[language]).click()
    page.get_by_label(t("signIn.username")).fill(username)
    page.get_by_label(t("signIn.password")).fill(PASSWORD)
    page.get_by_label(t("signIn.password")).press("Enter")
    page.get_by_role("heading", level=1, name=t("inbox.title")).wait_for()
    return page


def _keep(page: Page, name: str, language: str, *, whole: bool = False) -> None:
    """Store what the window shows (or the whole page) as docs/pictures/NAME.LANGUAGE.png, with nothing under the pointer or in focus."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_load_state("networkidle")
    file = TARGET / f"{name}.{language}.png"
    page.screenshot(path=file, full_page=whole, animations="disabled")
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB")  # noqa: T201  a command's answer


def _of_approver(browser: Browser, url: str, language: str) -> None:
    page = _open_as(browser, url, SECTION_HEAD, language, viewport=LAPTOP)
    page.locator("[data-row]").first.wait_for()
    _keep(page, "inbox", language)
    phone = _open_as(browser, url, SECTION_HEAD, language, viewport=PHONE, is_mobile=True, has_touch=True)
    phone.locator("[data-row]").first.click()
    phone.locator(".decision-bar").wait_for()
    _keep(phone, "phone", language)


def _of_applicant(browser: Browser, url: str, language: str) -> None:
    page = _open_as(browser, url, APPLICANT, language, viewport={**LAPTOP, "height": 1240})
    choose_purchase(page, language)
    fill_purchase(page, language)
    _keep(page, "new-proposal", language, whole=True)
    page.evaluate("location.hash = '/list/mine/approved'")
    page.locator("[data-row]").last.click()
    page.locator(".seal").first.wait_for()
    _keep(page, "proposal", language)


def main() -> None:
    """Take every picture anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with _served() as url, sync_playwright() as playwright:
        program = find_browser() or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=program, args=["--disable-gpu"])
        for language in LANGUAGES:
            _of_approver(browser, url, language)
            _of_applicant(browser, url, language)
        browser.close()


if __name__ == "__main__":
    main()
