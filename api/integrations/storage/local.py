"""Files in a folder of this machine, with the leaves of S3: signed, ending, and held to by `local_views`."""

import hashlib
import re
import time
from pathlib import Path

from django.conf import settings

from api.integrations.storage.signed_here import SignedHere, key_for
from api.proposals.ports import StoredFile, StoreUnavailable

ADDRESS = "api/local-storage"
_KEY = re.compile(r"[a-z]+/[0-9a-f]{32}")
_ABANDONED_AFTER = 24 * 60 * 60  # seconds


class LocalStore(SignedHere):
    """A folder: what lies in it is whole, what is still arriving lies in `incoming` and is moved in at the end."""

    def __init__(self, folder: Path, *, secret: str) -> None:
        super().__init__(address=ADDRESS, secret=secret)
        self._folder = folder

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
    """Return this machine's store."""
    return LocalStore(Path(settings.ATTACHMENTS_FOLDER), secret=key_for("api.integrations.storage.local"))
