"""Every way in which a proposal changes. Nothing else writes these tables.

Verbs with keyword-only arguments: `by` is who does it, `at` when (aware, read from the clock by the edge). Each is
one transaction that holds the change, its audit event and its outbox message. Locks are always taken in the order
proposal, assignment, number, chain head.
"""

from api.proposals.operations.anonymizing import anonymize_person
from api.proposals.operations.attachment_upkeep import clean_attachments, recheck_attachments
from api.proposals.operations.attachments import (
    add_attachment,
    confirm_attachment,
    offer_download,
    remove_attachment,
    renew_upload,
)
from api.proposals.operations.circulation import acknowledge, circulate
from api.proposals.operations.comments import comment
from api.proposals.operations.copies import copy_proposal
from api.proposals.operations.decisions import decide
from api.proposals.operations.definitions import publish_types
from api.proposals.operations.drafts import create_draft, edit_draft, save_first
from api.proposals.operations.invitations import (
    Invited,
    NewPerson,
    accept_invitation,
    invite,
    invite_administrator,
    look_at_invitation,
    revoke_invitation,
)
from api.proposals.operations.organization import look_at_organization, take_over_organization
from api.proposals.operations.outbox import retry_message, settle_message
from api.proposals.operations.restoring import Settled, settle_restore
from api.proposals.operations.submission import plan_route, pull_back, submit, withdraw

__all__ = [
    "Invited",
    "NewPerson",
    "Settled",
    "accept_invitation",
    "acknowledge",
    "add_attachment",
    "anonymize_person",
    "circulate",
    "clean_attachments",
    "comment",
    "confirm_attachment",
    "copy_proposal",
    "create_draft",
    "decide",
    "edit_draft",
    "invite",
    "invite_administrator",
    "look_at_invitation",
    "look_at_organization",
    "offer_download",
    "plan_route",
    "publish_types",
    "pull_back",
    "recheck_attachments",
    "remove_attachment",
    "renew_upload",
    "retry_message",
    "revoke_invitation",
    "save_first",
    "settle_message",
    "settle_restore",
    "submit",
    "take_over_organization",
    "withdraw",
]
