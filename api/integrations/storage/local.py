"""Files in a folder of this machine, with the leaves of S3: signed, ending, and held to by `local_views`."""

import datetime as dt
import hashlib
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

from api.integrations.aws.signing import Credentials, Signer
from api.integrations.storage.offers import download_query, form_conditions, form_fields
from api.proposals.ports import Download, ExpectedFile, StoredFile, StoreUnavailable, Upload

ADDRESS = "api/local-storage"
BUCKET = "local"
_HOST = "local-storage"  # what signatures name as host: the real one is known only to requests
_KEY = re.compile(r"[a-z]+/[0-9a-f]{32}")
_ABANDONED_AFTER = 24 * 60 * 60  # seconds


class LocalStore:
    """A folder: what lies in it is whole, what is still arriving lies in `incoming` and is moved in at the end."""

    def __init__(self, folder: Path, *, secret: str) -> None:
        self._folder = folder
        self.signer = Signer(
            credentials=Credentials(access_key="local", secret_key=secret), region="local", service="s3"
        )

    def offer_upload(self, file: ExpectedFile, *, at: dt.datetime, lasts: dt.timedelta) -> Upload:
        fields = self.signer.signed_form(
            form_fields(file), at=at, expires_at=at + lasts, conditions=form_conditions(file, bucket=BUCKET)
        )
        return Upload(url=f"/{ADDRESS}", fields=fields, expires_at=at + lasts)

    def offer_download(
        self, key: str, *, name: str, content_type: str, at: dt.datetime, lasts: dt.timedelta
    ) -> Download:
        query = download_query(name=name, content_type=content_type)
        return Download(url=self.signed_path(key, query=query, at=at, lasts=lasts), expires_at=at + lasts)

    def signed_path(self, key: str, *, query: dict[str, str], at: dt.datetime, lasts: dt.timedelta) -> str:
        """Return the path and query by which a file is read; the same values give the same signature."""
        url = self.signer.signed_url("GET", _HOST, f"/{ADDRESS}/{key}", at=at, lasts=lasts, query=query)
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}"

    def look_up(self, key: str) -> StoredFile | None:
        try:
            with self.path_of(key).open("rb") as file:
                # By blocks: a file may be larger than what this process should hold.
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                return StoredFile(size=file.tell(), sha256=digest)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def delete(self, key: str) -> None:
        try:
            self.path_of(key).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def path_of(self, key: str) -> Path:
        """Return where a key's file lies; raises `StoreUnavailable` for what is no key of ours, so no path either."""
        if not _KEY.fullmatch(key):
            raise StoreUnavailable(f"{key!r} is no key.")
        return self._folder / key

    def incoming(self) -> Path:
        """Return the folder for what is arriving, without what a process that was ended left there."""
        folder = self._folder / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if file.stat().st_mtime < time.time() - _ABANDONED_AFTER:
                file.unlink(missing_ok=True)
        return folder

    def keep(self, arrived: Path, *, key: str) -> None:
        """Move a file that has wholly arrived to its place, at once: nobody ever sees half of it."""
        place = self.path_of(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        arrived.replace(place)


def from_settings() -> LocalStore:
    """Return this machine's store, whose signatures nobody can make without its secret key."""
    secret = salted_hmac("api.integrations.storage.local", "signing", algorithm="sha256").hexdigest()
    return LocalStore(Path(settings.ATTACHMENTS_FOLDER), secret=secret)
