"""Take the person out of what a company must keep: numbers, decisions and the audit trail stay as they are."""

import datetime as dt

from django.db import transaction

from api.organization.models import Invitation, Person
from api.proposals import audit
from api.proposals.errors import NoSuchEmployee, PersonStillActive
from api.proposals.models import DraftKey, Notice

FAMILY_NAME, NAME_EN = "退職者", "Former employee"


@transaction.atomic
def anonymize_person(*, employee_number: str, at: dt.datetime) -> Person:
    """Replace names, reading, user name, address and number of someone who has left; this cannot be undone.

    What they wrote stays until its proposal is purged, because others decided on it; it is shown as a former
    employee's. Raises `NoSuchEmployee` and `PersonStillActive`. Doing it twice is harmless: nobody bears the number.
    """
    person = Person.objects.select_for_update().filter(employee_number=employee_number).first()
    if person is None:
        raise NoSuchEmployee(number=employee_number)
    if person.is_active:
        raise PersonStillActive(number=employee_number)
    person.family_name, person.given_name, person.name_en = FAMILY_NAME, str(person.pk), f"{NAME_EN} {person.pk}"
    person.family_name_kana = person.given_name_kana = person.email = ""
    person.employee_number = person.username = f"former-{person.pk}"
    person.is_administrator, person.last_login = False, None
    person.set_unusable_password()
    person.save()
    Invitation.objects.filter(person=person).delete()
    Notice.objects.filter(person=person).delete()
    DraftKey.objects.filter(person=person).delete()
    audit.record(kind="person_anonymized", at=at, by=None, person_id=person.pk)
    return person
