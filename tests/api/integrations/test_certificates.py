"""Days that certificates last, asked of servers that speak TLS as PostgreSQL and a mail relay do."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from api import timers
from api.integrations import certificates
from tests.authority import Authority

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@contextmanager
def listening(authority: Authority, talk: Callable[[socket.socket], None], *, days: int) -> Iterator[int]:
    """Serve one connection: `talk` in plain text, then TLS with a certificate that has this many days left."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.made_out("server", ["127.0.0.1"], days=days))

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            talk(connection)
            try:
                with context.wrap_socket(connection, server_side=True) as session:
                    session.recv(100)
            except OSError:
                pass  # the client has refused the certificate, or has hung up once it had seen it

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


def as_postgresql(connection: socket.socket) -> None:
    assert connection.recv(8) == b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
    connection.sendall(b"S")


def as_relay(connection: socket.socket) -> None:
    connection.sendall(b"220 relay\r\n")
    assert connection.recv(100).startswith(b"ehlo")
    connection.sendall(b"250-relay\r\n250 STARTTLS\r\n")
    assert connection.recv(100) == b"STARTTLS\r\n"
    connection.sendall(b"220 go\r\n")


@contextmanager
def database_at(port: int, authorities: Path) -> Iterator[None]:
    options = {"sslmode": "verify-full", "sslrootcert": str(authorities)}
    database = {"default": {"HOST": "127.0.0.1", "PORT": str(port), "OPTIONS": options}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATABASES", database)
        yield


def test_the_database_is_asked_as_its_clients_ask(authority: Authority) -> None:
    with listening(authority, as_postgresql, days=20) as port, database_at(port, authority.file):
        assert certificates.days_left(at=NOW) == 20


def test_one_that_has_ended_is_refused_as_it_is_at_sign_in(authority: Authority) -> None:
    with (
        listening(authority, as_postgresql, days=-1) as port,
        database_at(port, authority.file),
        pytest.raises(ssl.SSLCertVerificationError, match="expired"),
    ):
        certificates.days_left(at=NOW)


def test_a_database_without_tls_is_named(authority: Authority) -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(8)
        connection.sendall(b"N")

    with (
        listening(authority, refuse, days=20) as port,
        database_at(port, authority.file),
        pytest.raises(ConnectionError, match=r"PostgreSQL at 127\.0\.0\.1 speaks no TLS"),
    ):
        certificates.days_left(at=NOW)


def test_the_relay_is_asked_by_starttls(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with (
        listening(authority, as_relay, days=7) as port,
        override_settings(MAILER="on", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=True),
    ):
        assert certificates.days_left(at=NOW) == 7


def test_where_nothing_speaks_tls_there_is_nothing_to_tell() -> None:
    assert certificates.days_left(at=NOW) is None


class TestTheTimer:
    def test_tells_of_one_that_has_ended_as_of_one_without_a_day_left(self, authority: Authority) -> None:
        with listening(authority, as_postgresql, days=-1) as port, database_at(port, authority.file):
            assert timers._tell_certificates() == 0

    def test_says_nothing_of_a_server_that_does_not_answer(
        self, authority: Authority, caplog: pytest.LogCaptureFixture
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        with database_at(port, authority.file):
            assert timers._tell_certificates() is None
        assert "certificates could not be looked at" in caplog.text
