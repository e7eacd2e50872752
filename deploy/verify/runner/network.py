"""Names, connections and answers. Never through a proxy: what is asked here lies inside the network."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes read of an answer; no file of a page comes near."""


class Unreached(Exception):
    """No answer came. `step` says how far it got: `name`, `connect`, `tls` or `answer`.

    `barred` says that the name, the network or the other side did not let this host in. Where it is false this host
    gave up, and somebody else might get an answer: a certificate that is not trusted here, a name server that is
    silent, an answer that takes longer than this host waits. `status`: of an answer that began and did not end.
    """

    def __init__(self, step: str, reason: object, *, status: int = 0) -> None:
        self.step, self.status = step, status
        self.reason = str(reason) or type(reason).__name__
        self.barred = isinstance(reason, Exception) and _is_barred(step, reason)
        super().__init__(self.reason)


NOBODY = ("EAI_NONAME", "EAI_NODATA")
"""What a resolver says of a name that does not exist; EAI_AGAIN is one that does not know."""
NO_WAY = ("EHOSTUNREACH", "ENETUNREACH", "WSAEHOSTUNREACH", "WSAENETUNREACH")


def _is_barred(step: str, error: Exception) -> bool:
    if step == "name":
        return isinstance(error, socket.gaierror) and error.errno in _numbers(socket, NOBODY)
    if isinstance(error, (ConnectionError, ssl.SSLEOFError)):  # refused or cut off
        return True
    # An answer that is late is none that was refused: a function that starts takes seconds.
    silent = isinstance(error, (socket.timeout, TimeoutError)) and step != "answer"  # two before 3.10
    return silent or (isinstance(error, OSError) and error.errno in _numbers(errno, NO_WAY))


def _numbers(module: object, names: tuple[str, ...]) -> set[int]:
    """Return the numbers of those errors that this system knows."""
    return {getattr(module, name) for name in names if hasattr(module, name)}


@dataclass(frozen=True)
class Answer:
    """Status, headers with names in small letters, and the body as it came: nothing is decompressed."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Network:
    """This host's way to others. `given` maps a host's name to the address to use in place of what DNS says."""

    timeout: float
    """Seconds for each address to connect, and for each part of an answer."""
    ca: str | None = None
    """File of certificates (PEM) to trust beside the system's."""
    given: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tls = ssl.create_default_context()
        if self.ca:
            self.tls.load_verify_locations(cafile=self.ca)

    def addresses(self, host: str) -> list[str]:
        """Return a host's addresses, each once; raises `Unreached` where it has none."""
        if host.lower() in self.given:
            return [self.given[host.lower()]]
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreached("name", error) from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a connection to the first of the host's addresses that takes one; raises `Unreached`."""
        failed: OSError | None = None
        for address in self.addresses(host):
            try:
                return socket.create_connection((address, port), timeout=self.timeout)
            except OSError as error:
                failed = error
        raise Unreached("connect", failed)

    def secure(self, host: str, port: int) -> ssl.SSLSocket:
        """Return a TLS connection to a host whose certificate is right for its name; raises `Unreached`."""
        plain = self.connect(host, port)
        try:
            return self.tls.wrap_socket(plain, server_hostname=host)
        except OSError as error:
            plain.close()
            raise Unreached("tls", error) from error

    def ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """Send one request and return its answer, whatever its status; raises `Unreached`."""
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        connection: Any = http.client.HTTPConnection(host, parts.port or (443 if secure else 80))
        connection.sock = (self.secure if secure else self.connect)(connection.host, connection.port)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        # As browsers ask; a name with its port where that is not the scheme's own.
        sent = {"Host": parts.netloc, "Accept-Encoding": "gzip, deflate, br", **(headers or {})}
        try:
            connection.request(method, target, body=body or None, headers=sent)
            response = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Unreached("answer", error) from error
        try:
            content = response.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            told = f"HTTP {response.status}, then {error or type(error).__name__}"
            raise Unreached("answer", told, status=response.status) from error
        finally:
            connection.close()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def own_address(self, host: str) -> str:
        """Return the address that this host would come from; empty where there is no way. Nothing is sent."""
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unsent:
                unsent.connect((self.addresses(host)[0], 443))
                return str(unsent.getsockname()[0])
        except (OSError, Unreached):
            return ""


def proxies(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the variables that name a proxy here; none of them is used."""
    return [name for name in PROXIES if environment.get(name)]
