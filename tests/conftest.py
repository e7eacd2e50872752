"""Fixtures that all tests share."""

import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.audit_trail import without_guard

# Slow machines are no findings: no deadline per example, none for drawing them. The same examples in every run.
hypothesis_settings.register_profile(
    "cloister", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("cloister")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Put SQLite's test database in a file, as the application's is.

    Django's default, one memory database shared by all threads, has other locks: threads that would wait for
    each other in the file fail in it at once.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(database["NAME"]).with_name("test.sqlite3"))


@pytest.fixture(scope="session")
def _heads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("heads")
        patch.setattr(settings, "AUDIT_FOLDER", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def _no_heads_of_before(_heads: Path) -> None:
    """Keep what is exported of the audit trail from a developer's own, and from the tests that follow."""
    for head in _heads.iterdir():
        shutil.rmtree(head)


@pytest.fixture(scope="session", autouse=True)
def _emptied_audit_trail() -> Iterator[None]:
    """Let the test database be emptied after a test with transactions of its own.

    On SQLite Django empties tables by DELETE, which the audit trail's trigger refuses, as it should.
    """
    case_class: Any = TransactionTestCase  # the stubs leave out what is not public
    empty = case_class._fixture_teardown

    def emptied(case: TransactionTestCase) -> None:
        with without_guard() if connection.vendor == "sqlite" else nullcontext():
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_class, "_fixture_teardown", emptied)
        yield
