"""A check may be sent to a copy of the stage's database, and to no other host."""

from typing import Any

import pytest
from django.db import connection

from project.application import APPLICATION
from project.edge import commands
from project.edge.copies import NotACopy, on_copy

OWN = "cloister-poc.abc.ap-northeast-1.rds.amazonaws.com"
COPY = "cloister-poc-check-20261122.abc.ap-northeast-1.rds.amazonaws.com"
CHECK = {"manage": "verify_audit", "database": COPY}


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A stage's own database; nothing here connects to it."""
    monkeypatch.setitem(connection.settings_dict, "HOST", OWN)
    return connection.settings_dict


class TestACopy:
    @pytest.mark.django_db
    def test_is_signed_in_to_inside_and_left_afterwards(self, host: dict[str, Any]) -> None:
        with on_copy(COPY):
            assert host["HOST"] == COPY
        assert host["HOST"] == OWN

    @pytest.mark.parametrize(
        "other",
        [
            "evil.example",
            OWN,
            "other-check-1.abc.ap-northeast-1.rds.amazonaws.com",
            "cloister-poc-check-1.another.ap-northeast-1.rds.amazonaws.com",
            "cloister-poc-check-1.evil.example",
            f"{COPY}.evil.example",
            f"{COPY} sslmode=disable",
            f"{COPY},evil.example",
            "",
            None,
            ["x"],
        ],
    )
    def test_is_nothing_else(self, host: dict[str, Any], other: object) -> None:
        with pytest.raises(NotACopy, match="one is called cloister-poc-check-NUMBER"), on_copy(other):
            pass
        assert host["HOST"] == OWN

    def test_is_not_of_a_database_without_a_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(connection.settings_dict, "HOST", "")
        with pytest.raises(NotACopy), on_copy("-check-1.evil.example"):
            pass


class TestACheckOfACopy:
    @pytest.fixture
    def in_the_tasks_function(self, settings: Any) -> None:
        settings.TASKS_FUNCTION, settings.IS_TASKS_FUNCTION = "poc-tasks", True

    @pytest.mark.django_db
    @pytest.mark.usefixtures("in_the_tasks_function")
    def test_runs_there(self, host: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[str] = []
        monkeypatch.setattr(commands, "call_command", lambda *_words, **_options: seen.append(host["HOST"]))
        commands.run(CHECK, APPLICATION)
        assert seen == [COPY]

    @pytest.mark.parametrize(
        "line", ["migrate", "settle_restore --restore x --to y", "purge", "verify_auditor", "", None]
    )
    @pytest.mark.usefixtures("in_the_tasks_function")
    def test_is_one_of_the_commands_that_only_read(self, host: dict[str, Any], line: object) -> None:
        with pytest.raises(commands.EventRefused, match="it is no check"):
            commands.run({**CHECK, "manage": line}, APPLICATION)

    def test_is_for_the_tasks_function(self, host: dict[str, Any], settings: Any) -> None:
        settings.TASKS_FUNCTION, settings.IS_TASKS_FUNCTION = "poc-tasks", False
        with pytest.raises(commands.EventRefused, match="send it there"):
            commands.run(CHECK, APPLICATION)


class TestTheLanguage:
    @pytest.mark.parametrize(
        ("language", "said"), [("en", "fit their chain"), ("ja", "一致"), ("xx", "一致"), (None, "一致")]
    )
    @pytest.mark.django_db(transaction=True)
    def test_of_a_command_is_the_readers(self, language: str | None, said: str) -> None:
        assert said in commands.run({"manage": "verify_audit", "language": language}, APPLICATION)["output"]


def test_every_check_is_a_command_that_may_be_run() -> None:
    assert set(APPLICATION.checks) <= set(APPLICATION.management_commands)
