"""The browser tests' own eyes: they must see what they are there to see."""

from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.guard import Guard


class TestGuard:
    def test_sees_an_error_on_the_console(self, open_page: OpenPage, guard: Guard) -> None:
        guard.expected.append("something broke")

        open_page().evaluate("console.error('something broke')")

        assert any("something broke" in text for text in guard.seen)

    def test_sees_an_uncaught_error(self, open_page: OpenPage, guard: Guard) -> None:
        guard.expected.append("nobody caught me")

        _run_later(open_page(), "throw new Error('nobody caught me')")

        assert any(text.startswith("uncaught:") for text in guard.seen)

    def test_sees_a_request_to_another_origin(self, open_page: OpenPage, guard: Guard) -> None:
        guard.expected += ["elsewhere.test", "ERR_NAME_NOT_RESOLVED"]

        # Past the page's own policy, which lets no such request leave.
        open_page(bypass_csp=True).evaluate("fetch('http://elsewhere.test/font.woff2').catch(() => null)")

        assert any("request to another origin: GET http://elsewhere.test" in text for text in guard.seen)

    def test_lets_a_refusal_pass(self, open_page: OpenPage, guard: Guard) -> None:
        open_page().evaluate("fetch('/api/me')")

        assert guard.seen == []


def _run_later(page: Page, script: str) -> None:
    page.evaluate(f"new Promise(done => {{ setTimeout(done, 10); setTimeout(() => {{ {script} }}) }})")
