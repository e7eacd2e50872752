"""`manage.py invite_administrator`: a one-time link by which the first administrator comes in."""

import json
import re
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from api.management.options import add_language
from api.proposals import invitations
from api.proposals.errors import ProposalError
from api.proposals.operations import NewPerson, invite_administrator
from api.proposals.people_errors import AdministratorExists

USERNAME, NAME = "administrator", "初期 管理者"


class Command(BaseCommand):
    help = (
        "Print a link, good once and for 72 hours, by which an administrator chooses a password: for somebody who is "
        "known (--person), or for a new account. Refuses where an administrator can sign in already, unless --again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--person", metavar="NUMBER", help="employee number of somebody who is known")
        parser.add_argument("--username", default=USERNAME, help="of a new account (default: %(default)s)")
        parser.add_argument(
            "--name", default=NAME, help="family and given name of a new account (default: %(default)s)"
        )
        parser.add_argument("--email", default="", help="address of a new account")
        parser.add_argument(
            "--site", default="", metavar="URL", help="address of the page (default: CLOISTER_SITE_URL)"
        )
        parser.add_argument("--again", action="store_true", help="although an administrator can sign in already")
        parser.add_argument("--json", action="store_true", help="answer with one JSON object, for programs")
        add_language(parser, "what is shown, and of a new account")

    def handle(self, *args: Any, language: str, site: str, **options: Any) -> None:
        with translation.override(language):
            site = site or settings.SITE_URL
            if not re.fullmatch(r"https?://[^\s#]+", site):
                sentence = _(
                    "--site is “{site}” and CLOISTER_SITE_URL is not set. Give the page's address, https://..."
                )
                raise CommandError(sentence.format(site=site))
            new = NewPerson(
                username=options["username"], name=options["name"], email=options["email"], language=language
            )
            try:
                made = invite_administrator(who=options["person"] or new, again=options["again"], at=timezone.now())
            except AdministratorExists as refusal:
                if not options["json"]:
                    raise CommandError(str(refusal)) from refusal
                # Nothing is wrong: whoever deploys asks every time.
                self.stdout.write(json.dumps({"link": None, "reason": refusal.code}))
                return
            except ProposalError as refusal:
                raise CommandError(str(refusal)) from refusal
            link = invitations.link(made.token or "", site=site)
            expires_at = timezone.localtime(made.invitation.expires_at, timezone.get_default_timezone())
            if options["json"]:
                told = {"link": link, "expires_at": expires_at.isoformat(), "username": made.invitation.person.username}
                self.stdout.write(json.dumps(told))
                return
            sentence = _(
                "Open this link by {until} and choose a password. It can be used once; your user name is {username}."
            )
            self.stdout.write(
                sentence.format(until=f"{expires_at:%Y-%m-%d %H:%M}", username=made.invitation.person.username)
            )
            self.stdout.write(link)
