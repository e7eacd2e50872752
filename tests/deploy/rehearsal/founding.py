"""Found the demo company in the rehearsal's database, from where the tasks function stands and with its sign-in.

Run by the console's `as tasks PYTHON -m tests.deploy.rehearsal.founding`: a stage has no command that invents people.
"""

import os
import sys


def main() -> None:
    """Found it; the types of proposals are there, published by `up`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
    import django

    django.setup()
    from django.db import transaction
    from django.utils import timezone, translation

    from api.management.commands.seed_company import DEMO_DEPARTMENTS, DEMO_PASSWORD, DEMO_PEOPLE
    from api.management.seed.company import found_company
    from api.organization.queries import company_date

    with translation.override("ja"), transaction.atomic():
        found_company(
            people=DEMO_PEOPLE,
            departments=DEMO_DEPARTMENTS,
            seed=1,
            today=company_date(timezone.now()),
            password=DEMO_PASSWORD,
        )
    sys.stdout.write("founded\n")


if __name__ == "__main__":
    main()
