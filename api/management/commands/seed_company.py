"""`manage.py seed_company`: a made-up company of any size, on a developer's machine."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from api.management.seed.company import SMALLEST, Company, TooSmall, found_company
from api.management.seed.demo import DAYS as DEMO_DAYS
from api.management.seed.demo import tell_demo
from api.management.seed.past import tell_past
from api.organization.models import Department, Person, Post
from api.organization.queries import company_date
from api.proposals.operations import publish_types

DEMO_PASSWORD = "cloister-demo"  # noqa: S105  of invented people, and only where CLOISTER_STAGE is local
DEMO_PEOPLE, DEMO_DEPARTMENTS = 260, 44


class Command(BaseCommand):
    help = (
        "Write a made-up company into an empty database, on a developer's machine only. "
        "The same numbers and seed give the same company."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="add proposals in every state, and show who signs in")
        parser.add_argument("--people", type=int, default=DEMO_PEOPLE, help="how many (default: %(default)s)")
        parser.add_argument("--departments", type=int, default=DEMO_DEPARTMENTS, help="default: %(default)s")
        parser.add_argument("--proposals", type=int, default=0, help="decided and open ones (default: %(default)s)")
        parser.add_argument("--seed", type=int, default=1, help="another number gives other people")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES])

    def handle(
        self,
        *,
        demo: bool,
        people: int,
        departments: int,
        proposals: int,
        seed: int,
        language: str | None,
        **_options: Any,
    ) -> None:
        with translation.override(language or settings.LANGUAGE_CODE):
            _refuse_where_it_would_harm()
            now = timezone.now()
            with transaction.atomic():
                company = _found(people=people, departments=departments, seed=seed, today=company_date(now))
                publish_types(at=now - dt.timedelta(days=5 * 365))
                if proposals:
                    tell_past(company, count=proposals, seed=seed, until=now - DEMO_DAYS if demo else now)
                if demo:
                    tell_demo(company, seed=seed, now=now)
            self.stdout.write(
                _("{people} people in {departments} departments.").format(
                    people=f"{people:,}", departments=f"{departments:,}"
                )
            )
            if demo:
                self._show_sign_in_names(company)

    def _show_sign_in_names(self, company: Company) -> None:
        text = _("Sign in with one of these usernames and the password {password}:")
        self.stdout.write(text.format(password=DEMO_PASSWORD))
        for post, role in _cast(company):
            person, department = post.person, post.department
            names = f"{person.name} ({person.name_en}), {department.name} ({department.name_en})"
            self.stdout.write(f"  {person.username:<20} {names}: {role}")


def _refuse_where_it_would_harm() -> None:
    if settings.STAGE != "local":
        raise CommandError(
            _(
                "This is the stage “{stage}”. Invented people with a known password are for CLOISTER_STAGE=local only."
            ).format(stage=settings.STAGE)
        )
    if Person.objects.exists() or Department.objects.exists():
        raise CommandError(
            _(
                "The database already has people or departments. Use an empty one: remove {database}, then migrate."
            ).format(database=settings.DATABASES["default"]["NAME"])
        )


def _found(*, people: int, departments: int, seed: int, today: dt.date) -> Company:
    try:
        return found_company(people=people, departments=departments, seed=seed, today=today, password=DEMO_PASSWORD)
    except TooSmall:
        text = _(
            "{people} people in {departments} departments are too few. Ask for {smallest} departments or more, "
            "and for two people or more in each."
        )
        raise CommandError(text.format(people=people, departments=departments, smallest=SMALLEST)) from None


def _cast(company: Company) -> list[tuple[Post, str]]:
    """Return who is worth signing in as: one applicant, everyone above, and an administrator."""
    section, department, division, head_office = company.line
    return [
        (company.applicant, _("applies")),
        (section, _("section manager, asked first")),
        (department, _("department manager, asked from 300,000 yen")),
        (division, _("division director, asked from 1,000,000 yen")),
        (head_office, _("president, asked from 10,000,000 yen")),
        (company.administrator, _("administrator, sees everything")),
    ]
