"""The outbox: what other systems must hear, written in the transaction of the change and worked off afterwards.

`enqueue` writes a message; `drain` hands waiting ones to the handler of their kind. A message is done at least once:
a worker that dies leaves its lease behind, and another takes over when that has ended. A handler that only writes this
database runs in the transaction that marks its message as done, and so takes effect exactly once.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from api import tracing
from api.proposals.models import OutboxMessage, OutboxState, Proposal

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
"""How long one attempt may take; longer than any handler's own time limit."""
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""Pause after each failed attempt; a message that fails once more is dead, and an administrator sees it."""
BATCH = 50

OPEN = (OutboxState.WAITING, OutboxState.DEAD)
"""States that hold up what comes later in the same lane."""


class PermanentFailure(Exception):
    """Raised by a handler when trying again cannot help; `code` says why in one word, for the administrator."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Handler:
    """What is done with one kind of message.

    `within_transaction`: `work` only writes this database, in the transaction that finishes the message.
    """

    work: Callable[[OutboxMessage, dt.datetime], None]
    within_transaction: bool = False


def _nobody(_message: OutboxMessage, _at: dt.datetime) -> None:
    raise PermanentFailure("no_handler")


NOBODY = Handler(_nobody)
"""Handles kinds that nobody else does: an administrator sees them."""


@dataclass(frozen=True)
class Backlog:
    """How the outbox stands: `minutes` since the oldest message that waits was due, and how many were given up."""

    minutes: int
    dead: int


@dataclass
class Tally:
    """What one drain did, by number of messages."""

    done: int = 0
    failed: int = 0
    dead: int = 0
    lost: int = field(default=0)
    """Someone else took over while this worker was still at it; its result was not recorded."""


def enqueue(
    *,
    kind: str,
    dedupe_key: str,
    at: dt.datetime,
    proposal: Proposal | None = None,
    lane: str = "",
    **payload: int | str | None,
) -> OutboxMessage:
    """Write one message; the same `dedupe_key` twice is a mistake of the caller and fails."""
    if not connection.in_atomic_block:
        raise RuntimeError("outbox.enqueue belongs into the transaction of the change it tells about")
    if trace := tracing.current():
        payload["request"] = trace
    return OutboxMessage.objects.create(
        kind=kind,
        dedupe_key=dedupe_key,
        created_at=at,
        next_attempt_at=at,
        proposal=proposal,
        lane=lane,
        payload=payload,
    )


def backlog(*, at: dt.datetime) -> Backlog:
    """Return how the outbox stands, for the alarms."""
    waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING, next_attempt_at__lte=at)
    oldest = waiting.order_by("next_attempt_at", "id").values_list("next_attempt_at", flat=True).first()
    minutes = 0 if oldest is None else int((at - oldest).total_seconds() // 60)
    return Backlog(minutes, OutboxMessage.objects.filter(state=OutboxState.DEAD).count())


FENCED = "restored"
"""Kind of failure of a message that was fenced."""


def fence() -> int:
    """Give up everything that waits until a person decides, and return how many that were.

    After a restore: what waited then may have been delivered since, in the time that is lost. Without regard to
    leases: whoever held one worked on another database.
    """
    waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING)
    return waiting.update(state=OutboxState.DEAD, lease=None, leased_until=None, error=FENCED)


def drain(
    *, handlers: Mapping[str, Handler], clock: Callable[[], dt.datetime], until: dt.datetime, batch: int = BATCH
) -> Tally:
    """Work off what is due until nothing is, or `clock` passes `until`; several workers may drain at once."""
    tally = Tally()
    while clock() < until:
        claimed = claim(at=clock(), limit=batch, tally=tally)
        if not claimed:
            break
        for number, message in enumerate(claimed):
            if clock() >= until:
                _release(claimed[number:])
                break
            _work(message, handlers=handlers, clock=clock, tally=tally)
    return tally


@transaction.atomic
def claim(*, at: dt.datetime, limit: int, tally: Tally | None = None) -> list[OutboxMessage]:
    """Lease up to `limit` due messages to this worker, at most one of each lane, and return them."""
    earlier = OutboxMessage.objects.filter(lane=OuterRef("lane"), id__lt=OuterRef("id"), state__in=OPEN)
    due = (
        OutboxMessage.objects.filter(state=OutboxState.WAITING, next_attempt_at__lte=at)
        .filter(Q(leased_until__isnull=True) | Q(leased_until__lt=at))
        .filter(Q(lane="") | ~Exists(earlier))
        .order_by("next_attempt_at", "id")
        .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    )
    found = list(due[:limit])
    exhausted = [message.pk for message in found if message.attempts > len(BACK_OFF)]
    if exhausted:  # its workers died again and again: it may be what kills them
        OutboxMessage.objects.filter(pk__in=exhausted).update(
            state=OutboxState.DEAD, lease=None, leased_until=None, error="worker_died"
        )
        if tally is not None:
            tally.dead += len(exhausted)
    claimed = [message for message in found if message.attempts <= len(BACK_OFF)]
    lease = uuid.uuid4()
    OutboxMessage.objects.filter(pk__in=[message.pk for message in claimed]).update(
        lease=lease, leased_until=at + LEASE, attempts=F("attempts") + 1
    )
    for message in claimed:
        message.lease, message.leased_until = lease, at + LEASE
        message.attempts += 1
    return claimed


def _work(
    message: OutboxMessage, *, handlers: Mapping[str, Handler], clock: Callable[[], dt.datetime], tally: Tally
) -> None:
    handler = handlers.get(message.kind, NOBODY)
    try:
        # What follows from a message goes by the id of the request that caused it, whoever works it off.
        with tracing.following(message.payload.get("request", "")):
            is_mine = _done(message, handler, clock=clock)
    except PermanentFailure as failure:
        _fail(message, at=clock(), error=failure.code, is_final=True, tally=tally)
    except Exception as error:  # noqa: BLE001  whatever a handler raises, the others must go on
        # Only the kind of error is kept and logged: another system's words could name people.
        logger.warning("outbox message %s (%s) failed: %s", message.pk, message.kind, type(error).__name__)
        is_final = message.attempts > len(BACK_OFF)
        _fail(message, at=clock(), error=type(error).__name__, is_final=is_final, tally=tally)
    else:
        if is_mine:
            tally.done += 1
        else:
            tally.lost += 1


def _done(message: OutboxMessage, handler: Handler, *, clock: Callable[[], dt.datetime]) -> bool:
    """Let the handler work, and record that it did; False where another worker had taken over."""
    if not handler.within_transaction:
        handler.work(message, clock())
        return _finish(message, at=clock())
    with transaction.atomic():
        is_mine = _finish(message, at=clock())
        if is_mine:
            handler.work(message, clock())
        return is_mine


def _mine(message: OutboxMessage) -> Q:
    return Q(pk=message.pk, lease=message.lease, state=OutboxState.WAITING)


def _finish(message: OutboxMessage, *, at: dt.datetime) -> bool:
    finished = OutboxMessage.objects.filter(_mine(message)).update(
        state=OutboxState.DONE, finished_at=at, lease=None, leased_until=None, error=""
    )
    return finished == 1


def _fail(message: OutboxMessage, *, at: dt.datetime, error: str, is_final: bool, tally: Tally) -> None:
    pause = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
    failed = OutboxMessage.objects.filter(_mine(message)).update(
        state=OutboxState.DEAD if is_final else OutboxState.WAITING,
        next_attempt_at=at if is_final else at + pause,
        lease=None,
        leased_until=None,
        error=error[:200],
    )
    if not failed:
        tally.lost += 1
    elif is_final:
        tally.dead += 1
    else:
        tally.failed += 1


def _release(messages: list[OutboxMessage]) -> None:
    """Give back what there was no time for; the attempt does not count."""
    OutboxMessage.objects.filter(
        pk__in=[message.pk for message in messages], lease=messages[0].lease, state=OutboxState.WAITING
    ).update(lease=None, leased_until=None, attempts=F("attempts") - 1)
