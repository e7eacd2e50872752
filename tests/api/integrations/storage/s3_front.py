"""S3 for tests: moto keeps the objects, and this front, which every request passes, checks what moto does not.

moto checks neither signatures nor a form's policy. Signatures are worked out here by botocore, policies are held to by
a reading of the S3 API reference ("POST policy", "POST Object") of its own; so what the application signs is judged by
neither the application's code nor moto.
"""

import base64
import datetime as dt
import hashlib
import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from api.integrations.aws.transport import Answer

BUCKET, REGION = "attachments-for-tests", "ap-northeast-1"
ENDPOINT = f"s3.{REGION}.amazonaws.com"
ACCESS_KEY, SECRET_KEY, TOKEN = "ASIATESTTESTTESTTEST", "a secret for tests", "a/session+token=="
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_SESSION_TOKEN": TOKEN}
_SOMEONE = (
    f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/20260101/{REGION}/s3/aws4_request, SignedHeaders=host, Signature=0"
)


class S3Front:
    """One bucket. `send` is what the application's store calls, `post` and `get` are what a browser does."""

    def __init__(self, host: str, port: int, *, bucket: str = BUCKET, locked: bool = False) -> None:
        self._moto = host, port
        self._credentials = Credentials(ACCESS_KEY, SECRET_KEY, TOKEN)
        where = f"<LocationConstraint>{REGION}</LocationConstraint>"
        where = f"<CreateBucketConfiguration>{where}</CreateBucketConfiguration>"
        headers = {"x-amz-bucket-object-lock-enabled": "true"} if locked else {}
        made = self._forward("PUT", f"https://{bucket}.{ENDPOINT}/", headers, where.encode())
        assert made.status in {200, 409}, made  # 409: it is there already

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        body: bytes = b"",
        timeout: float = 5.0,
        largest: int = 0,
    ) -> Answer:
        given = {name.lower(): value for name, value in headers.items()}
        signed_at = _instant(given["x-amz-date"])
        kept = {name: value for name, value in given.items() if name not in {"authorization", "host"}}
        request = AWSRequest(method, url, headers=kept, data=body)
        self._sign(botocore.auth.S3SigV4Auth(self._credentials, "s3", REGION), signed_at, request)
        if request.headers["Authorization"] != given["authorization"] or not _is_recent(signed_at):
            return Answer(403, {}, b"SignatureDoesNotMatch")
        return self._forward(method, url, given, body)

    def get(self, url: str) -> Answer:
        query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        signature = query.pop("X-Amz-Signature", "")
        if {"X-Amz-Date", "X-Amz-Expires"} - query.keys():
            return Answer(403, {}, b"AccessDenied")
        signed_at, seconds = _instant(query["X-Amz-Date"]), int(query["X-Amz-Expires"])
        plain = {name: value for name, value in query.items() if not name.startswith("X-Amz-")}
        bare = url.partition("?")[0] + "?" + urlencode(plain, quote_via=quote, safe="-_.~")
        request = AWSRequest("GET", bare)
        self._sign(botocore.auth.S3SigV4QueryAuth(self._credentials, "s3", REGION, seconds), signed_at, request)
        if dict(parse_qsl(urlsplit(str(request.url)).query))["X-Amz-Signature"] != signature:
            return Answer(403, {}, b"SignatureDoesNotMatch")
        if dt.datetime.now(dt.UTC) >= signed_at + dt.timedelta(seconds=seconds):
            return Answer(403, {}, b"AccessDenied")
        return self._forward("GET", url, {}, b"")

    def post(self, url: str, fields: Mapping[str, str], content: bytes) -> Answer:
        assert url == f"https://{BUCKET}.{ENDPOINT}/"
        given = {name.lower(): value for name, value in fields.items()}
        if refused := self._policy_refusal(given, len(content)):
            return refused
        checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
        if given["x-amz-checksum-sha256"] != checksum:
            return Answer(400, {}, b"BadDigest")
        # moto's own POST forgets the checksum, so it gets the object by PUT.
        headers = {
            "content-type": given["content-type"],
            "x-amz-sdk-checksum-algorithm": "SHA256",
            "x-amz-checksum-sha256": checksum,
        }
        stored = self._forward("PUT", f"{url}{given['key']}", headers, content)
        assert stored.status == 200, stored
        return Answer(204, {}, b"")

    def _policy_refusal(self, given: Mapping[str, str], size: int) -> Answer | None:
        auth = botocore.auth.SigV4Auth(self._credentials, "s3", REGION)
        request = AWSRequest("POST")
        request.context["timestamp"] = given.get("x-amz-date", "")
        if auth.signature(given["policy"], request) != given["x-amz-signature"]:
            return Answer(403, {}, b"SignatureDoesNotMatch")
        policy: dict[str, Any] = json.loads(base64.b64decode(given["policy"]))
        if dt.datetime.now(dt.UTC) >= dt.datetime.fromisoformat(policy["expiration"]):
            return Answer(403, {}, b"AccessDenied: expired")
        allowed: set[str] = {"policy", "x-amz-signature"}
        has_range = False
        for condition in policy["conditions"]:
            if isinstance(condition, list):
                kind, low, high = condition
                assert kind == "content-length-range"  # the only one of its sort that we use
                has_range = True
                if not low <= size <= high:
                    return Answer(400, {}, b"EntityTooSmall" if size < low else b"EntityTooLarge")
                continue
            ((name, value),) = condition.items()
            if {"bucket": BUCKET, **given}.get(name.lower()) != value:
                return Answer(403, {}, f"AccessDenied: {name}".encode())
            allowed.add(name.lower())
        assert has_range
        extra = set(given) - allowed
        return Answer(403, {}, f"AccessDenied: {extra}".encode()) if extra else None

    def _sign(self, auth: Any, at: dt.datetime, request: AWSRequest) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(botocore.auth, "get_current_datetime", lambda *_a, **_o: at.replace(tzinfo=None))
            auth.add_auth(request)

    def _forward(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(*self._moto, timeout=10)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            # moto only looks whether someone signed; who that is was checked before.
            passed = {"authorization": _SOMEONE, **headers, "host": parts.netloc}
            connection.request(method, target, body=body or None, headers=passed)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()


def _instant(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def _is_recent(at: dt.datetime) -> bool:
    return abs(dt.datetime.now(dt.UTC) - at) < dt.timedelta(minutes=15)
