"""What follows a restore of the database to an earlier moment, before anybody works with it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from api.proposals import audit, outbox
from api.proposals.errors import TypesMissing
from api.proposals.models import AuditEvent, NumberSequence, ProposalType
from api.proposals.verification import RESTORED, SKIPPED, Head, restorations


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """Decision numbers of one sequence (a type's code and a fiscal year) that are not given again."""

    sequence: str
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What was done: messages that wait for a person, numbers skipped, and the former trail's events that are gone.

    `lost_from` is more than `lost_through` where none is known to be.
    """

    fenced: int
    skipped: tuple[Skipped, ...]
    lost_from: int
    lost_through: int


@transaction.atomic
def settle_restore(*, restore: str, moment: dt.datetime, heads: Sequence[Head], at: dt.datetime) -> Settled | None:
    """Fence the outbox, move numbers past all that kept heads know, and record both; None where it is done already.

    `restore` names this restore (the new database's id), so that a repetition is known; `moment` is what was returned
    to; `heads` are all that were kept, of the time that is lost too. Raises `TypesMissing` where a sequence is known
    whose type is not in this database.
    """
    if _is_settled(restore):
        return None
    skipped = _skip_numbers(heads)
    fenced = outbox.fence()
    here = audit.count()
    if _is_settled(restore):  # meanwhile, by a repetition
        transaction.set_rollback(True)
        return None
    explained = restorations(heads)
    left_behind = [head for head in heads if head.count > here and not any(one.explains(head) for one in explained)]
    former = max(left_behind, key=lambda head: (head.count, head.exported_at), default=None)
    lost_through = here if former is None else former.count
    audit.record(
        kind=RESTORED,
        at=at,
        by=None,
        restore=restore,
        moment=moment.astimezone(dt.UTC).isoformat(),
        lost_through=lost_through,
        former_hash=audit.GENESIS if former is None else former.hash,
        fenced=fenced,
    )
    for one in skipped:
        audit.record(kind=SKIPPED, at=at, by=None, sequence=one.sequence, first=one.first, last=one.last)
    return Settled(fenced=fenced, skipped=tuple(skipped), lost_from=here + 1, lost_through=lost_through)


def _is_settled(restore: str) -> bool:
    return AuditEvent.objects.filter(kind=RESTORED, data__restore=restore).exists()


def _skip_numbers(heads: Sequence[Head]) -> list[Skipped]:
    known: dict[str, int] = {}
    for head in heads:
        for name, number in head.numbers.items():
            known[name] = max(number, known.get(name, 0))
    types = {type_.code: type_ for type_ in ProposalType.objects.all()}
    if missing := sorted({name.rpartition("-")[0] for name in known} - types.keys()):
        raise TypesMissing(types=missing)
    skipped = []
    for name, number in sorted(known.items()):
        code, _, year = name.rpartition("-")
        sequence, _made = NumberSequence.objects.select_for_update().get_or_create(
            type=types[code], fiscal_year=int(year)
        )
        if sequence.last < number:
            skipped.append(Skipped(sequence=name, first=sequence.last + 1, last=number))
            sequence.last = number
            sequence.save(update_fields=["last"])
    return skipped
