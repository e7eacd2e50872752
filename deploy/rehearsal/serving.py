"""What every HTTP server of a rehearsal does: a thread for each connection, whole bodies, and no word about either."""

import http.server
import re
import sys
from typing import Any

_LINE = 65_536  # bytes of one line of a request; AWS's own limits are lower and a front's to enforce


class Server(http.server.ThreadingHTTPServer):
    """Ends without waiting for whoever is still connected."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of an error, unless it is that the other side went away or refused our certificate."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    """Keeps connections open, reads bodies of both forms, and has every request answered by `answer`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self) -> None:
        """Answer the request, whose method is `command`."""
        raise NotImplementedError

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def do_PUT(self) -> None:
        self.answer()

    def do_PATCH(self) -> None:
        self.answer()

    def do_DELETE(self) -> None:
        self.answer()

    def do_OPTIONS(self) -> None:
        self.answer()

    def body(self) -> bytes:
        """Read the whole body: of the length that was told, or in chunks (RFC 9112, section 7.1).

        Raises ValueError where neither can be read.
        """
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(_length(self.headers.get("Content-Length") or "0", 10))
        body = b""
        while size := _length(self.rfile.readline(_LINE).split(b";")[0].decode("latin-1").strip(), 16):
            body += self.rfile.read(size)
            self.rfile.readline(_LINE)
        self.rfile.readline(_LINE)
        return body

    def log_message(self, *_: object) -> None:
        """Say nothing: what goes wrong is seen by whoever asked."""


def _length(text: str, base: int) -> int:
    """Read a length, which has digits and nothing else: no sign, as int() would take it."""
    if not re.fullmatch("[0-9A-Fa-f]+", text):
        raise ValueError(f"{text!r} is no length")
    return int(text, base)
