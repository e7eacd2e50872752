"""What the domain asks of outside systems. No Django here; adapters are in `api/integrations`."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class ExpectedFile:
    """A file before it arrives: where it goes, and what it must be. `size` is bytes, `sha256` hex."""

    key: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A form to send to `url` as multipart/form-data: first `fields` as they are, then the bytes as `file`.

    `url` is absolute, or a path on the API's own host. After `expires_at` the store refuses it.
    """

    url: str
    fields: dict[str, str]
    expires_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Download:
    """An address that gives one file to whoever has it, until `expires_at`; absolute, or on the API's own host."""

    url: str
    expires_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """What the store holds: its size in bytes, and the SHA-256 (hex) of its bytes, None where it knows none."""

    size: int
    sha256: str | None


class StoreUnavailable(Exception):
    """The store cannot be asked now, or nothing can be signed for it: try again later. The text is for the log."""


class AlreadyKept(Exception):
    """Something is kept under this name already; it stays as it is."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a head store keeps: its name, and the version where one name has several, else ""."""

    name: str
    version: str = ""


class HeadStore(Protocol):
    """A place that keeps what it was given: versioned and locked, out of reach of whoever can write the database.

    Every method raises `StoreUnavailable`.
    """

    def keep(self, name: str, content: bytes) -> None:
        """Store `content` for good under a new name, such as 2026/11/22/031500000000-42.json.

        Raises `AlreadyKept` where the name is taken.
        """

    def names(self) -> Iterator[Kept]:
        """Yield all that is kept, in the order in which it was.

        Where somebody hid or overwrote something, what was there before is among it.
        """

    def read(self, kept: Kept) -> bytes:
        """Return what was kept."""


class AttachmentStore(Protocol):
    """Where the bytes of files lie. Browsers send to it and read from it themselves, by leave that ends.

    Every method raises `StoreUnavailable`.
    """

    def offer_upload(self, file: ExpectedFile, *, at: dt.datetime, lasts: dt.timedelta) -> Upload:
        """Return the leave to send exactly this file: another key, type, size or digest is refused by the store.

        It ends after `lasts`, or earlier where the credentials that signed it do.
        """

    def offer_download(
        self, key: str, *, name: str, content_type: str, at: dt.datetime, lasts: dt.timedelta
    ) -> Download:
        """Return the leave to read a file, always as a download called `name`, never shown in the page's place."""

    def look_up(self, key: str) -> StoredFile | None:
        """Return what lies under a key, None where nothing does."""

    def delete(self, key: str) -> None:
        """Delete what lies under a key; nothing there is as good."""


class ScanVerdict(StrEnum):
    """`infected` keeps a file from everyone for good, `pending` keeps it in quarantine until it is asked again."""

    CLEAN = "clean"
    INFECTED = "infected"
    PENDING = "pending"


class ScannerUnavailable(Exception):
    """The scanner gave no verdict; counts as `pending`. The text is for the log."""


class MalwareScanner(Protocol):
    """Says whether a file is harmful, once all of it lies in the store. docs/attachments.md says how to write one."""

    def verdict_on(self, key: str, *, size: int, sha256: str) -> ScanVerdict:
        """Return the verdict, within a second or two: a scan that takes longer is `pending` until it is asked again.

        It may be asked about the same file many times, also at once. Raises `ScannerUnavailable`.
        """


class MailUnavailable(Exception):
    """The relay cannot be reached or does not take it now: try again later. The text is for the log."""


class MailRefused(Exception):
    """The relay will never take it, such as for an address that does not exist."""


class Mailer(Protocol):
    """The company's mail. A repetition bears the same `message_id`, so that mail programs show it once."""

    def send(self, *, to: str, subject: str, body: str, message_id: str) -> None:
        """Send plain text to one address; raises `MailUnavailable` or `MailRefused`."""
