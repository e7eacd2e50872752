"""How long the certificates last that this application checks: PostgreSQL's and the mail relay's.

Sources: PostgreSQL, "Frontend/Backend Protocol" (SSLRequest); RFC 3207 (STARTTLS).
"""

import datetime as dt
import socket
import ssl
import struct
from typing import Any

from django.conf import settings

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_TIMEOUT = 5.0  # seconds


def days_left(*, at: dt.datetime) -> int | None:
    """Return the days until the first of them ends, None where none is checked; raises `OSError` as TLS does.

    A certificate that is not trusted, has another name or has ended raises `ssl.SSLCertVerificationError`: whoever
    signs in or sends mail meets the same.
    """
    ends = [*_database(), *_relay()]
    return min((end - at).days for end in ends) if ends else None


def _database() -> list[dt.datetime]:
    database: dict[str, Any] = settings.DATABASES["default"]
    authorities = database.get("OPTIONS", {}).get("sslrootcert")
    if not authorities or str(database["HOST"]).startswith("/"):  # a socket file speaks no TLS
        return []
    with socket.create_connection((database["HOST"], int(database["PORT"])), _TIMEOUT) as plain:
        plain.sendall(_SSL_REQUEST)
        if plain.recv(1) != b"S":
            raise ConnectionError(f"PostgreSQL at {database['HOST']} speaks no TLS.")
        return [_end(plain, database["HOST"], authorities)]


def _relay() -> list[dt.datetime]:
    if not settings.MAILER or not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        return []
    import smtplib  # no request needs it

    address = settings.EMAIL_HOST, settings.EMAIL_PORT
    context = ssl.create_default_context()
    if settings.EMAIL_USE_SSL:
        with socket.create_connection(address, _TIMEOUT) as plain:
            return [_end(plain, settings.EMAIL_HOST, None)]
    with smtplib.SMTP(*address, timeout=_TIMEOUT) as session:
        session.starttls(context=context)
        return [_not_after(session.sock)]


def _end(plain: socket.socket, host: str, authorities: str | None) -> dt.datetime:
    context = ssl.create_default_context(cafile=authorities)
    with context.wrap_socket(plain, server_hostname=host) as session:
        return _not_after(session)


def _not_after(session: Any) -> dt.datetime:
    certificate = session.getpeercert()
    seconds = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
