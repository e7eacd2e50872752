"""PostgreSQL's roles: made once by the tasks function, and the right one for each command.

`owner` has the tables and signs in for migrations; `app` reads and writes rows, for the web function and the timers.
They are made over the network that only functions have, from the master's secret in the event, which is never logged:
statements carry verifiers (RFC 5803), not passwords, so that the server's own log learns nothing either.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

OWNER = "owner"
# Milliseconds. A migration that waits for a lock holds up every request behind it; a function ends after 15 minutes.
LOCK_TIMEOUT, STATEMENT_TIMEOUT = 5_000, 600_000


class BootstrapRefused(Exception):
    """The event asks for roles in a way that cannot be; the message names what, and never a value of it."""


@contextmanager
def owner_signed_in() -> Iterator[None]:
    """Sign in as the owner of the tables inside the block; as ever where no owner's password is set."""
    connection = connections[DEFAULT_DB_ALIAS]
    before = {key: connection.settings_dict[key] for key in settings.DATABASE_OWNER}
    if not before:
        yield
        return
    connection.close()
    connection.settings_dict.update(settings.DATABASE_OWNER)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def patience() -> Iterator[None]:
    """Give up on a lock, or on one statement, before others suffer from the wait."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {LOCK_TIMEOUT}; SET statement_timeout = {STATEMENT_TIMEOUT}")
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout; RESET statement_timeout")


def bootstrap(given: object) -> dict[str, str]:
    """Make both roles as the master, or bring them to what the event says; safe to repeat.

    `given`: {"master": {"user", "password"}, "owner": PASSWORD, "app": PASSWORD}; an empty password signs in by IAM
    token instead (Amazon RDS User Guide, "IAM database authentication"). Raises `BootstrapRefused`.
    """
    master, passwords = _checked(given)
    import psycopg2
    from psycopg2 import extensions, sql

    database = settings.DATABASES[DEFAULT_DB_ALIAS]
    options = {key: value for key, value in database["OPTIONS"].items() if key != "tcp_user_timeout"}
    target = {"host": database["HOST"], "port": database["PORT"], "dbname": database["NAME"]}
    session = psycopg2.connect(**target, **options, user=master["user"], password=master["password"])
    with closing(session), session, session.cursor() as cursor:
        for role, password in passwords.items():
            name = sql.Identifier(role)
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
            if password:
                # Once by token: whoever has rds_iam signs in by nothing else (Amazon RDS User Guide, "IAM database
                # authentication for PostgreSQL").
                cursor.execute(
                    "SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r"
                    " ON r.oid = m.member WHERE g.rolname = 'rds_iam' AND r.rolname = %s",
                    [role],
                )
                if cursor.fetchone() is not None:
                    cursor.execute(sql.SQL("REVOKE rds_iam FROM {}").format(name))
                verifier = extensions.encrypt_password(password, role, session, "scram-sha-256")
                cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(name), [verifier])
            else:
                cursor.execute(sql.SQL("GRANT rds_iam TO {}").format(name))
        owner, base = sql.Identifier(OWNER), sql.Identifier(database["NAME"])
        # Only a member of the owner may hand the database over to it; the master stays none.
        cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
        cursor.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(base, owner))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(base))
        # The master too may come again: to rotate passwords, or after a restore.
        connect = sql.SQL("GRANT CONNECT ON DATABASE {} TO CURRENT_USER, {}")
        cursor.execute(connect.format(base, sql.Identifier(database["USER"])))
        cursor.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(owner))
    return {"bootstrap": ", ".join(passwords)}


def _checked(given: object) -> tuple[Mapping[str, Any], dict[str, str]]:
    app = settings.DATABASES[DEFAULT_DB_ALIAS].get("USER", "")
    if connections[DEFAULT_DB_ALIAS].vendor != "postgresql":
        raise BootstrapRefused("This function's database is not PostgreSQL, which has no roles to make.")
    if not isinstance(given, dict) or not isinstance(given.get("master"), dict):
        raise BootstrapRefused('bootstrap needs {"master": {"user", "password"}, "owner": "", "app": ""}.')
    for key in ("user", "password"):
        if not isinstance(given["master"].get(key), str) or not given["master"][key]:
            raise BootstrapRefused(f"bootstrap.master.{key} is missing; the database's own secret has it.")
    passwords = {role: given.get(key) for role, key in ((OWNER, "owner"), (app, "app"))}
    for role, password in passwords.items():
        if not isinstance(password, str) or (password and len(password) < 20):
            raise BootstrapRefused(
                f"The password of {role} must have 20 characters or more, or be empty for IAM tokens."
            )
    return given["master"], {role: str(password) for role, password in passwords.items()}
