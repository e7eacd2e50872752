"""Days that certificates last, asked of servers that speak TLS as PostgreSQL and a mail relay do."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.test import override_settings

from api import timers
from api.integrations import certificates

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


@pytest.fixture
def issued(tmp_path: Path) -> Callable[[int], Path]:
    """Make a certificate for 127.0.0.1, its own authority, with this many days left."""

    def issue(days: int) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign",
             "encipher_only", "decipher_only"), False
        )  # fmt: skip
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(NOW - dt.timedelta(days=400))
            .not_valid_after(NOW + dt.timedelta(days=days, hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
            .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=True, **usage), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path / "server.pem"
        text = made.public_bytes(serialization.Encoding.PEM)
        text += key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(text)
        return file

    return issue


@contextmanager
def listening(file: Path, talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve one connection: `talk` in plain text, then TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

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


def test_the_database_is_asked_as_its_clients_ask(issued: Callable[[int], Path]) -> None:
    file = issued(20)
    with listening(file, as_postgresql) as port, database_at(port, file):
        assert certificates.days_left(at=NOW) == 20


def test_one_that_has_ended_is_refused_as_it_is_at_sign_in(issued: Callable[[int], Path]) -> None:
    file = issued(-1)
    with (
        listening(file, as_postgresql) as port,
        database_at(port, file),
        pytest.raises(ssl.SSLCertVerificationError, match="expired"),
    ):
        certificates.days_left(at=NOW)


def test_a_database_without_tls_is_named(issued: Callable[[int], Path]) -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(8)
        connection.sendall(b"N")

    file = issued(20)
    with (
        listening(file, refuse) as port,
        database_at(port, file),
        pytest.raises(ConnectionError, match=r"PostgreSQL at 127\.0\.0\.1 speaks no TLS"),
    ):
        certificates.days_left(at=NOW)


def test_the_relay_is_asked_by_starttls(issued: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    file = issued(7)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with (
        listening(file, as_relay) as port,
        override_settings(MAILER="on", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=True),
    ):
        assert certificates.days_left(at=NOW) == 7


def test_where_nothing_speaks_tls_there_is_nothing_to_tell() -> None:
    assert certificates.days_left(at=NOW) is None


class TestTheTimer:
    def test_tells_of_one_that_has_ended_as_of_one_without_a_day_left(self, issued: Callable[[int], Path]) -> None:
        file = issued(-1)
        with listening(file, as_postgresql) as port, database_at(port, file):
            assert timers._tell_certificates() == 0

    def test_says_nothing_of_a_server_that_does_not_answer(
        self, issued: Callable[[int], Path], caplog: pytest.LogCaptureFixture
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        with database_at(port, issued(20)):
            assert timers._tell_certificates() is None
        assert "certificates could not be looked at" in caplog.text
