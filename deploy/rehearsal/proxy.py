"""A company's proxy on loopback: it opens every TLS connection, signs it anew with its own authority, and knows one
cloud behind it, whatever host is asked for.

    with ResigningProxy(port_of_the_cloud) as proxy: ...

What a tool does that does not ask it, it does not see: AWS's names lead to the local cloud only through here.
"""

import contextlib
import re
import socket
import socketserver
import ssl
import tempfile
import threading
from pathlib import Path
from typing import Self

from deploy.rehearsal.databases.authority import Authority

_CONNECT = re.compile(rb"CONNECT ([A-Za-z0-9.-]+):(\d+) HTTP/1\.[01]\r\n", re.IGNORECASE)
_LARGEST_HEAD = 16_384  # bytes


class ResigningProxy:
    """Takes CONNECT requests; `hosts` are those that were asked for, `certificate` the file clients must trust."""

    def __init__(self, behind: int) -> None:
        """`behind`: the port of loopback where all of it leads."""
        self.hosts: set[str] = set()
        self._behind = behind
        self._authority = Authority("Rehearsal proxy authority")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._making = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="cloister-proxy-")
        self.certificate = Path(self._folder.name) / "authority.pem"
        self.certificate.write_bytes(self._authority.certificate)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._folder.cleanup()

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        serve = self._serve

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):  # either end may go when it likes
                    serve(self.request)

        return Handler

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and len(head) < _LARGEST_HEAD:
            received = client.recv(4096)
            if not received:
                return
            head += received
        asked = _CONNECT.match(head)
        if asked is None:
            client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        host = asked[1].decode()
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with self._context(host).wrap_socket(client, server_side=True) as inside:
            self.hosts.add(host)  # only here: before, the client may not have trusted the certificate
            with socket.create_connection(("127.0.0.1", self._behind)) as cloud:
                back = threading.Thread(target=_pump, args=(cloud, inside), daemon=True)
                back.start()
                _pump(inside, cloud)
                back.join()

    def _context(self, host: str) -> ssl.SSLContext:
        with self._making:
            if host not in self._contexts:
                file = Path(self._folder.name) / f"{len(self._contexts)}.pem"
                file.write_bytes(b"".join(self._authority.issue([host])))
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(file)
                self._contexts[host] = context
            return self._contexts[host]


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until its end, and then end the other side."""
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
