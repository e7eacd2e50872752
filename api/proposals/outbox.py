"""The outbox: what other systems must hear, written in the transaction of the change."""

import datetime as dt

from django.db import connection

from api.proposals.models import OutboxMessage, Proposal


def enqueue(
    *, kind: str, dedupe_key: str, at: dt.datetime, proposal: Proposal | None = None, **payload: int | str | None
) -> OutboxMessage:
    """Write one message; the same `dedupe_key` twice is a mistake of the caller and fails."""
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.enqueue belongs into the transaction of the change it tells about")
    return OutboxMessage.objects.create(
        kind=kind, dedupe_key=dedupe_key, created_at=at, proposal=proposal, payload=payload
    )
