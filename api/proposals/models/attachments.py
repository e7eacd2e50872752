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
    """One file. `size` is bytes and `sha256` the digest in hex, both as the browser declared them before sending."""

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
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="attachment_size_positive", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="attachment_reason_exactly_when_refused",
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["proposal", "id"], name="attachment_by_proposal"),
            # What the timer looks after: uploads that never arrived, files nobody confirmed.
            models.Index(
                fields=["created_at", "id"],
                name="attachment_unfinished",
                condition=Q(state__in=["expected", "quarantined"]),
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
