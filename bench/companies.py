"""Companies to measure on: databases of the bench's own server, each filled by `manage.py seed_company`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def set_up() -> None:
    """Start Django on the bench's PostgreSQL server; raises `SystemExit` where none was given."""
    if not os.environ.get("CLOISTER_DATABASE_HOST"):
        raise SystemExit("The benches need PostgreSQL: run `make bench`, which starts a server of their own.")
    os.environ.setdefault("CLOISTER_STAGE", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django
    from django.conf import settings

    if not settings.configured or "bench.companies.Router" not in settings.DATABASE_ROUTERS:
        settings.DATABASE_ROUTERS = ["bench.companies.Router"]
    settings.DEBUG = False
    django.setup()


class Router:
    """Sends every query to the company that is being measured."""

    alias = "default"

    def db_for_read(self, _model: object, **_hints: object) -> str:
        return Router.alias

    db_for_write = db_for_read


@contextmanager
def measured(alias: str) -> Iterator[None]:
    """Let every query inside go to the company `alias`."""
    before, Router.alias = Router.alias, alias
    try:
        yield
    finally:
        Router.alias = before


def company(*, proposals: int, people: int = 240, departments: int = 36) -> str:
    """Make a company in a database of its own, once, and return its alias among Django's connections."""
    from django.db import connection, connections

    alias = f"company_{proposals}"
    if alias in connections.databases:
        return alias
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{alias}"')
        cursor.execute(f'CREATE DATABASE "{alias}"')
    run_in(alias, "manage.py", "migrate", "--verbosity", "0")
    sizes = f"--people={people}", f"--departments={departments}", f"--proposals={proposals}"
    run_in(alias, "manage.py", "seed_company", *sizes)
    connections.databases[alias] = connections.databases["default"] | {"NAME": alias}
    with connections[alias].cursor() as cursor:
        cursor.execute("ANALYZE")
    return alias


def run_in(alias: str, *words: str) -> str:
    """Run Python in a process whose own database is the company `alias`, and return what it printed."""
    environment = os.environ | {"CLOISTER_DATABASE_NAME": alias}
    ran = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return ran.stdout
