"""A certificate authority that lives as long as the rehearsal, trusted by what runs inside and by nothing else."""

import datetime as dt
import json
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LASTS = dt.timedelta(days=2)
POLICIES = ("etc/chromium/policies/managed", "etc/opt/chrome/policies/managed")
"""Where Chromium and Chrome read what an administrator decides (chromeenterprise.google, "CACertificates")."""


class Authority:
    """Signs certificates; `file` has its own, for whoever is to trust it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cloister rehearsal")])
        self._certificate = (
            self._builder(name, name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        self._made = 0

    def certificate(self, *names: str) -> tuple[Path, Path]:
        """Make a certificate for DNS names and give its file and that of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([])
        signed = (
            self._builder(subject, self._certificate.subject, key.public_key())
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=True)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self._made += 1
        held, secret = self.folder / f"{self._made}.pem", self.folder / f"{self._made}.key"
        held.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        secret.touch(mode=0o600)
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return held, secret

    def context(self, *names: str) -> ssl.SSLContext:
        """Give what a server speaks TLS with under these names; anything else is not its business to know."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(*self.certificate(*names))
        made.set_alpn_protocols(["http/1.1"])
        return made

    def tell_browsers(self, root: Path) -> None:
        """Have browsers below a root folder trust this authority, by a policy of their administrator."""
        der = self._certificate.public_bytes(serialization.Encoding.DER)
        import base64

        document = {
            "CACertificates": [base64.b64encode(der).decode()],
            "BuiltInDnsClientEnabled": False,
            "DnsOverHttpsMode": "off",
        }
        for place in POLICIES:
            (root / place).mkdir(parents=True, exist_ok=True)
            (root / place / "rehearsal.json").write_text(json.dumps(document), encoding="utf-8")

    def _builder(
        self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + _LASTS)
        )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
