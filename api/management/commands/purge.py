from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api import retention

NAMES = {
    "proposal": _("Proposals that ended"),
    "draft": _("Forgotten drafts"),
    "notice": _("Notices"),
    "message": _("Messages to other systems"),
    "sign_in": _("Attempts to sign in, and tokens"),
    "invitation": _("Invitations"),
    "draft_key": _("Keys of drafts"),
}


class Command(BaseCommand):
    help = "Delete what was kept long enough (docs/data.md); with --dry-run only say how much that is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        is_dry = options["dry_run"]
        counts = retention.due(at=at) if is_dry else retention.purge(at=at)
        sentence = _("{kind}: {count} would be deleted.") if is_dry else _("{kind}: {count} deleted.")
        for kind, count in counts.items():
            self.stdout.write(str(sentence).format(kind=NAMES[kind], count=count))
