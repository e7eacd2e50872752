"""What a page must never do while a test watches it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

# Chromium reports every answer that is no success. Refusals (4xx) are what many tests are about.
_REFUSAL = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Guard:
    """Collects a page's errors and its requests to anything but `origin`, such as `http://127.0.0.1:8000`.

    A test that provokes an error, a lost connection for example, adds a part of its text to `expected`.
    """

    origin: str
    expected: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)

    def problems(self) -> list[str]:
        """Return what was seen and not expected."""
        return [text for text in self.seen if not any(part in text for part in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_REFUSAL):
            self.seen.append(f"console: {message.text} ({message.location.get('url')})")

    def _error(self, error: Error) -> None:
        self.seen.append(f"uncaught: {error}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.seen.append(f"request to another origin: {request.method} {request.url}")
