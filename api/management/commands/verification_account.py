from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.verification_account import LASTS, NotAHash, NotAnAccount, StillNeeded, close_account, open_account


class Command(BaseCommand):
    help = "Make or remove the account by which a deployed stage is verified; it lives for an hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        opening = actions.add_parser("open", help="make it, or give it another password")
        opening.add_argument("name", help="verify- and twelve digits of 0-9 a-f")
        opening.add_argument("password_hash", help="as Django writes it; never the password itself")
        closing = actions.add_parser("close", help="remove it with all that it made")
        closing.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        name, at = options["name"], timezone.now()
        try:
            if options["action"] == "open":
                open_account(name=name, password_hash=options["password_hash"], at=at)
                text = str(_("{name} can sign in until {until}."))
                self.stdout.write(text.format(name=name, until=f"{timezone.localtime(at + LASTS):%Y-%m-%d %H:%M}"))
            else:
                was_there = close_account(name=name, at=at)
                text = str(_("{name} is removed.") if was_there else _("There is no account {name}."))
                self.stdout.write(text.format(name=name))
        except NotAnAccount as error:
            sentence = _("The name {name} is not verify- and twelve digits of 0-9 a-f.")
            raise CommandError(str(sentence).format(name=error.name)) from error
        except NotAHash as error:
            # Without the value: whoever gives a password instead must not find it in a log.
            raise CommandError(str(_("password_hash is no hash that this application checks."))) from error
        except StillNeeded as error:
            sentence = _(
                "{name} cannot sign in any more, but not all that it made could be removed now: its files cannot be "
                "deleted, or others took part. The timer tries again."
            )
            raise CommandError(str(sentence).format(name=error.name)) from error
