"""Files in an S3 bucket that browsers do not reach: they send to the application and read from it, which has the way.

For the private API as the only door: an endpoint for S3 would cost more than all of the rest. A file is held in memory
once, and may be as large as one call of a function (`LARGEST`).
"""

import datetime as dt
from collections.abc import Mapping

from api.integrations.storage.s3 import S3Store
from api.integrations.storage.s3 import from_settings as s3_from_settings
from api.integrations.storage.signed_here import SignedHere, key_for
from api.proposals.ports import StoredFile

ADDRESS = "api/files"
LARGEST = 4 * 1024 * 1024
"""Bytes. A function takes and gives 6 MB of JSON, in which bytes are written by base64 (AWS, "Lambda quotas")."""
_OF_THE_OBJECT = {
    "content-type": "content-type",
    "content-disposition": "content-disposition",
    "x-amz-checksum-sha256": "x-amz-checksum-sha256",
    "x-amz-checksum-algorithm": "x-amz-sdk-checksum-algorithm",
}
"""Field of the form, in small letters -> the header by which S3 is told the same (S3 API reference, "PutObject")."""


class RelayedStore(SignedHere):
    """A bucket behind this application."""

    def __init__(self, bucket: S3Store, *, secret: str) -> None:
        super().__init__(address=ADDRESS, secret=secret)
        self._bucket = bucket

    def look_up(self, key: str) -> StoredFile | None:
        return self._bucket.look_up(key)

    def delete(self, key: str) -> None:
        self._bucket.delete(key)

    def take(self, content: bytes, fields: Mapping[str, str], *, sha256: str, at: dt.datetime) -> None:
        """Put a file that a form allows into the bucket; raises `UploadRefused`, `StoreUnavailable`.

        S3 reckons the digest again: what was lost or changed on the way there is refused.
        """
        self.hold(fields, size=len(content), sha256=sha256, at=at)
        given = {name.lower(): value for name, value in fields.items()}
        headers = {header: given[name] for name, header in _OF_THE_OBJECT.items()}
        self._bucket.put(given["key"], content, headers=headers)

    def read(self, key: str) -> bytes | None:
        """Return a file's bytes, None where there is none; raises `StoreUnavailable`."""
        return self._bucket.read(key, largest=LARGEST)


def from_settings() -> RelayedStore:
    """Return the store that this stage's settings name."""
    return RelayedStore(s3_from_settings(), secret=key_for("api.integrations.storage.relayed"))
