"""Files in an S3 bucket: pages reach it through the interface endpoint, the function through the gateway endpoint.

The interface endpoint lets the company in and no function; functions have the gateway, which S3's own name leads to and
which costs nothing.
"""

import base64
import binascii
import datetime as dt
from collections.abc import Callable

from django.conf import settings

from api.integrations.aws.credentials import CredentialSource, CredentialsUnavailable
from api.integrations.aws.signing import Credentials, Signer
from api.integrations.aws.transport import LARGEST_ANSWER, Answer, Unreachable, send
from api.integrations.storage.offers import download_query, form_conditions, form_fields
from api.proposals.ports import Download, ExpectedFile, StoredFile, StoreUnavailable, Upload


class S3Store:
    """A bucket without a dot in its name, by virtual-hosted addresses: one origin a bucket.

    Pages meet it behind `endpoint`; what this process asks itself it asks `own`, where that is another host.
    """

    def __init__(
        self,
        *,
        bucket: str,
        endpoint: str,
        region: str,
        credentials: CredentialSource,
        transport: Callable[..., Answer] = send,
        own: str = "",
    ) -> None:
        self._bucket = bucket
        self._host = f"{bucket}.{endpoint}"
        self._own = f"{bucket}.{own or endpoint}"
        self._region = region
        self._credentials = credentials
        self._send = transport

    def offer_upload(self, file: ExpectedFile, *, at: dt.datetime, lasts: dt.timedelta) -> Upload:
        signer = self._signer(at)
        expires_at = _earlier(at + lasts, signer.credentials)
        fields = signer.signed_form(
            form_fields(file), at=at, expires_at=expires_at, conditions=form_conditions(file, bucket=self._bucket)
        )
        return Upload(url=f"https://{self._host}/", fields=fields, expires_at=expires_at)

    def offer_download(
        self, key: str, *, name: str, content_type: str, at: dt.datetime, lasts: dt.timedelta
    ) -> Download:
        signer = self._signer(at)
        expires_at = _earlier(at + lasts, signer.credentials)
        query = download_query(name=name, content_type=content_type)
        # Credentials in their last second still sign for one.
        lasts = max(expires_at - at, dt.timedelta(seconds=1))
        url = signer.signed_url("GET", self._host, f"/{key}", at=at, lasts=lasts, query=query)
        return Download(url=url, expires_at=expires_at)

    def look_up(self, key: str) -> StoredFile | None:
        """Return what lies under a key.

        Without the right to list the bucket S3 answers 403 where nothing lies, as for a right that is missing
        (S3 API reference, "HeadObject"): `StoreUnavailable` says so to whoever reads the log.
        """
        answer = self._call("HEAD", key, {"x-amz-checksum-mode": "ENABLED"})
        if answer.status == 404:
            return None
        if answer.status != 200:
            hint = " Does the role have s3:GetObject, and s3:ListBucket on the bucket?" if answer.status == 403 else ""
            raise StoreUnavailable(f"HEAD of {key} in {self._bucket} was answered {answer.status}.{hint}")
        return StoredFile(
            size=int(answer.headers["content-length"]), sha256=_hex(answer.headers.get("x-amz-checksum-sha256"))
        )

    def delete(self, key: str) -> None:
        answer = self._call("DELETE", key, {})
        if answer.status not in {200, 204, 404}:
            raise StoreUnavailable(f"DELETE of {key} in {self._bucket} was answered {answer.status}.")

    def put(self, key: str, content: bytes, *, headers: dict[str, str]) -> None:
        """Put bytes that this process holds under a key, with these headers of S3's."""
        answer = self._call("PUT", key, headers, content)
        if answer.status != 200:
            raise StoreUnavailable(f"PUT of {key} in {self._bucket} was answered {answer.status}.")

    def read(self, key: str, *, largest: int) -> bytes | None:
        """Return the bytes under a key, at most `largest` of them; None where nothing lies."""
        answer = self._call("GET", key, {}, largest=largest)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise StoreUnavailable(f"GET of {key} in {self._bucket} was answered {answer.status}.")
        return answer.body

    def _call(
        self, method: str, key: str, headers: dict[str, str], body: bytes = b"", *, largest: int = LARGEST_ANSWER
    ) -> Answer:
        # A signature is checked against the clock of S3, so that here only the real time will do.
        at = dt.datetime.now(dt.UTC)
        signed = self._signer(at).signed_headers(method, self._own, f"/{key}", at=at, headers=headers, payload=body)
        try:
            return self._send(method, f"https://{self._own}/{key}", signed, body=body, largest=largest)
        except Unreachable as error:
            raise StoreUnavailable(str(error)) from error

    def _signer(self, at: dt.datetime) -> Signer:
        try:
            credentials = self._credentials.current(at=at)
        except CredentialsUnavailable as error:
            raise StoreUnavailable(str(error)) from error
        return Signer(credentials=credentials, region=self._region, service="s3")


def from_settings() -> S3Store:
    """Return the store that this stage's settings name."""
    return S3Store(
        bucket=settings.ATTACHMENTS_BUCKET,
        endpoint=settings.ATTACHMENTS_ENDPOINT,
        region=settings.AWS_REGION,
        credentials=CredentialSource(),
        own=f"s3.{settings.AWS_REGION}.amazonaws.com",
    )


def _earlier(end: dt.datetime, credentials: Credentials) -> dt.datetime:
    """Return when something signed really ends: a signature dies with the credentials behind it."""
    return end if credentials.expires_at is None else min(end, credentials.expires_at)


def _hex(checksum: str | None) -> str | None:
    """Return a checksum of S3's in hex; None for none, and for a checksum of checksums ("...-3")."""
    try:
        return base64.b64decode(checksum or "", validate=True).hex() or None
    except binascii.Error:
        return None
