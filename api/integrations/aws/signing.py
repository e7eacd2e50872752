"""Signature Version 4: URLs that carry their signature, signed headers, and forms with a signed policy.

Sources: IAM user guide, "Create a signed AWS API request"; S3 API reference, "Authenticating Requests: Using Query
Parameters" and "Browser-Based Uploads Using POST". Nothing here reads a clock, an environment or a network.
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
EMPTY_PAYLOAD = hashlib.sha256(b"").hexdigest()
LONGEST = dt.timedelta(days=7)
"""The longest that a signed URL may last."""

type Condition = dict[str, str] | list[str | int]
"""One condition of a form's policy: {"field": "exact value"} or ["content-length-range", low, high]."""


class CannotSign(Exception):
    """What is asked for cannot be signed; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Keys to sign with; a signature is good until it ends itself or `expires_at`, None where that is not known."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)
    expires_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Signs for one service (`s3`, `rds-db`) in one region."""

    credentials: Credentials
    region: str
    service: str

    def signed_url(
        self,
        method: str,
        host: str,
        path: str,
        *,
        at: dt.datetime,
        lasts: dt.timedelta,
        query: Mapping[str, str] | None = None,
    ) -> str:
        """Return an https URL that whoever has it may call until `at + lasts`.

        `host` may name a port; `path` and `query` are plain text and encoded here. Raises `CannotSign` for a time
        longer than seven days, or none at all, and for a path with `.` or `..` in it, which clients resolve away.
        """
        seconds = int(lasts.total_seconds())
        if not 0 < seconds <= LONGEST.total_seconds():
            raise CannotSign(f"A signed URL lasts 1 second to 7 days, not {lasts}.")
        parameters = dict(query or {}) | {
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{self.credentials.access_key}/{self._scope(at)}",
            "X-Amz-Date": _instant(at),
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": "host",
        }
        if self.credentials.token:
            parameters["X-Amz-Security-Token"] = self.credentials.token
        encoded = encoded_query(parameters)
        payload = UNSIGNED_PAYLOAD if self.service == "s3" else EMPTY_PAYLOAD
        request = self._canonical(method, path, encoded, {"host": host}, payload)
        return f"https://{host}{_encoded_path(path)}?{encoded}&X-Amz-Signature={self._sign_request(request, at)}"

    def signed_headers(
        self,
        method: str,
        host: str,
        path: str,
        *,
        at: dt.datetime,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        payload: bytes = b"",
    ) -> dict[str, str]:
        """Return `headers` with the signature's own; every one of them is signed, and `payload` by its digest."""
        signed = {name.lower(): value for name, value in (headers or {}).items()}
        digest = hashlib.sha256(payload).hexdigest()
        signed |= {"host": host, "x-amz-date": _instant(at)}
        if self.service == "s3":
            signed["x-amz-content-sha256"] = digest
        if self.credentials.token:
            signed["x-amz-security-token"] = self.credentials.token
        request = self._canonical(method, path, encoded_query(query or {}), signed, digest)
        signed["authorization"] = (
            f"{ALGORITHM} Credential={self.credentials.access_key}/{self._scope(at)}, "
            f"SignedHeaders={';'.join(sorted(signed))}, Signature={self._sign_request(request, at)}"
        )
        return signed

    def signed_form(
        self,
        fields: Mapping[str, str],
        *,
        at: dt.datetime,
        expires_at: dt.datetime,
        conditions: Iterable[Condition] = (),
    ) -> dict[str, str]:
        """Return `fields` with a signed policy that allows exactly their values, and `conditions` beside them."""
        fields = dict(fields) | {
            "x-amz-algorithm": ALGORITHM,
            "x-amz-credential": f"{self.credentials.access_key}/{self._scope(at)}",
            "x-amz-date": _instant(at),
        }
        if self.credentials.token:
            fields["x-amz-security-token"] = self.credentials.token
        document = {
            "expiration": expires_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "conditions": [*conditions, *({name: value} for name, value in fields.items())],
        }
        policy = base64.b64encode(json.dumps(document, separators=(",", ":")).encode()).decode()
        return fields | {"policy": policy, "x-amz-signature": self.sign(policy, at)}

    def sign(self, text: str, at: dt.datetime) -> str:
        """Return the signature (hex) of a text, by the key of the day."""
        key = f"AWS4{self.credentials.secret_key}".encode()
        for part in (_day(at), self.region, self.service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()

    def _sign_request(self, canonical: str, at: dt.datetime) -> str:
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        return self.sign("\n".join([ALGORITHM, _instant(at), self._scope(at), digest]), at)

    def _canonical(self, method: str, path: str, query: str, headers: Mapping[str, str], payload: str) -> str:
        if {".", ".."} & set(path.split("/")) or not path.startswith("/"):
            raise CannotSign(f"A path begins with a slash and has no part that is . or .., unlike {path!r}.")
        encoded = _encoded_path(path)
        if self.service != "s3":  # all others take empty parts away, then encode what is encoded already
            encoded = quote("/" + "/".join(filter(None, encoded.split("/"))), safe="/~")
            encoded += "/" if path.endswith("/") and encoded != "/" else ""
        lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in sorted(headers))
        return "\n".join([method, encoded, query, lines, ";".join(sorted(headers)), payload])

    def _scope(self, at: dt.datetime) -> str:
        return f"{_day(at)}/{self.region}/{self.service}/aws4_request"


def _encoded_path(path: str) -> str:
    return quote(path, safe="/~")


def encoded_query(parameters: Mapping[str, str]) -> str:
    """Return a query as it is signed, to be sent exactly so."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in parameters.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _day(at: dt.datetime) -> str:
    return _instant(at)[:8]
