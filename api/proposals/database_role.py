"""What the database role of the web function and the timers may do: rows only, and nothing to what was recorded.

The role that owns the tables runs migrations; the other one is given its rights here, anew after every migration.
"""

from django.db import connection, transaction

RECORDED = ("proposals_auditevent",)
"""Tables that are written once: read and append, never change, remove or empty."""
READ_ONLY = ("django_migrations",)


class NotPostgreSQL(Exception):
    """SQLite has no roles."""


class NoSuchRole(Exception):
    """The database has no such role; `bootstrap` of the deployment, or CREATE ROLE, makes it."""


@transaction.atomic
def grant_to(role: str) -> list[str]:
    """Give `role` exactly its rights on every table of this application, and return the statements that did.

    Run as the owner of the tables. Raises `NotPostgreSQL` and `NoSuchRole`.
    """
    if connection.vendor != "postgresql":
        raise NotPostgreSQL()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise NoSuchRole(role)
        name = connection.ops.quote_name(role)
        statements = [
            f"GRANT USAGE ON SCHEMA public TO {name}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
            *(f"REVOKE UPDATE, DELETE ON {table} FROM {name}" for table in RECORDED),
            *(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {name}" for table in READ_ONLY),
        ]
        for statement in statements:
            cursor.execute(statement)
    return statements
