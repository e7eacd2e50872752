"""The audit trail: appended in the transaction of the change, chained by hashes from its first row."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import connection

from api import tracing
from api.organization.models import Person
from api.proposals.models import AuditEvent, AuditHead, Proposal

GENESIS = "0" * 64
"""What the first row names as the hash before it."""


def record(
    *, kind: str, at: dt.datetime, by: Person | None, proposal: Proposal | None = None, **data: int | str
) -> AuditEvent:
    """Append one event; the caller is inside the transaction of the change.

    `data` holds ids and digests only; the id of the request it belongs to is added, where there is one. The head row
    stays locked until the transaction ends, which makes the chain's order the order of commits: take it last (lock
    order: proposal, assignment, number, chain head).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record belongs into the transaction of the change it records")
    if trace := tracing.current():
        data["request"] = trace
    head = _locked_head()
    event = AuditEvent(
        sequence=head.count + 1,
        at=at,
        kind=kind,
        actor_id=None if by is None else by.pk,
        proposal_id=None if proposal is None else proposal.pk,
        data=data,
        previous_hash=head.hash,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    AuditHead.objects.filter(pk=head.pk).update(count=event.sequence, hash=event.hash)
    return event


def digest(event: AuditEvent) -> str:
    """Return the SHA-256 (hex) of everything in the row but the hash itself, in a form independent of the database."""
    values: list[Any] = [
        event.sequence,
        event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        event.kind,
        event.actor_id,
        event.proposal_id,
        event.data,
        event.previous_hash,
    ]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def hold() -> None:
    """Take the end of the chain for this transaction before anything else is locked.

    For work that appends between locks of its own: with the head first it waits for nobody who waits for it.
    """
    _locked_head()


def count() -> int:
    """Return how many events there are; nobody appends before this transaction ends."""
    return _locked_head().count


def _locked_head() -> AuditHead:
    head = AuditHead.objects.select_for_update().first()
    if head is None:
        # Two first events at once: one inserts, the other finds the row and waits for it.
        AuditHead.objects.bulk_create([AuditHead(id=1, count=0, hash=GENESIS)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(pk=1)
    return head
