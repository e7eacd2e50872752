from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from api.organization.models import Person
from api.proposals.errors import ProposalError
from api.proposals.operations import anonymize_person
from api.retention import ATTEMPTS


class Command(BaseCommand):
    help = "Take names and address from someone who has left; numbers, decisions and the audit trail stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("employee_number", help="of a person who is no longer active")

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["employee_number"]
        try:
            with transaction.atomic():
                username = Person.objects.filter(employee_number=number).values_list("username", flat=True).first()
                person = anonymize_person(employee_number=number, at=timezone.now())
                AuthToken.objects.filter(user=person).delete()
                for model in ATTEMPTS:  # as it was typed
                    model._default_manager.filter(username__iexact=username).delete()
        except ProposalError as refusal:
            raise CommandError(str(refusal)) from refusal
        # Not the number: what was taken out of the database must not end up in a log.
        self.stdout.write(str(_("Person {id} is anonymous now.")).format(id=person.pk))
