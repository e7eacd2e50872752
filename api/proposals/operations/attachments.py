"""Put files beside a draft: leave to send one, check what arrived, take it away again.

The bytes go from the browser to the store and never through here. Stores and scanners are asked outside of any
transaction, because they may be slow; what they said is then written by an UPDATE that holds only while nobody was
faster.
"""

import datetime as dt
import logging
import secrets
from dataclasses import dataclass

from django.db import transaction

from api.organization.models import Person
from api.proposals import attachments, audit, files
from api.proposals.errors import (
    AttachmentNotArrived,
    AttachmentNotExpected,
    AttachmentsUnfinished,
    NoSuchAttachment,
    StorageUnavailable,
    TooManyAttachments,
)
from api.proposals.models import Attachment, AttachmentState, Proposal, Revision, RevisionAttachment
from api.proposals.operations import _shared
from api.proposals.ports import (
    AttachmentStore,
    Download,
    ExpectedFile,
    MalwareScanner,
    ScannerUnavailable,
    ScanVerdict,
    StoreUnavailable,
    Upload,
)
from api.proposals.states import Operation

UPLOAD_LASTS = dt.timedelta(hours=1)
DOWNLOAD_LASTS = dt.timedelta(minutes=2)
UNFINISHED = [AttachmentState.EXPECTED, AttachmentState.QUARANTINED]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What the checks say of a file that arrived; `reason` says why it is refused, else it is empty."""

    state: AttachmentState
    reason: str = ""


def add_attachment(
    *,
    proposal_id: int,
    name: str,
    content_type: str,
    size: int,
    sha256: str,
    by: Person,
    at: dt.datetime,
    store: AttachmentStore,
) -> tuple[Attachment, Upload]:
    """Expect a file of `size` bytes whose SHA-256 is `sha256` (hex), and return the leave to send it.

    `content_type` is what the browser says of it. Raises the refusals of `files`, `TooManyAttachments`, and
    `StorageUnavailable`.
    """
    limits = files.limits()
    name = files.checked_name(name)
    kind = files.checked_kind(name, content_type=content_type, size=size, within=limits)
    # A key says nothing of the file, and nobody can guess it.
    key = f"attachments/{secrets.token_hex(16)}"
    upload = _offer(ExpectedFile(key=key, content_type=kind.content_type, size=size, sha256=sha256), at=at, store=store)
    with transaction.atomic():
        proposal = _shared.lock(proposal_id=proposal_id, by=by)
        _shared.permit(Operation.ATTACH, proposal=proposal, by=by)
        if attachments.working_copy(proposal).count() >= limits.most:
            raise TooManyAttachments(limit=limits.most)
        attachment = Attachment.objects.create(
            proposal=proposal,
            uploaded_by=by,
            name=name,
            content_type=kind.content_type,
            size=size,
            sha256=sha256,
            key=key,
            created_at=at,
            offered_until=upload.expires_at,
        )
    return attachment, upload


def renew_upload(
    *, attachment_id: int, by: Person, at: dt.datetime, store: AttachmentStore
) -> tuple[Attachment, Upload]:
    """Return a new leave to send a file whose first one ended, or died with the credentials that signed it.

    Raises `AttachmentNotExpected` where the file has arrived, and `StorageUnavailable`.
    """
    attachment = _changeable(attachment_id, by=by)
    expected = ExpectedFile(
        key=attachment.key, content_type=attachment.content_type, size=attachment.size, sha256=attachment.sha256
    )
    upload = _offer(expected, at=at, store=store)
    with transaction.atomic():
        attachment = _locked(attachment, by=by)
        if attachment.state != AttachmentState.EXPECTED:
            raise AttachmentNotExpected(name=attachment.name, state=attachment.state)
        # The older leave may still be good for longer. The timer gives files up without asking for the lock.
        until = max(attachment.offered_until, upload.expires_at)
        expected_still = Attachment.objects.filter(pk=attachment.pk, state=AttachmentState.EXPECTED)
        if expected_still.update(offered_until=until) != 1:
            raise NoSuchAttachment(attachment=attachment_id)
    return attachment, upload


def confirm_attachment(
    *, attachment_id: int, by: Person, at: dt.datetime, store: AttachmentStore, scanner: MalwareScanner | None
) -> Attachment:
    """Check what arrived, and return the file as it then is: available, quarantined, or refused with a reason.

    Confirming again is harmless. Raises `AttachmentNotArrived` while the store has nothing, and `StorageUnavailable`.
    """
    attachment = _changeable(attachment_id, by=by)
    if attachment.state not in UNFINISHED:
        return attachment
    outcome = inspect(attachment, store=store, scanner=scanner)
    with transaction.atomic():
        proposal = _shared.lock(proposal_id=attachment.proposal_id, by=by)
        _shared.permit(Operation.ATTACH, proposal=proposal, by=by)
        settle(attachment, outcome, proposal=proposal, by=by, at=at)
    return attachments.attachment_for(person=by, attachment_id=attachment_id)


@transaction.atomic
def remove_attachment(*, attachment_id: int, by: Person, at: dt.datetime) -> None:
    """Take a file out of the working copy.

    What a revision holds stays with it; the bytes of any other file are deleted by the timer.
    """
    attachment = _locked(_changeable(attachment_id, by=by), by=by)
    was_there = attachment.state != AttachmentState.EXPECTED
    if attachment.revisions.exists():
        attachment.detached_at = at
    else:
        attachment.state, attachment.reason = AttachmentState.REMOVED, ""
    attachment.save(update_fields=["state", "reason", "detached_at"])
    if was_there:
        _record("attachment_removed", attachment, proposal=attachment.proposal, by=by, at=at)


def offer_download(*, attachment_id: int, by: Person, at: dt.datetime, store: AttachmentStore) -> Download:
    """Return the leave to read a file; raises what `attachments.readable_by` does, and `StorageUnavailable`."""
    attachment = attachments.readable_by(person=by, attachment_id=attachment_id)
    try:
        return store.offer_download(
            attachment.key,
            name=attachment.name,
            content_type=attachment.content_type,
            at=at,
            lasts=DOWNLOAD_LASTS,
        )
    except StoreUnavailable as error:
        raise _unavailable(error) from error


def ready_files(proposal: Proposal) -> list[Attachment]:
    """Return the files of the working copy; raises `AttachmentsUnfinished` unless all have passed their checks."""
    found = list(attachments.working_copy(proposal))
    unfinished = [row.name for row in found if row.state != AttachmentState.AVAILABLE]
    if unfinished:
        raise AttachmentsUnfinished(names=unfinished)
    return found


def freeze_files(found: list[Attachment], *, revision: Revision) -> None:
    """Keep files with a revision, for good."""
    RevisionAttachment.objects.bulk_create(RevisionAttachment(revision=revision, attachment=row) for row in found)


def inspect(attachment: Attachment, *, store: AttachmentStore, scanner: MalwareScanner | None) -> Outcome:
    """Ask the store and the scanner about a file; call outside of any transaction.

    Raises `AttachmentNotArrived` and `StorageUnavailable`. A scanner that does not answer has not said no: the file
    stays in quarantine.
    """
    try:
        stored = store.look_up(attachment.key)
    except StoreUnavailable as error:
        raise _unavailable(error) from error
    if stored is None:
        raise AttachmentNotArrived(name=attachment.name)
    if stored.size != attachment.size:
        return Outcome(AttachmentState.REFUSED, "wrong_size")
    if stored.sha256 != attachment.sha256:
        return Outcome(AttachmentState.REFUSED, "wrong_digest")
    verdict = ScanVerdict.CLEAN
    if scanner is not None:
        try:
            verdict = scanner.verdict_on(attachment.key, size=attachment.size, sha256=attachment.sha256)
        except ScannerUnavailable as error:
            _log.warning("The scanner gave no verdict on attachment %s: %s", attachment.pk, error)
            verdict = ScanVerdict.PENDING
    return {
        ScanVerdict.CLEAN: Outcome(AttachmentState.AVAILABLE),
        ScanVerdict.INFECTED: Outcome(AttachmentState.REFUSED, "infected"),
        ScanVerdict.PENDING: Outcome(AttachmentState.QUARANTINED),
    }[verdict]


def settle(attachment: Attachment, outcome: Outcome, *, proposal: Proposal, by: Person | None, at: dt.datetime) -> bool:
    """Write what the checks said, once; return whether this call did. The caller holds the proposal's lock."""
    unfinished = Attachment.objects.filter(pk=attachment.pk, state__in=UNFINISHED)
    if unfinished.update(state=outcome.state, reason=outcome.reason, checked_at=at) != 1:
        return False  # another confirmation was faster, or the file was removed meanwhile
    if outcome.state is AttachmentState.AVAILABLE:
        _record("attachment_added", attachment, proposal=proposal, by=by, at=at, sha256=attachment.sha256)
    elif outcome.state is AttachmentState.REFUSED:
        _record("attachment_refused", attachment, proposal=proposal, by=by, at=at, reason=outcome.reason)
    return True


def _changeable(attachment_id: int, *, by: Person) -> Attachment:
    """Return a file of a working copy that `by` may change; raises why not."""
    attachment = attachments.attachment_for(person=by, attachment_id=attachment_id)
    _shared.permit(Operation.ATTACH, proposal=attachment.proposal, by=by)
    if attachment.detached_at is not None:
        raise NoSuchAttachment(attachment=attachment_id)
    return attachment


def _locked(attachment: Attachment, *, by: Person) -> Attachment:
    """Return the file as it is under the proposal's lock, still changeable; raises why not."""
    proposal = _shared.lock(proposal_id=attachment.proposal_id, by=by)
    fresh = _changeable(attachment.pk, by=by)
    fresh.proposal = proposal
    return fresh


def _offer(expected: ExpectedFile, *, at: dt.datetime, store: AttachmentStore) -> Upload:
    try:
        return store.offer_upload(expected, at=at, lasts=UPLOAD_LASTS)
    except StoreUnavailable as error:
        raise _unavailable(error) from error


def _unavailable(error: StoreUnavailable) -> StorageUnavailable:
    _log.warning("The storage for files cannot be used: %s", error)
    return StorageUnavailable()


def _record(
    kind: str, attachment: Attachment, *, proposal: Proposal, by: Person | None, at: dt.datetime, **data: str
) -> None:
    """Write the audit event: ids and digests, never the file's name."""
    audit.record(
        kind=kind, at=at, by=by, proposal=proposal, revision=proposal.revision, attachment_id=attachment.pk, **data
    )
