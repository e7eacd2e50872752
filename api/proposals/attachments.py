"""Which files a person sees: the working copy is the applicant's own, all others see what a revision holds."""

from enum import StrEnum

from django.db.models import QuerySet

from api.organization.models import Person
from api.proposals import permissions
from api.proposals.errors import AttachmentNotReady, NoSuchAttachment
from api.proposals.models import Attachment, AttachmentState, Proposal, Revision, RevisionAttachment
from api.proposals.ports import AttachmentStore, StoredFile


def working_copy(proposal: Proposal) -> QuerySet[Attachment]:
    """Select the files of what the applicant is writing, oldest first."""
    kept = Attachment.objects.filter(proposal=proposal, detached_at__isnull=True)
    return kept.exclude(state=AttachmentState.REMOVED).select_related("uploaded_by").order_by("id")


def submitted_with(revision: Revision) -> QuerySet[Attachment]:
    """Select the files that were submitted as part of a revision, oldest first."""
    return Attachment.objects.filter(revisions__revision=revision).select_related("uploaded_by").order_by("id")


def attachment_for(*, person: Person, attachment_id: int) -> Attachment:
    """Return a file that `person` may know of, with its proposal; raises `NoSuchAttachment` for all others.

    Whoever may see the proposal knows of the files of its revisions, only applicant and uploader of the others.
    """
    found = Attachment.objects.filter(pk=attachment_id).exclude(state=AttachmentState.REMOVED)
    attachment = found.select_related("proposal", "uploaded_by").first()
    if attachment is None or not permissions.visible_to(person).filter(pk=attachment.proposal_id).exists():
        raise NoSuchAttachment(attachment=attachment_id)
    is_own = person.pk in {attachment.uploaded_by_id, attachment.proposal.applicant_id}
    if not is_own and not RevisionAttachment.objects.filter(attachment=attachment).exists():
        raise NoSuchAttachment(attachment=attachment_id)
    return attachment


def readable_by(*, person: Person, attachment_id: int) -> Attachment:
    """Return a file that `person` may download now.

    Raises `NoSuchAttachment`, and `AttachmentNotReady` for what has not arrived, was refused, or, for everyone but
    its uploader, is still in quarantine.
    """
    attachment = attachment_for(person=person, attachment_id=attachment_id)
    readable = {AttachmentState.AVAILABLE}
    if attachment.uploaded_by_id == person.pk:
        readable.add(AttachmentState.QUARANTINED)
    if attachment.state not in readable:
        raise AttachmentNotReady(name=attachment.name, state=attachment.state)
    return attachment


class Mismatch(StrEnum):
    """How what the store holds differs from what the database says."""

    MISSING = "missing"
    SIZE = "size"
    DIGEST = "digest"
    UNKNOWN = "unknown"


def compare(store: AttachmentStore) -> tuple[int, list[tuple[int, Mismatch]]]:
    """Ask the store about every file that people may read; return how many, and the ids of those that differ, and how.

    Raises `StoreUnavailable`.
    """
    count, wrong = 0, []
    for attachment in Attachment.objects.filter(state=AttachmentState.AVAILABLE).order_by("id").iterator():
        count += 1
        mismatch = _mismatch(attachment, store.look_up(attachment.key))
        if mismatch is not None:
            wrong.append((attachment.pk, mismatch))
    return count, wrong


def _mismatch(attachment: Attachment, stored: StoredFile | None) -> Mismatch | None:
    if stored is None:
        return Mismatch.MISSING
    if stored.size != attachment.size:
        return Mismatch.SIZE
    if stored.sha256 is None:
        return Mismatch.UNKNOWN
    return None if stored.sha256 == attachment.sha256 else Mismatch.DIGEST
