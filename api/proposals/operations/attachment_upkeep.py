"""What the timer does for files: ask the scanner again, and clean up what nobody will come back for.

Both may run twice, at once, or be cut off anywhere: each row is written by an UPDATE that holds only once, and deleting
bytes that are gone already is as good.
"""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import QuerySet

from api.proposals import outside
from api.proposals.errors import AttachmentNotArrived, StorageUnavailable
from api.proposals.models import Attachment, AttachmentState, Proposal
from api.proposals.operations.attachments import Outcome, inspect, settle
from api.proposals.ports import AttachmentStore, MalwareScanner, StoreUnavailable

BATCH = 100
UNFINISHED_FOR = dt.timedelta(days=1)
"""How long after the last leave to send it ended a file may stay unfinished."""
STILL_ARRIVING_FOR = dt.timedelta(hours=1)
"""How long after its leave ended an upload that began before may still end."""

_log = logging.getLogger(__name__)


def recheck_attachments(
    *, at: dt.datetime, store: AttachmentStore | None = None, scanner: MalwareScanner | None = None
) -> int:
    """Ask again about every file in quarantine, and return how many left it.

    Store and scanner are the configured ones unless given.
    """
    if store is None and not outside.takes_attachments():
        return 0
    store, scanner = store or outside.attachment_store(), scanner or outside.malware_scanner()
    settled, last = 0, 0
    quarantined = Attachment.objects.filter(state=AttachmentState.QUARANTINED).order_by("id")
    while batch := list(quarantined.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        for attachment in batch:
            try:
                outcome = inspect(attachment, store=store, scanner=scanner)
            except AttachmentNotArrived:
                _log.warning("The bytes of attachment %s are gone from the storage.", attachment.pk)
                continue
            except StorageUnavailable:
                return settled  # the next run begins again
            if outcome.state is not AttachmentState.QUARANTINED:
                settled += _settle(attachment, outcome, at=at)
    return settled


def clean_attachments(*, at: dt.datetime, store: AttachmentStore | None = None) -> int:
    """Give up files that stayed unfinished for a day, delete the bytes of what is given up, refused or removed.

    Returns how many files' bytes are now gone. What never arrived is removed; what the scanner never passed is refused
    as `not_scanned`, so that the applicant sees why. The store is the configured one unless given.
    """
    if store is None and not outside.takes_attachments():
        return 0
    store = store or outside.attachment_store()
    _give_up(at=at)
    purged = 0
    unpurged = Attachment.objects.filter(
        state__in=[AttachmentState.REFUSED, AttachmentState.REMOVED],
        purged_at__isnull=True,
        offered_until__lt=at - STILL_ARRIVING_FOR,
    ).order_by("offered_until", "id")
    while batch := list(unpurged[:BATCH]):
        for attachment in batch:
            try:
                store.delete(attachment.key)
            except StoreUnavailable as error:
                _log.warning("The bytes of attachment %s cannot be deleted now: %s", attachment.pk, error)
                return purged  # the next run begins again
            purged += Attachment.objects.filter(pk=attachment.pk, purged_at__isnull=True).update(purged_at=at)
    return purged


def _give_up(*, at: dt.datetime) -> None:
    old: QuerySet[Attachment] = Attachment.objects.filter(offered_until__lt=at - UNFINISHED_FOR)
    # What never arrived was never part of anything: there is nothing to tell, and one statement is enough.
    old.filter(state=AttachmentState.EXPECTED).update(state=AttachmentState.REMOVED)
    waiting = old.filter(state=AttachmentState.QUARANTINED).order_by("offered_until", "id")
    while batch := list(waiting[:BATCH]):
        for attachment in batch:
            _settle(attachment, Outcome(AttachmentState.REFUSED, "not_scanned"), at=at)


def _settle(attachment: Attachment, outcome: Outcome, *, at: dt.datetime) -> bool:
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update().get(pk=attachment.proposal_id)
        return settle(attachment, outcome, proposal=proposal, by=None, at=at)
