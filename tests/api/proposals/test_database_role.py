"""The role of the web function works with rows, and cannot touch what was recorded."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.company import Company, approved, found_company

ROLE = "app_of_the_test"


@pytest.fixture
def as_role(transactional_db: None) -> Iterator[Company]:
    """Give the role its rights, and let the connection of the test be that role inside."""
    company = found_company()
    approved(company)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
    try:
        call_command("grant_application_role", ROLE)
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {ROLE}")
        yield company
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {ROLE}")
            cursor.execute(f"DROP ROLE {ROLE}")


FORBIDDEN = [
    "UPDATE proposals_auditevent SET kind = 'approved'",
    "DELETE FROM proposals_auditevent",
    "TRUNCATE proposals_auditevent",
    "ALTER TABLE proposals_auditevent DISABLE TRIGGER ALL",
    "DROP TRIGGER proposals_auditevent_append_only ON proposals_auditevent",
    "DROP TABLE proposals_auditevent CASCADE",
    "TRUNCATE proposals_decision CASCADE",
    "DELETE FROM django_migrations",
    "CREATE TABLE of_its_own (id int)",
]


@pytest.mark.only_on("postgresql")
class TestRole:
    @pytest.mark.parametrize("statement", FORBIDDEN)
    def test_cannot(self, as_role: Company, statement: str) -> None:
        with connection.connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)

    def test_cannot_give_itself_more(self, as_role: Company) -> None:
        with connection.connection.cursor() as cursor:
            cursor.execute(f"GRANT ALL ON proposals_auditevent TO {ROLE}")  # PostgreSQL only warns of this one
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute("TRUNCATE proposals_auditevent")

    def test_can_do_its_work(self, as_role: Company) -> None:
        """The positive control: the same connection writes rows, and appends to the trail."""
        assert approved(as_role).decision_number == "購買-2026-00002"

    def test_is_not_refused_what_the_owner_may(self, as_role: Company) -> None:
        """The positive control of the probe: the owner truncates the very table."""
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("TRUNCATE proposals_auditevent")
            cursor.execute("SELECT count(*) FROM proposals_auditevent")
            assert cursor.fetchone() == (0,)


@pytest.mark.only_on("postgresql")
def test_names_the_role_that_is_missing(db: None) -> None:
    with pytest.raises(CommandError, match="nobody_at_all"):
        call_command("grant_application_role", "nobody_at_all")


@pytest.mark.only_on("sqlite")
def test_says_that_sqlite_has_no_roles(db: None) -> None:
    with pytest.raises(CommandError, match="CLOISTER_DATABASE_HOST"):
        call_command("grant_application_role", "app")
