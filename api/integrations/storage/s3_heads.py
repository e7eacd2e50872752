"""Heads of the audit trail in a bucket with versions and an object lock: whoever may write one cannot take it back.

Each is locked by its own headers, not by the bucket's default alone: S3 refuses them where the bucket has no lock, so
that a head is never kept where it could be removed (S3 user guide, "Object Lock considerations"). Reading looks at
every version: an object that was hidden by a delete marker or by a newer one is found all the same.
"""

import base64
import datetime as dt
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from django.conf import settings

from api.integrations.aws.credentials import CredentialSource, CredentialsUnavailable
from api.integrations.aws.signing import Signer, encoded_query
from api.integrations.aws.transport import Answer, Unreachable, send
from api.proposals.ports import AlreadyKept, Kept, StoreUnavailable

_XML = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class S3HeadStore:
    """A bucket with an object lock, behind S3's own host of the region; `lasts` is how long each head is locked."""

    def __init__(
        self,
        *,
        bucket: str,
        endpoint: str,
        region: str,
        lasts: dt.timedelta,
        credentials: CredentialSource,
        transport: Callable[..., Answer] = send,
    ) -> None:
        self._bucket = bucket
        self._host = f"{bucket}.{endpoint}"
        self._region = region
        self._lasts = lasts
        self._credentials = credentials
        self._send = transport

    def keep(self, name: str, content: bytes) -> None:
        until = dt.datetime.now(dt.UTC) + self._lasts
        headers = {
            "content-type": "application/json",
            # S3 API reference, "PutObject": the checksum is required where an object is locked.
            "x-amz-sdk-checksum-algorithm": "SHA256",
            "x-amz-checksum-sha256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
            "x-amz-object-lock-mode": "GOVERNANCE",
            "x-amz-object-lock-retain-until-date": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "if-none-match": "*",
        }
        answer = self._call("PUT", name, headers=headers, body=content)
        if answer.status == 412:
            raise AlreadyKept(name)
        if answer.status != 200:
            raise self._refused("PUT", name, answer)

    def names(self) -> Iterator[Kept]:
        found: list[tuple[dt.datetime, str, str]] = []
        after: dict[str, str] = {}
        while True:
            answer = self._call("GET", "", query={"versions": "", **after})
            if answer.status != 200:
                raise self._refused("GET ?versions", "", answer)
            page = ET.fromstring(answer.body)  # noqa: S314  the answer of a service that we trust, by TLS
            for version in page.iter(f"{_XML}Version"):
                name, id_, modified = (_text(version, tag) for tag in ("Key", "VersionId", "LastModified"))
                found.append((dt.datetime.fromisoformat(modified), name, id_))
            if _text(page, "IsTruncated") != "true":
                break
            after = {
                "key-marker": _text(page, "NextKeyMarker"),
                "version-id-marker": _text(page, "NextVersionIdMarker"),
            }
        # By S3's own clock: whoever may write chooses the name, and could choose one that comes before the others.
        for _modified, name, id_ in sorted(found):
            yield Kept(name=name, version=id_)

    def read(self, kept: Kept) -> bytes:
        answer = self._call("GET", kept.name, query={"versionId": kept.version})
        if answer.status != 200:
            raise self._refused("GET", kept.name, answer)
        return answer.body

    def _call(
        self,
        method: str,
        key: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        # A signature is checked against the clock of S3, so that here only the real time will do.
        at = dt.datetime.now(dt.UTC)
        try:
            signer = Signer(credentials=self._credentials.current(at=at), region=self._region, service="s3")
        except CredentialsUnavailable as error:
            raise StoreUnavailable(str(error)) from error
        signed = signer.signed_headers(method, self._host, f"/{key}", at=at, query=query, headers=headers, payload=body)
        url = f"https://{self._host}/{quote(key)}" + (f"?{encoded_query(query)}" if query else "")
        try:
            return self._send(method, url, signed, body=body)
        except Unreachable as error:
            raise StoreUnavailable(str(error)) from error

    def _refused(self, what: str, key: str, answer: Answer) -> StoreUnavailable:
        reason = answer.body[:500].decode(errors="replace")
        return StoreUnavailable(f"{what} {key} in {self._bucket} was answered {answer.status}: {reason}")


def from_settings() -> S3HeadStore:
    """Return the store that this stage's settings name."""
    return S3HeadStore(
        bucket=settings.AUDIT_BUCKET,
        endpoint=f"s3.{settings.AWS_REGION}.amazonaws.com",
        region=settings.AWS_REGION,
        lasts=dt.timedelta(days=settings.AUDIT_LOCK_DAYS),
        credentials=CredentialSource(),
    )


def _text(element: ET.Element, tag: str) -> str:
    return element.findtext(f"{_XML}{tag}") or ""
