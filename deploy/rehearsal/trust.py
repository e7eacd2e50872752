"""Who trusts the rehearsal's authority, and what it vouches for: files for programs, a policy for browsers."""

import base64
import json
import ssl
from pathlib import Path

from deploy.rehearsal.databases.authority import Authority

POLICIES = ("etc/chromium/policies/managed", "etc/opt/chrome/policies/managed", "etc/opt/edge/policies/managed")
"""Where Chromium, Chrome and Edge read what an administrator decides (chromeenterprise.google, "CACertificates")."""
FIREFOX = "etc/firefox/policies"
"""Where Firefox does (mozilla.github.io/policy-templates, "Certificates")."""


class Trust:
    """`file` has the authority's certificate, for whoever is to trust it; nothing outside the rehearsal does."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self.authority, self.folder = authority, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "ca.pem"
        self.file.write_bytes(authority.certificate)
        self._made = 0

    def context(self, *names: str) -> ssl.SSLContext:
        """Give what a server speaks TLS with under these names."""
        self._made += 1
        file = self.folder / f"{self._made}.pem"
        file.touch(mode=0o600)
        file.write_bytes(b"".join(self.authority.issue(names)))
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(file)
        made.set_alpn_protocols(["http/1.1"])
        return made

    def tell_browsers(self, root: Path) -> None:
        """Have browsers below a root folder trust the authority, and ask the system's resolver for names."""
        document = {
            "CACertificates": [
                base64.b64encode(ssl.PEM_cert_to_DER_cert(self.authority.certificate.decode())).decode()
            ],
            "BuiltInDnsClientEnabled": False,
            "DnsOverHttpsMode": "off",
        }
        for place in POLICIES:
            (root / place).mkdir(parents=True, exist_ok=True)
            (root / place / "rehearsal.json").write_text(json.dumps(document), encoding="utf-8")
        theirs = {
            "Certificates": {"Install": [str(self.file)]},
            "DNSOverHTTPS": {"Enabled": False, "Locked": True},
            "OverrideFirstRunPage": "",
            "DisableTelemetry": True,  # and with it the page that tells of it, which lies outside
            "DontCheckDefaultBrowser": True,
        }
        (root / FIREFOX).mkdir(parents=True, exist_ok=True)
        (root / FIREFOX / "policies.json").write_text(json.dumps({"policies": theirs}), encoding="utf-8")
