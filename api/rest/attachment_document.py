"""How files beside a proposal look in answers."""

from typing import Any

from rest_framework import serializers

from api.proposals import files, outside
from api.proposals.models import Attachment, AttachmentState
from api.rest import people
from api.rest.endpoint import Output

REASONS = ("wrong_size", "wrong_digest", "infected", "not_scanned")
STATES = [state.value for state in AttachmentState if state is not AttachmentState.REMOVED]


class AttachmentDocument(Output):
    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField(help_text="Hex.")
    state = serializers.ChoiceField(
        choices=STATES,
        help_text="`expected`: not sent yet; `quarantined`: being scanned; `available`: for all who may see it.",
    )
    reason = serializers.ChoiceField(
        choices=REASONS, allow_null=True, help_text="Why it is `refused`; null in any other state."
    )
    uploaded_by = people.Name()
    created_at = serializers.DateTimeField()


class FileKindDocument(Output):
    extension = serializers.CharField(help_text="Without a dot, in small letters.")
    content_type = serializers.CharField()


class AttachmentLimits(Output):
    """What may be attached on this stage."""

    largest = serializers.IntegerField(help_text="Bytes that one file may have.")
    most = serializers.IntegerField(help_text="Files that one proposal may have.")
    kinds = FileKindDocument(many=True)


def attachment_document(row: Attachment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "content_type": row.content_type,
        "size": row.size,
        "sha256": row.sha256,
        "state": row.state,
        "reason": row.reason or None,
        "uploaded_by": people.name(row.uploaded_by),
        "created_at": row.created_at,
    }


def attachment_limits() -> dict[str, Any] | None:
    """Return `AttachmentLimits`, None where files cannot be attached at all."""
    if not outside.takes_attachments():
        return None
    limits = files.limits()
    return {
        "largest": limits.largest,
        "most": limits.most,
        "kinds": [{"extension": kind.extension, "content_type": kind.content_type} for kind in limits.kinds.values()],
    }
