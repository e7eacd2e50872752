"""Let nobody change or remove an audit event, not even by SQL.

Rows are guarded by triggers on both databases. PostgreSQL's TRUNCATE passes row triggers, and whoever owns the table
can drop them: the role that the web function signs in as neither owns the table nor may truncate it
(`api/proposals/database_role.py`).
"""

from typing import Any

from django.db import migrations

TABLE = "proposals_auditevent"
REFUSAL = "audit events are append-only"

POSTGRESQL = (
    f"""
    CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$
    """,
    f"""
    CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()
    """,
)
SQLITE = tuple(
    f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for verb in ("update", "delete")
)
REMOVE = {
    "postgresql": (f"DROP TRIGGER {TABLE}_append_only ON {TABLE}", f"DROP FUNCTION {TABLE}_refuse()"),
    "sqlite": tuple(f"DROP TRIGGER {TABLE}_no_{verb}" for verb in ("update", "delete")),
}


def guard(apps: Any, schema_editor: Any) -> None:
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(apps: Any, schema_editor: Any) -> None:
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
