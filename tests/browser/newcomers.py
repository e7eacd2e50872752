"""Somebody who has no password yet, invited by a link that the test holds."""

from django.utils import timezone

from api.organization.models import Person
from api.proposals.operations import invite
from tests.browser.people import ADMINISTRATOR


def newcomer(language: str = "ja") -> Person:
    """Return a person of the company who has not come in yet."""
    person = Person(
        username="aoki.haru",
        employee_number="990001",
        family_name="青木",
        given_name="春",
        name_en="Haru Aoki",
        language=language,
    )
    person.set_unusable_password()
    person.save()
    return person


def invited(person: Person) -> str:
    """Invite the person and return the address within the page."""
    administrator = Person.objects.get(username=ADMINISTRATOR)
    (made,) = invite(people=[person.pk], by=administrator, at=timezone.now())
    return f"#/invitation/{made.token}"
