from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from api.management.options import moment
from api.proposals import outside
from api.proposals.models import AuditEvent
from api.proposals.ports import StoreUnavailable
from api.proposals.verification import Fault, Head, restorations, telling_heads, verify

SENTENCES = {
    Fault.CHANGED: _("Event {sequence} was changed: it does not fit the chain."),
    Fault.REMOVED: _("Event {sequence} was removed."),
    Fault.INSERTED: _("Event {sequence} was inserted: the head does not know it."),
    Fault.CUT_OFF: _("Event {sequence} and all after it were cut off."),
    Fault.REWRITTEN: _("The trail was written anew: event {sequence} or one before it is not what was kept."),
    Fault.NUMBERS_LOWERED: _("Decision numbers were lowered and would be given twice (after event {sequence})."),
}


RESTORED = _(
    "The database was restored on {at} to {moment}; event {sequence} says so. Known of the time that was lost: "
    "{count} events, from {first} to {last}."
)
RESTORED_WHOLE = _(
    "The database was restored on {at} to {moment}; event {sequence} says so. No event is known that was lost."
)


def returns(heads: list[Head]) -> list[str]:
    """Return a sentence for each restore of the database that the trail and the kept heads tell of."""
    lines = []
    for one in restorations(heads):
        count = one.lost_through - one.sequence + 1
        sentence = RESTORED if count > 0 else RESTORED_WHOLE
        at = f"{one.at:%Y-%m-%d %H:%M:%SZ}"
        values = {"sequence": one.sequence, "first": one.sequence, "last": one.lost_through, "count": count}
        lines.append(str(sentence).format(at=at, moment=one.moment, **values))
    return lines


class Command(BaseCommand):
    help = "Verify the audit trail against its own chain and the kept heads; exit code 1 names the first bad event."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until",
            type=moment,
            metavar="TIME",
            help="of a copy of the database as it was then: leave out heads that were kept later",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        store = outside.head_store()
        until = options["until"]
        try:
            heads = [] if store is None else telling_heads(store)
            heads = [head for head in heads if until is None or head.exported_at <= until]
        except StoreUnavailable as error:
            raise CommandError(str(_("The kept heads cannot be read: {reason}")).format(reason=error)) from error
        finding = verify(heads)
        if finding is not None:
            raise CommandError(str(SENTENCES[finding.fault]).format(sequence=finding.sequence), returncode=1)
        for line in returns(heads):
            self.stdout.write(line)
        said = _("{count} events fit their chain and {heads} kept heads.")
        self.stdout.write(str(said).format(count=AuditEvent.objects.count(), heads=len(heads)))
