"""One request: certificates are checked, by the system's authorities or the company's own; failures are one error."""

import datetime as dt
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.integrations.aws import transport
from api.integrations.aws.transport import Unreachable, send


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


def certificate(folder: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 that only we vouch for, and return the file of both."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of an HTTPS server on this machine, and its certificate."""
    file = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with http.server.HTTPServer(("127.0.0.1", 0), Server) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}/a?b=c", file
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
