"""Is the audit trail what was written? Walks the chain, and compares it with heads kept out of its owner's reach.

A chain in one table shows what was changed in the middle. It shows neither a tail that was cut off together with the
head, nor a trail that its owner wrote anew from some row on: for that the head is exported at every timer run to a
place where nobody can change it, and compared here.

A database that was restored to an earlier moment contradicts the heads kept since. It is told apart from a trail that
was cut off by an event of its own (`RESTORED`), which names the former end by a kept head, and is itself kept in a
head; what it says is always reported.
"""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction

from api.proposals.audit import GENESIS, digest
from api.proposals.models import AuditEvent, AuditHead, NumberSequence
from api.proposals.ports import AlreadyKept, HeadStore, Kept


class Fault(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    CUT_OFF = "cut_off"
    REWRITTEN = "rewritten"
    NUMBERS_LOWERED = "numbers_lowered"


@dataclass(frozen=True)
class Finding:
    """The first row that is not what was written: its sequence number and what became of it."""

    sequence: int
    fault: Fault


@dataclass(frozen=True)
class Head:
    """The end of the trail at one moment: how many events, the last one's hash, the last number of each sequence."""

    exported_at: dt.datetime
    count: int
    hash: str
    numbers: dict[str, int]

    def to_bytes(self) -> bytes:
        values: dict[str, Any] = {
            "exported_at": self.exported_at.astimezone(dt.UTC).isoformat(),
            "count": self.count,
            "hash": self.hash,
            "numbers": self.numbers,
        }
        return json.dumps(values, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Head":
        values = json.loads(raw)
        return cls(dt.datetime.fromisoformat(values["exported_at"]), values["count"], values["hash"], values["numbers"])


RESTORED, SKIPPED = "restored", "numbers_skipped"
"""Kinds of the events that a restore is followed by (operations/restoring.py)."""


@dataclass(frozen=True)
class Restoration:
    """A return to an earlier moment: its first event, when that was written, and the former trail's last known event.

    `lost_through` is less than `sequence` where no event is known to be lost. `former_hash` is the former end's, as
    the head that was kept last says.
    """

    sequence: int
    at: dt.datetime
    moment: str
    lost_through: int
    former_hash: str

    def explains(self, head: Head) -> bool:
        """Whether a kept head is of the trail that was left behind."""
        return head.exported_at < self.at and self.sequence <= head.count <= self.lost_through


def restorations(kept: Iterable[Head]) -> list[Restoration]:
    """Return the restores that the trail tells of, oldest first, as far as the kept heads bear them out.

    Each must be followed by a kept head, and name a former end that was kept.
    """
    heads = list(kept)
    told = [
        Restoration(
            sequence=event.sequence,
            at=event.at,
            moment=str(event.data.get("moment")),
            lost_through=int(event.data.get("lost_through", 0)),
            former_hash=str(event.data.get("former_hash")),
        )
        for event in AuditEvent.objects.filter(kind=RESTORED).order_by("sequence")
    ]
    return [one for one in told if _borne_out(one, heads)]


def _borne_out(restoration: Restoration, heads: list[Head]) -> bool:
    followed = any(head.count >= restoration.sequence and head.exported_at >= restoration.at for head in heads)
    ends = {(head.count, head.hash) for head in heads if head.exported_at < restoration.at}
    lost_nothing = restoration.lost_through < restoration.sequence
    return followed and (lost_nothing or (restoration.lost_through, restoration.former_hash) in ends)


@transaction.atomic
def current_head(*, at: dt.datetime) -> Head:
    """Return the head as it is now; nothing can be appended meanwhile."""
    head = AuditHead.objects.select_for_update().first()
    numbers = {
        f"{sequence.type.code}-{sequence.fiscal_year}": sequence.last
        for sequence in NumberSequence.objects.select_related("type")
    }
    return Head(at, head.count if head else 0, head.hash if head else GENESIS, numbers)


def export_head(store: HeadStore, *, at: dt.datetime) -> Head:
    """Keep the head where nobody can change it. Twice at once is harmless: each writes a name of its own."""
    head = current_head(at=at)
    with suppress(AlreadyKept):  # the same moment and the same head
        store.keep(f"{at.astimezone(dt.UTC):%Y/%m/%d/%H%M%S%f}-{head.count}.json", head.to_bytes())
    return head


def telling_heads(store: HeadStore) -> list[Head]:
    """Return the kept heads that can tell something: of each count the first, of each name that was written again all.

    A head is kept every few minutes, also in nights without events. The first of a count says what the others could,
    and the last one says which numbers were given.
    """
    kept = list(store.names())
    written = Counter(one.name for one in kept)
    telling = [
        one for one, is_first in _with_first_of_count(kept) if is_first or written[one.name] > 1 or one == kept[-1]
    ]
    return [Head.from_bytes(store.read(one)) for one in telling]


def _with_first_of_count(kept: list[Kept]) -> Iterator[tuple[Kept, bool]]:
    """Yield each with whether it is the first of its count, of those since the counts last went down: by a restore."""
    seen: set[str] = set()
    before = 0
    for one in kept:
        count = _count_of(one.name)
        if count.isdigit() and int(count) < before:
            seen.clear()
        before = int(count) if count.isdigit() else before
        yield one, count not in seen
        seen.add(count)


def _count_of(name: str) -> str:
    return name.rpartition("-")[2].removesuffix(".json")


def verify(kept: Iterable[Head] = ()) -> Finding | None:
    """Return the first row that was changed, removed, inserted or cut off, or None where all is as it was written.

    A whole trail that was rewritten from some row on is named by the first kept head that it contradicts. What is
    appended meanwhile is walked as well. Heads of a trail that a restore left behind do not contradict this one.
    """
    known = sorted(kept, key=lambda head: (head.count, head.exported_at))
    returns = restorations(known)
    heads = [head for head in known if not any(one.explains(head) for one in returns)]
    expected_hashes: dict[int, set[str]] = defaultdict(set)
    for head in heads:
        expected_hashes[head.count].add(head.hash)
    last, last_hash = 0, GENESIS
    while True:
        rows = AuditEvent.objects.order_by("sequence")
        # At first all of them: one that was inserted before the first is a finding as well.
        for event in (rows.filter(sequence__gt=last) if last else rows).iterator():
            if event.sequence != last + 1:
                return _out_of_line(event.sequence, last)
            if event.previous_hash != last_hash or event.hash != _digest_of(event):
                return Finding(last + 1, Fault.CHANGED)
            if not expected_hashes[last + 1] <= {event.hash}:
                return Finding(last + 1, Fault.REWRITTEN)
            last, last_hash = event.sequence, event.hash
        # Read after the rows, the head knows all of them, and perhaps more that were appended since.
        end = AuditHead.objects.first()
        if end is None or end.count <= last or not AuditEvent.objects.filter(sequence__gt=last).exists():
            return _fault_at_the_end(last, last_hash, heads, end=end) or _lowered(last, known)


def _digest_of(event: AuditEvent) -> str | None:
    """Return what the hash of a row should be; None where its moment is none, as SQLite lets anyone write."""
    return None if event.at is None else digest(event)


def _out_of_line(sequence: int, last: int) -> Finding:
    """Return what it means that the row after `last` is not its successor."""
    end = AuditHead.objects.first()
    if sequence <= last or (end is not None and end.count <= last):
        return Finding(sequence, Fault.INSERTED)
    return Finding(last + 1, Fault.REMOVED)


def _fault_at_the_end(last: int, last_hash: str, heads: list[Head], *, end: AuditHead | None) -> Finding | None:
    count, hash_ = (end.count, end.hash) if end else (0, GENESIS)
    if max([count, *(kept.count for kept in heads)]) > last:
        return Finding(last + 1, Fault.CUT_OFF)
    if count < last:
        return Finding(count + 1, Fault.INSERTED)
    if hash_ != last_hash:
        return Finding(last, Fault.CHANGED)
    return None


def _lowered(last: int, known: list[Head]) -> Finding | None:
    """Find numbers that were given once, in whatever trail, and would be again."""
    now = current_head(at=dt.datetime.now(dt.UTC)).numbers
    if any(now.get(name, 0) < number for kept in known for name, number in kept.numbers.items()):
        return Finding(last, Fault.NUMBERS_LOWERED)
    return None
