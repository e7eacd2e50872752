"""Files beside proposals, which reached their state through the real operations, and what stands in for a scanner."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from api.integrations.storage.local import LocalStore, from_settings
from api.organization.models import Person
from api.proposals import operations
from api.proposals.models import Attachment, Proposal
from api.proposals.ports import (
    Download,
    ExpectedFile,
    ScannerUnavailable,
    ScanVerdict,
    StoredFile,
    StoreUnavailable,
    Upload,
)
from tests.company import NOON

CONTENT = "%PDF-1.7 見積書".encode()


class BrokenStore:
    """A store that cannot be reached: every method of the port raises what the port says."""

    def offer_upload(self, file: ExpectedFile, *, at: dt.datetime, lasts: dt.timedelta) -> Upload:
        raise StoreUnavailable("no credentials")

    def offer_download(
        self, key: str, *, name: str, content_type: str, at: dt.datetime, lasts: dt.timedelta
    ) -> Download:
        raise StoreUnavailable("no credentials")

    def look_up(self, key: str) -> StoredFile | None:
        raise StoreUnavailable("timed out")

    def delete(self, key: str) -> None:
        raise StoreUnavailable("timed out")


@dataclass
class Scanner:
    """A scanner that says what the test wants, None for nothing at all, and remembers what it was asked."""

    verdict: ScanVerdict | None
    asked: list[str] = field(default_factory=list)

    def verdict_on(self, key: str, *, size: int, sha256: str) -> ScanVerdict:
        self.asked.append(key)
        if self.verdict is None:
            raise ScannerUnavailable("timed out")
        return self.verdict


def store() -> LocalStore:
    return from_settings()


def expect(
    proposal: Proposal,
    *,
    by: Person,
    name: str = "見積書.pdf",
    content: bytes = CONTENT,
    size: int | None = None,
    at: dt.datetime = NOON,
) -> Attachment:
    """Say that a file is coming; it does not come."""
    attachment, _upload = operations.add_attachment(
        proposal_id=proposal.pk,
        name=name,
        content_type="",
        size=len(content) if size is None else size,
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
        at=at,
        store=store(),
    )
    return attachment


def deliver(attachment: Attachment, content: bytes = CONTENT) -> None:
    """Put bytes where the store expects them, as an upload that passed its checks does."""
    arrived = store().incoming() / "arriving"
    arrived.write_bytes(content)
    store().keep(arrived, key=attachment.key)


def confirm(
    attachment: Attachment, *, by: Person, scanner: Scanner | None = None, at: dt.datetime = NOON
) -> Attachment:
    return operations.confirm_attachment(attachment_id=attachment.pk, by=by, at=at, store=store(), scanner=scanner)


def attached(
    proposal: Proposal,
    *,
    by: Person,
    name: str = "見積書.pdf",
    content: bytes = CONTENT,
    scanner: Scanner | None = None,
    at: dt.datetime = NOON,
) -> Attachment:
    """Return a file that arrived and was checked."""
    attachment = expect(proposal, by=by, name=name, content=content, at=at)
    deliver(attachment, content)
    return confirm(attachment, by=by, scanner=scanner, at=at)
