"""Delete what was kept long enough: in batches, oldest first, each batch a transaction of its own.

Deleting twice, at once or after being cut off anywhere is harmless: what is gone is no longer due. Of a proposal the
audit trail keeps its events, which hold ids and digests only, and one more that says that it was purged.
"""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from api.proposals import audit, outside
from api.proposals.models import (
    Assignment,
    Attachment,
    Comment,
    Decision,
    DraftKey,
    Notice,
    OutboxMessage,
    OutboxState,
    Proposal,
    Revision,
    RevisionAttachment,
    Step,
    Viewer,
)
from api.proposals.ports import AttachmentStore, StoreUnavailable
from api.proposals.states import ProposalState

BATCH = 100
MOST = 2000
"""Proposals of one run; the next goes on."""
ENDED = (ProposalState.APPROVED, ProposalState.REJECTED, ProposalState.WITHDRAWN)
OPEN_MESSAGES = (OutboxState.WAITING, OutboxState.DEAD)

PARTS: dict[type[Any], str] = {
    Decision: "assignment__proposal",
    Assignment: "proposal",
    Step: "revision__proposal",
    RevisionAttachment: "revision__proposal",
    Revision: "proposal",
    Attachment: "proposal",
    Comment: "proposal",
    Viewer: "proposal",
    Notice: "proposal",
    OutboxMessage: "proposal",
    DraftKey: "proposal",
}
"""Every table that holds a part of a proposal and how it leads there, those that point at others first."""

_log = logging.getLogger(__name__)


def ended_before(end: dt.datetime) -> QuerySet[Proposal]:
    """Select proposals that were submitted and ended before `end`, and of which nothing is left to be done."""
    open_ = OutboxMessage.objects.filter(proposal=OuterRef("pk"), state__in=OPEN_MESSAGES)
    return (
        # What ended by then was begun by then: the index of creation leads to the few old ones.
        Proposal.objects.filter(created_at__lt=end, state__in=ENDED, revision__gt=0)
        .annotate(ended_at=Coalesce("decided_at", "updated_at"))
        .filter(~Exists(open_), ended_at__lt=end)
        .order_by("created_at", "id")
    )


def abandoned_before(end: dt.datetime) -> QuerySet[Proposal]:
    """Select what was never submitted and not touched since `end`: forgotten drafts, and those withdrawn as such."""
    never = Proposal.objects.filter(revision=0, state__in=[ProposalState.DRAFT, ProposalState.WITHDRAWN])
    return never.filter(updated_at__lt=end).order_by("updated_at", "id")


def notices_before(end: dt.datetime) -> QuerySet[Notice]:
    """Select notices of before `end` about proposals that have ended; one that still asks would only be given again."""
    return Notice.objects.filter(at__lt=end, proposal__state__in=ENDED).order_by("id")


def messages_before(end: dt.datetime) -> QuerySet[OutboxMessage]:
    """Select messages that were finished before `end`."""
    return OutboxMessage.objects.filter(finished_at__lt=end).order_by("id")


def purge_proposals(due: QuerySet[Proposal], *, at: dt.datetime, store: AttachmentStore | None = None) -> int:
    """Delete proposals with all their parts, the bytes of their files first; return how many.

    One whose bytes cannot be deleted now stays whole. The store is the configured one unless given.
    """
    purged, tried = 0, set[int]()
    while len(tried) < MOST and (batch := list(due.exclude(pk__in=tried)[:BATCH])):
        for proposal in batch:
            tried.add(proposal.pk)
            if _delete_bytes(proposal, store=store):
                purged += _delete_rows(proposal, due=due, at=at)
    return purged


def purge_rows(due: QuerySet[Any]) -> int:
    """Delete rows that nothing points at; return how many."""
    purged = 0
    while batch := list(due.values_list("pk", flat=True)[:BATCH]):
        purged += due.model._default_manager.filter(pk__in=batch).delete()[0]
    return purged


def _delete_bytes(proposal: Proposal, *, store: AttachmentStore | None) -> bool:
    held = Attachment.objects.filter(proposal=proposal, purged_at__isnull=True)
    keys = list(held.values_list("key", flat=True))
    if not keys:
        return True
    if store is None and not outside.takes_attachments():
        _log.warning("Proposal %s has files and no storage is set up; it is kept.", proposal.pk)
        return False
    store = store or outside.attachment_store()
    try:
        for key in keys:
            store.delete(key)
    except StoreUnavailable as error:
        _log.warning("The files of proposal %s cannot be deleted now: %s", proposal.pk, error)
        return False
    return True


@transaction.atomic
def _delete_rows(proposal: Proposal, *, due: QuerySet[Proposal], at: dt.datetime) -> int:
    locked = Proposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if locked is None or not due.filter(pk=proposal.pk).exists():
        return 0  # another run was faster, or somebody took the draft up again
    for model, path in PARTS.items():
        model._default_manager.filter(Q(**{path: proposal.pk})).delete()
    audit.record(kind="purged", at=at, by=None, proposal=locked)
    locked.delete()
    return 1
