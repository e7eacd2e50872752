"""Who may sign in by an IAM token, and the directory that PostgreSQL asks: it speaks just enough LDAP for that.

A token is a presigned URL without its scheme (Amazon RDS User Guide, "IAM database authentication"; the form is
botocore's `generate_db_auth_token`). PostgreSQL's method `ldap` sends what was given as a password to this directory
in a simple bind (RFC 4511, section 4.2) under the name `user=ROLE,instance=KEY`.
"""

import datetime as dt
import hashlib
import hmac
import re
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, quote

LONGEST = dt.timedelta(minutes=15)
_SKEW = dt.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Keys:
    """An access key of a role's session."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)
    role: str = ""
    """ARN of the role."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a good token says: who asks, to sign in as whom."""

    keys: Keys
    user: str
    region: str


class BadToken(Exception):
    """It is no token, or not one for this database now; the message says which of its parts is wrong."""


def read(token: str, *, host: str, port: int, find: Callable[[str], Keys | None], at: dt.datetime) -> Claim:
    """Check a token's form, time and signature for a database's own name and port; raises `BadToken`.

    `find` gives the keys of an access key. Whether the role may connect is a policy's question, not asked here.
    """
    place, _, text = token.partition("/?")
    if place != f"{host}:{port}":
        raise BadToken(f"it is for {place[:100]!r}, not for {host}:{port}")
    query = dict(parse_qsl(text, keep_blank_values=True))
    signature = query.pop("X-Amz-Signature", "")
    parts = query.get("X-Amz-Credential", "").split("/")
    if len(parts) != 5 or parts[3:] != ["rds-db", "aws4_request"] or query.get("Action") != "connect":
        raise BadToken("it is not signed for rds-db and Action=connect")
    access_key, day, region = parts[:3]
    keys = find(access_key)
    if keys is None or query.get("X-Amz-Security-Token", "") != keys.token:
        raise BadToken(f"its access key {access_key[:30]!r} is nobody's")
    when, lasts = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
    try:
        began = dt.datetime.strptime(when, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise BadToken("its time cannot be read") from error
    if not re.fullmatch("[0-9]{1,9}", lasts) or when[:8] != day:
        raise BadToken("its time cannot be read")
    if not began - _SKEW <= at <= began + min(dt.timedelta(seconds=int(lasts)), LONGEST):
        raise BadToken(f"it was good for {lasts} s from {when}")
    calculated = _signature(query, host=f"{host}:{port}", keys=keys, scope=parts[1:])
    if not hmac.compare_digest(calculated.encode(), signature.encode(errors="replace")):
        raise BadToken("its signature is wrong")
    return Claim(keys=keys, user=query.get("DBUser", ""), region=region)


def _signature(query: dict[str, str], *, host: str, keys: Keys, scope: list[str]) -> str:
    """Sign it again (IAM User Guide, "Create a signed AWS API request", query parameters)."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query.items())
    encoded = "&".join(f"{name}={value}" for name, value in pairs)
    canonical = "\n".join(["GET", "/", encoded, f"host:{host}", "", "host", hashlib.sha256(b"").hexdigest()])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", query["X-Amz-Date"], "/".join(scope), digest])
    key = f"AWS4{keys.secret_key}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


class Directory:
    """Answers binds on a port of loopback: `may(instance, role, password)` decides."""

    def __init__(self, may: Callable[[str, str, str], bool]) -> None:
        self._may = may
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.address = ("127.0.0.1", int(self._server.server_address[1]))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        may = self._may

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while message := _message(self.rfile):
                    number, operation, content = message
                    if operation != 0x60:  # BindRequest; all else, unbind included, ends the conversation
                        return
                    self.wfile.write(_answer(number, 0 if _bind(content, may) else 49))  # invalidCredentials

        return Handler


def _bind(content: bytes, may: Callable[[str, str, str], bool]) -> bool:
    _version, rest = _element(content)[1:]
    _tag, name, rest = _element(rest)
    method, password, _ = _element(rest)
    found = re.fullmatch(r"user=(.*),instance=([^,]+)", name.decode(errors="replace"), re.DOTALL)
    if method != 0x80 or found is None:  # simple
        return False
    return may(found[2], found[1], password.decode(errors="replace"))


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """Take one BER element off: tag, content, what follows (X.690, definite lengths)."""
    size, start = data[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start])
    return data[0], data[start : start + size], data[start + size :]


def _message(stream: Any) -> tuple[bytes, int, bytes] | None:
    """Read one LDAPMessage: its number, its operation's tag and content; None at the end."""
    head = stream.read(2)
    if len(head) < 2 or head[0] != 0x30:
        return None
    size = head[1]
    if size & 0x80:
        size = int.from_bytes(stream.read(size & 0x7F))
    if size > 100_000:  # PostgreSQL sends passwords of up to 65,535 bytes
        return None
    _tag, number, rest = _element(stream.read(size))
    operation, content, _ = _element(rest)
    return number, operation, content


def _answer(number: bytes, code: int) -> bytes:
    result = bytes([0x61, 7, 0x0A, 1, code, 4, 0, 4, 0])
    body = bytes([2, len(number)]) + number + result
    return bytes([0x30, len(body)]) + body
