"""Many proposals quickly: patterns that went through the real operations, copied to other days.

A copy has rows in every table as its pattern has, with keys, times, decision numbers and entries in the audit chain
of its own: whatever holds of what the operations write holds of the copies.
"""

from __future__ import annotations

import datetime as dt
import heapq
import json
import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.db import models, transaction
from django.db.models import Max

from api.management.seed.rows import RowWriter, columns_of
from api.proposals import audit, numbering
from api.proposals.models import (
    Assignment,
    Attachment,
    AuditEvent,
    AuditHead,
    Comment,
    Decision,
    DraftKey,
    Notice,
    NumberSequence,
    OutboxMessage,
    Proposal,
    ProposalType,
    Revision,
    RevisionAttachment,
    Step,
    Viewer,
)

# Every table that holds a part of a proposal, parents first, and how its rows lead to the proposal.
TABLES: dict[type[models.Model], str] = {
    Proposal: "id",
    Revision: "proposal",
    Step: "revision__proposal",
    Assignment: "proposal",
    Decision: "assignment__proposal",
    Comment: "proposal",
    OutboxMessage: "proposal",
    AuditEvent: "proposal",
}
# Parts that no pattern has: stories attach no files, circulate nothing and save no page's drafts, and nobody works off
# the outbox meanwhile.
LEFT_OUT: tuple[type[models.Model], ...] = (Attachment, DraftKey, RevisionAttachment, Notice, Viewer)
# The rest is written when its place in the chain is known.
_NUMBERED = tuple(model for model in TABLES if model not in {OutboxMessage, AuditEvent})
# What an audit entry's data may refer to by key.
_REFERENCES: dict[str, type[models.Model]] = {"decision_id": Decision, "comment_id": Comment}
_WEEK, _HOUR, _SECOND = dt.timedelta(days=7), dt.timedelta(hours=1), dt.timedelta(seconds=1)


class _Row(NamedTuple):
    """One row of a pattern: values by the names of its columns."""

    model: type[models.Model]
    values: dict[str, Any]


@dataclass(frozen=True)
class _Pattern:
    """One proposal with all its rows, in the order of `TABLES`; `ends` is when the last of it happened."""

    rows: Sequence[_Row]
    ends: dt.datetime

    @property
    def proposal(self) -> dict[str, Any]:
        return self.rows[0].values

    @property
    def begins(self) -> dt.datetime:
        created_at: dt.datetime = self.proposal["created_at"]
        return created_at


@dataclass(frozen=True)
class _Copy:
    pattern: _Pattern
    shift: dt.timedelta
    decision_number: str | None

    @property
    def begins(self) -> dt.datetime:
        return self.pattern.begins + self.shift


@transaction.atomic
def multiply(*, patterns: Sequence[int], count: int, until: dt.datetime, chance: random.Random) -> None:
    """Write `count` copies of the proposals with the keys `patterns`, later than all of these and before `until`.

    A copy lies whole weeks and some minutes after its pattern, so that it keeps weekdays and working hours. At
    least one pattern must be over early enough to be moved past all the others and still lie before `until`.
    """
    read = _read_patterns(patterns)
    least = -((min(pattern.begins for pattern in read) - max(pattern.ends for pattern in read)) // _WEEK)
    latest = [(pattern, (until - pattern.ends - _HOUR) // _WEEK) for pattern in read]
    usable = [(pattern, most) for pattern, most in latest if most >= least]
    copies: list[tuple[_Pattern, dt.timedelta]] = []
    for number in range(count):
        pattern, most = usable[number % len(usable)]
        copies.append((pattern, chance.randint(least, most) * _WEEK + chance.randint(0, 3599) * _SECOND))
    copies.sort(key=lambda copy: copy[0].begins + copy[1])
    _Writer(chance).write(_numbered(copies))


def _read_patterns(keys: Sequence[int]) -> list[_Pattern]:
    rows: dict[int, list[_Row]] = defaultdict(list)
    for model, path in TABLES.items():
        names = [field.attname for field in columns_of(model)]
        found = model._default_manager.filter(**{f"{path}__in": keys}).order_by("pk")
        for key, *values in found.values_list(path, *names):
            rows[key].append(_Row(model, dict(zip(names, values, strict=True))))
    return [_Pattern(rows[key], max(row.values["at"] for row in rows[key] if row.model is AuditEvent)) for key in keys]


def _numbered(copies: list[tuple[_Pattern, dt.timedelta]]) -> list[_Copy]:
    """Give decision numbers to the approved ones, without a gap, in the order in which they are decided."""
    types = ProposalType.objects.in_bulk()
    last: Counter[tuple[int, int]] = Counter()
    for sequence in NumberSequence.objects.all():
        last[sequence.type_id, sequence.fiscal_year] = sequence.last
    approved = [
        (pattern.proposal["decided_at"] + shift, at)
        for at, (pattern, shift) in enumerate(copies)
        if pattern.proposal["decision_number"]
    ]
    numbers: dict[int, str] = {}
    for decided_at, at in sorted(approved):
        type_ = types[copies[at][0].proposal["type_id"]]
        year = numbering.fiscal_year(decided_at)
        last[type_.pk, year] += 1
        numbers[at] = numbering.written(type_=type_, year=year, number=last[type_.pk, year])
    for (type_id, year), number in last.items():
        NumberSequence.objects.update_or_create(type_id=type_id, fiscal_year=year, defaults={"last": number})
    return [_Copy(pattern, shift, numbers.get(at)) for at, (pattern, shift) in enumerate(copies)]


class _Entry(NamedTuple):
    """One entry of the audit chain before it is chained; sorts by time, then as the operations wrote them."""

    at: dt.datetime
    copy: int
    order: int
    kind: str
    actor_id: int | None
    proposal_id: int
    data: dict[str, Any]
    message: dict[str, Any] | None
    """The outbox message that names this entry, as the pattern has it."""
    decision_number: str | None


class _Writer:
    """Writes copies; keys go on where those in the database end."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._rows = RowWriter(list(TABLES))
        numbered: list[type[models.Model]] = [*_NUMBERED, OutboxMessage]
        self._last = {model: model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for model in numbered}
        self._head = AuditHead.objects.select_for_update().get()

    def write(self, copies: list[_Copy]) -> None:
        """Write copies that are in the order of their creation; the chain is in the order of what happened."""
        waiting: list[_Entry] = []
        for number, copy in enumerate(copies):
            while waiting and waiting[0].at < copy.begins:
                self._chain(heapq.heappop(waiting))
            for entry in self._write_copy(number, copy):
                heapq.heappush(waiting, entry)
        while waiting:
            self._chain(heapq.heappop(waiting))
        self._rows.finish()
        self._head.save()

    def _write_copy(self, number: int, copy: _Copy) -> Iterator[_Entry]:
        """Write the rows that stand for themselves, and return what is chained."""
        keys: dict[tuple[type[models.Model], int], int] = {}
        messages: dict[str, dict[str, Any]] = {}
        for order, (model, pattern) in enumerate(copy.pattern.rows):
            values = dict(pattern)
            if model in _NUMBERED:
                self._last[model] += 1
                keys[model, pattern["id"]] = values["id"] = self._last[model]
            for name, target in _LINKS[model]:
                if values[name] is not None:
                    values[name] = keys[target, values[name]]
            for name in _TIMES[model]:
                if values[name] is not None:
                    values[name] += copy.shift
            if model is AuditEvent:
                yield _Entry(
                    at=values["at"],
                    copy=number,
                    order=order,
                    kind=values["kind"],
                    actor_id=values["actor_id"],
                    proposal_id=values["proposal_id"],
                    data={
                        name: keys[_REFERENCES[name], value] if name.endswith("_id") else value
                        for name, value in values["data"].items()
                    },
                    message=messages.get(f"audit:{pattern['sequence']}"),
                    decision_number=copy.decision_number,
                )
            elif model is OutboxMessage:
                messages[pattern["dedupe_key"]] = pattern
            else:
                if model is Proposal:
                    values["decision_number"] = copy.decision_number
                self._add(model, values)

    def _chain(self, entry: _Entry) -> None:
        """Write an entry at the end of the chain, and the message that names it."""
        event = _Event(
            sequence=self._head.count + 1,
            at=entry.at,
            kind=entry.kind,
            actor_id=entry.actor_id,
            proposal_id=entry.proposal_id,
            data=entry.data,
            previous_hash=self._head.hash,
        )
        self._head.count, self._head.hash = event.sequence, audit.digest(cast("AuditEvent", event))
        self._add(AuditEvent, vars(event) | {"hash": self._head.hash})
        if entry.message is None:
            return
        payload = dict(entry.message["payload"])
        if payload["decision_number"] is not None:
            payload["decision_number"] = entry.decision_number
        self._last[OutboxMessage] += 1
        changed = {
            "id": self._last[OutboxMessage],
            "uuid": uuid.UUID(int=self._chance.getrandbits(128), version=4),
            "dedupe_key": f"audit:{event.sequence}",
            "proposal_id": entry.proposal_id,
            "created_at": entry.at,
            "payload": payload,
        }
        self._add(OutboxMessage, entry.message | changed)

    def _add(self, model: type[models.Model], values: dict[str, Any]) -> None:
        for name in _JSON[model]:
            values[name] = json.dumps(values[name])
        self._rows.add(model, [values[field.attname] for field in columns_of(model)])


@dataclass
class _Event:
    """What `audit.digest` reads of an event; a model instance for each would take ten times as long."""

    sequence: int
    at: dt.datetime
    kind: str
    actor_id: int | None
    proposal_id: int
    data: dict[str, Any]
    previous_hash: str


def _links(model: type[models.Model]) -> list[tuple[str, type[models.Model]]]:
    """Return the columns of a table that refer to rows which are copied too."""
    return [
        (field.attname, cast("type[models.Model]", field.related_model))
        for field in columns_of(model)
        if field.related_model in _NUMBERED
    ]


def _of_kind(model: type[models.Model], kind: type[models.Field[Any, Any]]) -> list[str]:
    return [field.attname for field in columns_of(model) if isinstance(field, kind)]


_LINKS = {model: _links(model) for model in TABLES}
_TIMES = {model: _of_kind(model, models.DateTimeField) for model in TABLES}
_JSON = {model: _of_kind(model, models.JSONField) for model in TABLES}
