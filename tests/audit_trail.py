"""Take the audit trail's guard away, as its owner could, to see what is noticed then."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.db import connection

_append_only = import_module("api.proposals.migrations.0002_audit_is_append_only")
_CREATE = {"postgresql": _append_only.POSTGRESQL, "sqlite": _append_only.SQLITE}


@contextmanager
def without_guard() -> Iterator[None]:
    """Let rows be changed and removed inside."""
    _run(_append_only.REMOVE[connection.vendor])
    try:
        yield
    finally:
        _run(_CREATE[connection.vendor])


def _run(statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
