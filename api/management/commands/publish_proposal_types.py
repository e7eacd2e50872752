from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from api.proposals.operations import publish_types


class Command(BaseCommand):
    help = "Publish the proposal types of the catalogue: a new version of each form or route that changed."

    def handle(self, *args: Any, **options: Any) -> None:
        published = publish_types(at=timezone.now())
        self.stdout.write("\n".join(published) if published else "Nothing new to publish.")
