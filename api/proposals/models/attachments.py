"""Files beside a proposal. Their bytes lie in object storage; here is what is known of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from api.proposals.models.proposals import Proposal, Revision


class AttachmentState(models.TextChoices):
    """`expected` until the bytes arrived, `quarantined` until size, digest and scanner agree; then for all to see.

    `refused` keeps what a check or scanner found wrong away from everyone; `removed` was taken away by the applicant
    or cleaned up, and its bytes are deleted.
    """

    EXPECTED = "expected"
    QUARANTINED = "quarantined"
    AVAILABLE = "available"
    REFUSED = "refused"
    REMOVED = "removed"


class Attachment(models.Model):
    """One file. `size` is bytes and `sha256` the digest in hex, both as the browser declared them before sending.

    `offered_until` is when the newest leave to send its bytes ends: nothing of it is cleaned up before. `detached_at`
    says that the applicant took it out of the working copy while a submitted revision keeps it. `purged_at` is when
    the bytes of what is refused or removed were deleted for good.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="attachments")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=16, choices=AttachmentState, default=AttachmentState.EXPECTED)
    reason = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()
    offered_until = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    detached_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="attachment_size_positive", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="attachment_detached_while_available",
                condition=Q(detached_at__isnull=True) | Q(state="available"),
            ),
            models.CheckConstraint(
                name="attachment_purged_once_refused_or_removed",
                condition=Q(purged_at__isnull=True) | Q(state__in=["refused", "removed"]),
            ),
            models.CheckConstraint(
                name="attachment_reason_exactly_when_refused",
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["proposal", "id"], name="attachment_by_proposal"),
            # What the timer looks after: uploads that never arrived, files nobody confirmed.
            models.Index(
                fields=["offered_until", "id"],
                name="attachment_unfinished",
                condition=Q(state__in=["expected", "quarantined"]),
            ),
            # And bytes that are to be deleted.
            models.Index(
                fields=["offered_until", "id"],
                name="attachment_unpurged",
                condition=Q(state__in=["refused", "removed"], purged_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class RevisionAttachment(models.Model):
    """A file as part of what was submitted: it stays with the revision, whatever happens to the working copy."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="attachments")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="revisions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "attachment"], name="attachment_once_per_revision")
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.attachment_id}"
