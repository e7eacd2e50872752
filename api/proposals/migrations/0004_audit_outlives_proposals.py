"""Let an audit event keep the id of a proposal that was purged: take the constraint away, not the column.

Code of before works as it did. SQLite makes the table anew for that and loses its triggers, which are put back.
"""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_append_only = import_module("api.proposals.migrations.0002_audit_is_append_only")


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        _append_only.unguard(apps, schema_editor)


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        _append_only.guard(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0003_circulation_and_draft_keys")]
    operations = [
        migrations.RunPython(unguard, guard),
        migrations.AlterField(
            model_name="auditevent",
            name="proposal",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="audit_events",
                to="proposals.proposal",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
