"""One request: certificates are checked, by the system's authorities or the company's own; failures are one error."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.integrations.aws import transport
from api.integrations.aws.transport import Unreachable, send
from tests.authority import Authority


class Server(http.server.BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("X-Host", self.headers["Host"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of an HTTPS server on this machine, and the certificate of the authority that vouches for it."""
    authority = Authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.made_out("server", ["127.0.0.1"]))
    with http.server.HTTPServer(("127.0.0.1", 0), Server) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}/a?b=c", authority.file
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _fresh_tls() -> Iterator[None]:
    transport._tls.cache_clear()
    yield
    transport._tls.cache_clear()


class TestSend:
    def test_trusts_the_companys_own_authority_and_no_unknown_one(
        self, tls_server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address, file = tls_server
        with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
            send("PUT", address, {}, body=b"x")
        monkeypatch.setenv("AWS_CA_BUNDLE", str(file))
        transport._tls.cache_clear()
        answer = send("PUT", address, {"host": "files.example.test"}, body=b"bytes")
        assert (answer.status, answer.body, answer.headers["x-host"]) == (200, b"bytes", "files.example.test")

    def test_asks_no_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        with pytest.raises(Unreachable, match="Connection refused"):
            send("GET", "http://127.0.0.1:1/", {})
