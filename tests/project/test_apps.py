"""Our configurations of Django's applications do what Django's own do."""

import inspect
import subprocess
import sys

import pytest
from django.apps import apps
from django.contrib.auth import apps as django_auth
from django.contrib.auth.models import Permission
from django.contrib.contenttypes import apps as django_contenttypes
from django.contrib.contenttypes.models import ContentType

from project import apps as ours


def test_they_stand_in_for_djangos_own() -> None:
    assert isinstance(apps.get_app_config("contenttypes"), ours.ContentTypes)
    assert isinstance(apps.get_app_config("auth"), ours.Auth)


@pytest.mark.django_db
def test_a_migration_made_content_types_and_permissions() -> None:
    assert ContentType.objects.filter(app_label="organization", model="person").exists()
    assert Permission.objects.filter(codename="add_person").exists()


@pytest.mark.parametrize(
    ("theirs", "done"),
    [
        (
            django_contenttypes.ContentTypesConfig,
            [
                "pre_migrate.connect(inject_rename_contenttypes_operations, sender=self)",
                "post_migrate.connect(create_contenttypes)",
                "checks.register(check_generic_foreign_keys, checks.Tags.models)",
                "checks.register(check_model_name_lengths, checks.Tags.models)",
            ],
        ),
        (
            django_auth.AuthConfig,
            [
                "create_permissions",
                "user_logged_in.connect(update_last_login",
                "checks.register(check_user_model, checks.Tags.models)",
                "checks.register(check_models_permissions, checks.Tags.models)",
                "checks.register(check_middleware)",
            ],
        ),
    ],
)
def test_django_does_nothing_more(theirs: type, done: list[str]) -> None:
    """What Django's configuration connects and registers, so that an upgrade that adds something fails here."""
    source = inspect.getsource(theirs.ready)  # type: ignore[attr-defined]  # both have it

    assert [part for part in done if part not in source] == []
    assert source.count(".connect(") + source.count(".register(") == len(done)


def test_a_start_does_not_import_migrations() -> None:
    script = "import django, sys; django.setup(); print('django.db.migrations' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
