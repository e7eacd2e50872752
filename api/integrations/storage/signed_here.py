"""Leaves to send and to read that this application signs, and holds browsers to itself: with the manners of S3."""

import datetime as dt
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.urls import get_script_prefix
from django.utils.crypto import salted_hmac

from api.integrations.aws.signing import CannotSign, Credentials, Signer
from api.integrations.storage.form_policy import hold_to_policy
from api.integrations.storage.offers import download_query, form_conditions, form_fields
from api.proposals.ports import Download, ExpectedFile, Upload

BUCKET = "local"
_HOST = "local-storage"  # what signatures name as host: the real one is known only to requests


def key_for(purpose: str) -> str:
    """Return a key to sign with, which nobody can make without the application's secret key."""
    return salted_hmac(purpose, "signing", algorithm="sha256").hexdigest()


class SignedHere:
    """Signs for addresses of this application; `address` is the path of uploads, and begins those of downloads."""

    def __init__(self, *, address: str, secret: str) -> None:
        self._address = address
        self._signer = Signer(
            credentials=Credentials(access_key="local", secret_key=secret), region="local", service="s3"
        )

    def offer_upload(self, file: ExpectedFile, *, at: dt.datetime, lasts: dt.timedelta) -> Upload:
        fields = self._signer.signed_form(
            form_fields(file), at=at, expires_at=at + lasts, conditions=form_conditions(file, bucket=BUCKET)
        )
        return Upload(url=f"{get_script_prefix()}{self._address}", fields=fields, expires_at=at + lasts)

    def offer_download(
        self, key: str, *, name: str, content_type: str, at: dt.datetime, lasts: dt.timedelta
    ) -> Download:
        query = download_query(name=name, content_type=content_type)
        path = self._signed_path(key, query=query, at=at, lasts=lasts)
        return Download(url=f"{get_script_prefix()}{path.removeprefix('/')}", expires_at=at + lasts)

    def hold(self, fields: Mapping[str, str], *, size: int, sha256: str, at: dt.datetime) -> None:
        """Raise `UploadRefused` unless this form allows a file of this size and digest at `at`."""
        hold_to_policy(fields, bucket=BUCKET, size=size, sha256=sha256, signer=self._signer, at=at)

    def refusal(self, key: str, query: Mapping[str, str], *, at: dt.datetime) -> HttpResponse | None:
        """Return what to answer to whoever has no leave to read a file at `at`; None where they have.

        The same values are signed again; what comes out must be the very address that was asked for.
        """
        try:
            signed_at = dt.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
            lasts = dt.timedelta(seconds=int(query["X-Amz-Expires"]))
            plain = {name: value for name, value in query.items() if not name.startswith("X-Amz-")}
            own = self._signed_path(key, query=plain, at=signed_at, lasts=lasts)
        except (KeyError, ValueError, OverflowError, CannotSign):
            own = ""
        signature = own.rpartition("=")[2]
        if not own or not hmac.compare_digest(signature.encode(), query.get("X-Amz-Signature", "").encode()):
            return error(403, "SignatureDoesNotMatch", "The address was changed, or was never signed here.")
        return error(403, "AccessDenied", "Request has expired.") if at >= signed_at + lasts else None

    def _signed_path(self, key: str, *, query: dict[str, str], at: dt.datetime, lasts: dt.timedelta) -> str:
        """Return the path and query by which a file is read; the same values give the same signature."""
        url = self._signer.signed_url("GET", _HOST, f"/{self._address}/{key}", at=at, lasts=lasts, query=query)
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}"


def error(status: int, code: str, message: str) -> HttpResponse:
    """Return an error as S3 writes it."""
    document = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{document}', status=status, content_type="application/xml"
    )
