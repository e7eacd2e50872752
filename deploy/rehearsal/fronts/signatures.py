"""Signatures of requests, checked as S3 does: in headers, in a URL, and of a form's policy; others' by headers.

Sources: IAM User Guide, "Create a signed AWS API request"; S3 API reference, "Authenticating Requests: Using Query
Parameters", "Authenticating Requests: Using the Authorization Header", "POST policy"; what a wrong region or day is
told, as callers report it. Nothing of botocore or of the application is used, so that a fault of theirs shows.
"""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

from deploy.rehearsal.events import Call

ALGORITHM = "AWS4-HMAC-SHA256"
SKEW = dt.timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Keys:
    """An access key of a role's session: whose it is, as ARN of the role."""

    access_key: str
    secret_key: str
    token: str
    role: str


class Refused(Exception):
    """S3 would not take it: status, code and message of its error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(f"{code}: {message}")


Find = Callable[[str], Keys | None]


def signer(call: Call, find: Find, *, region: str, at: dt.datetime, service: str = "s3") -> Keys | None:
    """Give whose keys signed a request to a service of a region, None where nobody did.

    Raises:
        Refused: it is signed, and wrongly, for elsewhere, too early, too late, or by keys that nobody has.

    """
    query = dict(parse_qsl(call.query, keep_blank_values=True))
    header = next(iter(call.header("authorization")), "")
    if "X-Amz-Signature" in query:
        return _by_query(call, query, find, region, at)
    if header.startswith(ALGORITHM):
        return _by_header(call, header, find, at, region=region, service=service)
    if header:
        raise Refused(400, "InvalidArgument", "Unsupported Authorization Type")
    return None


def _by_query(call: Call, query: dict[str, str], find: Find, region: str, at: dt.datetime) -> Keys:
    signature = query.pop("X-Amz-Signature")
    malformed = "AuthorizationQueryParametersError"
    if query.get("X-Amz-Algorithm") != ALGORITHM:
        raise Refused(400, malformed, f"X-Amz-Algorithm only supports {ALGORITHM}")
    keys, scope = _keys(query.get("X-Amz-Credential", ""), query.get("X-Amz-Security-Token", ""), find)
    began = instant(query.get("X-Amz-Date", ""))
    _hold_scope(scope, region, began, malformed)
    seconds = query.get("X-Amz-Expires", "")
    if not re.fullmatch("[0-9]{1,9}", seconds) or not 0 < int(seconds) <= 604_800:
        raise Refused(400, malformed, "X-Amz-Expires must be between 1 and 604800 seconds")
    if at < began - SKEW:
        raise Refused(403, "AccessDenied", "Request is not yet valid")
    if at >= began + dt.timedelta(seconds=int(seconds)):
        raise Refused(403, "AccessDenied", "Request has expired")
    signed = query.get("X-Amz-SignedHeaders", "").split(";")
    _hold_headers(call, signed)
    _hold(signature, _canonical(call, query, signed, "UNSIGNED-PAYLOAD"), keys, scope, began)
    return keys


def _by_header(call: Call, header: str, find: Find, at: dt.datetime, *, region: str, service: str) -> Keys:
    parts = dict(re.findall(r"(Credential|SignedHeaders|Signature)=([^,\s]+)", header))
    token = next(iter(call.header("x-amz-security-token")), "")
    keys, scope = _keys(parts.get("Credential", ""), token, find, service)
    began = instant(next(iter(call.header("x-amz-date")), ""))
    _hold_scope(scope, region, began, "AuthorizationHeaderMalformed")
    if abs(at - began) > SKEW:
        raise Refused(403, "RequestTimeTooSkewed", "The difference between the request time and the server's time "
                      "is too large.")  # fmt: skip
    hashed = "" if service == "s3" else hashlib.sha256(call.body).hexdigest()  # S3 alone wants it in a header
    payload = next(iter(call.header("x-amz-content-sha256")), hashed)
    if re.fullmatch("[0-9a-f]{64}", payload) and payload != hashlib.sha256(call.body).hexdigest():
        raise Refused(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match "
                      "what was computed.")  # fmt: skip
    query = dict(parse_qsl(call.query, keep_blank_values=True))
    signed = parts.get("SignedHeaders", "").split(";")
    _hold_headers(call, signed)
    _hold(parts.get("Signature", ""), _canonical(call, query, signed, payload), keys, scope, began)
    return keys


def hold_form(fields: Mapping[str, str], find: Find, *, region: str) -> Keys:
    """Check the signature of a form's policy, and give whose keys signed it; the policy itself is not read."""
    if fields.get("x-amz-algorithm") != ALGORITHM:
        raise Refused(400, "InvalidArgument", f"X-Amz-Algorithm only supports {ALGORITHM}")
    keys, scope = _keys(fields.get("x-amz-credential", ""), fields.get("x-amz-security-token", ""), find)
    _hold_scope(scope, region, instant(fields.get("x-amz-date", "")), "InvalidArgument")
    _compare(sign(fields.get("policy", ""), keys, scope), fields.get("x-amz-signature", ""))
    return keys


def instant(text: str) -> dt.datetime:
    """Read a time as signatures have it."""
    try:
        return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise Refused(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header") from error


def sign(text: str, keys: Keys, scope: list[str]) -> str:
    """Sign a text by the key that the scope gives (day, region, service, terminator)."""
    key = f"AWS4{keys.secret_key}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def _keys(credential: str, token: str, find: Find, service: str = "s3") -> tuple[Keys, list[str]]:
    name, *scope = credential.split("/")
    keys = find(name)
    if keys is None:
        raise Refused(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
    if token != keys.token:
        raise Refused(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
    if len(scope) != 4 or scope[2:] != [service, "aws4_request"]:
        raise Refused(400, "AuthorizationHeaderMalformed", f"The credential's scope is not one of {service}")
    return keys, scope


def _hold_scope(scope: list[str], region: str, began: dt.datetime, code: str) -> None:
    """Hold a credential's scope to the region that is asked and the day of the signature."""
    if scope[1] != region:
        raise Refused(400, code, f"Error parsing the X-Amz-Credential parameter; the region '{scope[1]}' is wrong; "
                      f"expecting '{region}'")  # fmt: skip
    if scope[0] != f"{began:%Y%m%d}":
        raise Refused(400, code, f'Invalid credential date "{scope[0]}". This date is not the same as X-Amz-Date: '
                      f'"{began:%Y%m%d}".')  # fmt: skip


def _hold_headers(call: Call, signed: list[str]) -> None:
    """Hold a request to having signed the host and every x-amz- header; the digest stands for the body itself."""
    names = {name.lower() for name, _ in call.headers}
    wanted = {"host"} | {name for name in names if name.startswith("x-amz-") and name != "x-amz-content-sha256"}
    if wanted - set(signed):
        raise Refused(403, "AccessDenied", "There were headers present in the request which were not signed")


def _canonical(call: Call, query: Mapping[str, str], signed: list[str], payload: str) -> str:
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query.items())
    lines = "".join(f"{name}:{' '.join(' '.join(call.header(name)).split())}\n" for name in signed)
    path = quote(unquote(call.path), safe="/~")
    encoded = "&".join(f"{name}={value}" for name, value in pairs)
    return "\n".join([call.method, path, encoded, lines, ";".join(signed), payload])


def _hold(signature: str, canonical: str, keys: Keys, scope: list[str], began: dt.datetime) -> None:
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join([ALGORITHM, f"{began:%Y%m%dT%H%M%SZ}", "/".join(scope), digest])
    _compare(sign(text, keys, scope), signature)


def _compare(calculated: str, given: str) -> None:
    if not hmac.compare_digest(calculated.encode(), given.encode(errors="replace")):
        raise Refused(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature "
                      "you provided. Check your key and signing method.")  # fmt: skip
