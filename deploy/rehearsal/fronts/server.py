"""An HTTP server on a host of the rehearsal, in the clear or behind TLS, that hands whole requests to a front."""

import functools
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deploy.rehearsal import serving
from deploy.rehearsal.events import Answer, Call
from deploy.rehearsal.namespaces import on

_PATIENCE = 75.0  # seconds that a connection may be silent


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request with how it came: over TLS or not, and to which of the host's addresses."""

    call: Call
    secure: bool
    address: str

    @property
    def host(self) -> str:
        """The name that was called, without its port."""
        return (self.call.header("host") or [""])[-1].rpartition(":")[0] or (self.call.header("host") or [""])[-1]


Front = Callable[[Visit], Answer]


def is_address(host: str) -> bool:
    """Say whether a host is written as an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Server:
    """Listens on a host's address and port until it is stopped."""

    def __init__(self, host: str, address: str, port: int, front: Front, context: ssl.SSLContext | None = None) -> None:
        self._again = functools.partial(Server, host, address, port, front, context)
        with on(host):
            listening = socket.create_server((address, port), backlog=128)
        self._server = Listening(listening, front, context)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()

    def again(self) -> "Server":
        """Give another at the same place."""
        return self._again()


class Listening(serving.Server):
    """Has a front answer what comes to a socket."""

    def __init__(self, listening: socket.socket, front: Front, context: ssl.SSLContext | None) -> None:
        super().__init__(listening.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.front, self.context = front, context

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, so that nobody waits for a slow one."""
        request.settimeout(_PATIENCE)
        if self.context is not None:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)


class _Handler(serving.Handler):
    server: Listening
    wbufsize = -1

    def answer(self) -> None:
        """Have the front answer, whatever the method."""
        try:
            body = self.body()
        except ValueError:  # nobody knows where the next request would begin
            self.send_error(400)
            self.close_connection = True
            return
        path, _, query = self.path.partition("?")
        call = Call(
            method=self.command,
            path=path,
            query=query,
            headers=tuple(self.headers.items()),
            body=body,
            source_ip=str(self.client_address[0]),
        )
        here = str(self.connection.getsockname()[0])
        answer = self.server.front(Visit(call=call, secure=self.server.context is not None, address=here))
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        bare = answer.status in (204, 304)
        if not bare and not answer.header("content-length"):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and not bare:
            self.wfile.write(answer.body)
