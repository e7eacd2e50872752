"""Tables of the approvals domain, one noun a file."""

from api.proposals.models.definitions import FormVersion, ProposalType, RouteVersion
from api.proposals.models.proposals import Comment, Proposal, Revision
from api.proposals.models.records import AuditEvent, AuditHead, NumberSequence, OutboxMessage
from api.proposals.models.routes import Assignment, Decision, Step

__all__ = [
    "Assignment",
    "AuditEvent",
    "AuditHead",
    "Comment",
    "Decision",
    "FormVersion",
    "NumberSequence",
    "OutboxMessage",
    "Proposal",
    "ProposalType",
    "Revision",
    "RouteVersion",
    "Step",
]
