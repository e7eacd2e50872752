"""Django's own applications, without what only migrations and checks need.

Django's configurations import `django.db.migrations` when the process starts, a tenth of a cold start. These do what
theirs do (tests/project/test_apps.py compares them) and import it when a migration or a check runs.
"""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class ContentTypes(AppConfig):
    """`django.contrib.contenttypes.apps.ContentTypesConfig`."""

    name = "django.contrib.contenttypes"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        pre_migrate.connect(inject_rename_contenttypes_operations, sender=self)
        post_migrate.connect(create_contenttypes)
        checks.register(check_contenttypes, checks.Tags.models)


class Auth(AppConfig):
    """`django.contrib.auth.apps.AuthConfig`."""

    name = "django.contrib.auth"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        from django.contrib.auth.models import update_last_login
        from django.contrib.auth.signals import user_logged_in

        uid = "django.contrib.auth.management.create_permissions"
        post_migrate.connect(create_permissions, dispatch_uid=uid)
        user_logged_in.connect(update_last_login, dispatch_uid="update_last_login")
        checks.register(check_auth_models, checks.Tags.models)
        checks.register(check_auth_middleware)


def inject_rename_contenttypes_operations(**named: Any) -> None:
    from django.contrib.contenttypes import management

    management.inject_rename_contenttypes_operations(**named)


def create_contenttypes(**named: Any) -> None:
    from django.contrib.contenttypes import management

    management.create_contenttypes(**named)


def create_permissions(**named: Any) -> None:
    from django.contrib.auth import management

    management.create_permissions(**named)


def check_contenttypes(**named: Any) -> list[checks.CheckMessage]:
    from django.contrib.contenttypes.checks import check_generic_foreign_keys, check_model_name_lengths

    return [*check_generic_foreign_keys(**named), *check_model_name_lengths(**named)]


def check_auth_models(**named: Any) -> list[checks.CheckMessage]:
    from django.contrib.auth.checks import check_models_permissions, check_user_model

    return [*check_user_model(**named), *check_models_permissions(**named)]


def check_auth_middleware(**named: Any) -> list[checks.CheckMessage]:
    from django.contrib.auth.checks import check_middleware

    return [*check_middleware(**named)]
