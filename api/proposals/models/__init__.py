"""Tables of the approvals domain, one noun a file."""

from api.proposals.models.attachments import Attachment, AttachmentState, RevisionAttachment
from api.proposals.models.definitions import FormVersion, ProposalType, RouteVersion
from api.proposals.models.notices import Notice, NoticeKind, Viewer
from api.proposals.models.proposals import Comment, DraftKey, Proposal, Revision
from api.proposals.models.records import AuditEvent, AuditHead, NumberSequence, OutboxMessage, OutboxState
from api.proposals.models.routes import Assignment, Decision, Step

__all__ = [
    "Assignment",
    "Attachment",
    "AttachmentState",
    "AuditEvent",
    "AuditHead",
    "Comment",
    "Decision",
    "DraftKey",
    "FormVersion",
    "Notice",
    "NoticeKind",
    "NumberSequence",
    "OutboxMessage",
    "OutboxState",
    "Proposal",
    "ProposalType",
    "Revision",
    "RevisionAttachment",
    "RouteVersion",
    "Step",
    "Viewer",
]
