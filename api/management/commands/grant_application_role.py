from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from api.proposals.database_role import NoSuchRole, NotPostgreSQL, grant_to


class Command(BaseCommand):
    help = "Give the database role of the web function its rights: rows only, the audit trail append-only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="name of the role, for example app")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        try:
            statements = grant_to(role)
        except NotPostgreSQL as error:
            raise CommandError(
                str(_("This database has no roles. Set CLOISTER_DATABASE_HOST to PostgreSQL."))
            ) from error
        except NoSuchRole as error:
            sentence = str(_("There is no role “{role}” in the database. Make it first: CREATE ROLE {role} LOGIN."))
            raise CommandError(sentence.format(role=role)) from error
        self.stdout.write("\n".join(statements))
