from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.management.options import moment
from api.proposals import operations, outside
from api.proposals.errors import ProposalError
from api.proposals.ports import StoreUnavailable
from api.proposals.verification import export_head, telling_heads

DONE_BEFORE = _("This restore is settled already; its end was kept once more.")
FENCED = _("{count} messages to other systems wait for an administrator: they may have been delivered already.")
SKIPPED = _("Decision numbers {sequence}: {first} to {last} are not given again.")
LOST = _("Events {first} to {last} of the audit trail are known to be lost.")
NO_STORE = _(
    "Nothing is kept of the audit trail outside this database (CLOISTER_AUDIT_BUCKET): nothing is known of it."
)
UNREADABLE = _("The kept heads cannot be read: {reason}")


class Command(BaseCommand):
    help = (
        "Run after the database was restored to an earlier moment, before anybody works with it: fence the outbox, "
        "move numbers past all that the kept heads know, record both and keep the new end. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--restore", required=True, metavar="ID", help="name of this restore, such as the new database's id"
        )
        parser.add_argument(
            "--to", required=True, type=moment, metavar="TIME", help="the moment that was returned to, with its zone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        store = outside.head_store()
        try:
            heads = [] if store is None else telling_heads(store)
            settled = operations.settle_restore(
                restore=options["restore"], moment=options["to"], heads=heads, at=timezone.now()
            )
            if store is not None:
                export_head(store, at=timezone.now())
        except StoreUnavailable as error:
            raise CommandError(str(UNREADABLE).format(reason=error)) from error
        except ProposalError as refusal:
            raise CommandError(str(refusal)) from refusal
        if store is None:
            self.stdout.write(str(NO_STORE))
        if settled is None:
            self.stdout.write(str(DONE_BEFORE))
            return
        self.stdout.write(str(FENCED).format(count=settled.fenced))
        for one in settled.skipped:
            self.stdout.write(str(SKIPPED).format(sequence=one.sequence, first=one.first, last=one.last))
        if settled.lost_from <= settled.lost_through:
            self.stdout.write(str(LOST).format(first=settled.lost_from, last=settled.lost_through))
