"""What may be asked of the function outside HTTP."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from deploy.rehearsal.events import scheduled_event
from project.application import APPLICATION
from project.edge import commands
from project.logs import JsonLines
from tests.project.edge import timers

APPROVALS = replace(
    APPLICATION,
    management_commands=("migrate", "check", "fail", "leave", "whisper"),
    private_commands=("whisper",),
    timers={"drain_outbox": "tests.project.edge.timers.drain"},
)


@pytest.fixture
def failing_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add `fail`, which raises, `leave`, which exits, and `whisper`, which does either, to Django's commands."""

    class Fail(BaseCommand):
        def handle(self, *args: Any, **options: Any) -> None:
            self.stdout.write("half done")
            raise CommandError("the other half is missing")

    class Leave(BaseCommand):
        def handle(self, *args: Any, **options: Any) -> None:
            raise SystemExit(3)

    class Whisper(BaseCommand):
        def add_arguments(self, parser: CommandParser) -> None:
            parser.add_argument("who")
            parser.add_argument("--and-then", choices=["fail", "break", "leave"])

        def handle(self, *args: Any, who: str, and_then: str | None, **options: Any) -> None:
            self.stdout.write(f"a key for {who}")
            match and_then:
                case "fail":
                    raise CommandError(f"{who} is not known")
                case "break":
                    raise ValueError(who)
                case "leave":
                    raise SystemExit(3)

    from django.core import management

    known = management.get_commands()
    monkeypatch.setattr(
        management, "get_commands", lambda: {**known, "fail": Fail(), "leave": Leave(), "whisper": Whisper()}
    )


@pytest.fixture
def ran() -> Iterator[list[str]]:
    timers.runs.clear()
    yield timers.runs
    timers.runs.clear()


class TestAManagementCommand:
    @pytest.mark.django_db(transaction=True)
    def test_on_the_list_runs_and_tells_its_output(self) -> None:
        result = commands.run({"manage": "migrate --noinput --check"}, APPROVALS)

        assert result["manage"] == "migrate --noinput --check"

    def test_says_what_it_did(self) -> None:
        assert "no issues" in commands.run({"manage": "check"}, APPROVALS)["output"]

    @pytest.mark.parametrize("line", ["shell -c 'print(1)'", "flush --noinput", "dbshell", "runserver", "nonsense"])
    def test_off_the_list_is_refused(self, line: str) -> None:
        with pytest.raises(commands.EventRefused, match="may not be run") as refusal:
            commands.run({"manage": line}, APPROVALS)

        assert "migrate, check, fail, leave, whisper" in str(refusal.value)

    @pytest.mark.parametrize("line", ["", "   ", None, ["migrate"], "migrate 'half"])
    def test_must_be_a_line_of_words(self, line: object) -> None:
        with pytest.raises(commands.EventRefused):
            commands.run({"manage": line}, APPROVALS)

    @pytest.mark.usefixtures("failing_commands")
    def test_that_fails_is_told_with_its_reason(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO")
        with pytest.raises(commands.CommandFailed, match="the other half is missing"):
            commands.run({"manage": "fail"}, APPROVALS)

        assert "fail: half done" in caplog.text

    @pytest.mark.usefixtures("failing_commands")
    def test_that_exits_does_not_end_the_process(self) -> None:
        with pytest.raises(commands.CommandFailed, match="exit status 3"):
            commands.run({"manage": "leave"}, APPROVALS)


@pytest.mark.usefixtures("failing_commands")
class TestAPrivateCommand:
    @pytest.mark.parametrize(
        ("ending", "failed"),
        [
            ("", None),
            (" --and-then fail", "tanaka is not known"),
            (" --and-then leave", "exit status 3"),
            (" --and-then break", "ValueError; the function's log says where"),
            (" --and-then nonsense", "invalid choice"),
        ],
    )
    def test_tells_whoever_asked_and_no_log(
        self, caplog: pytest.LogCaptureFixture, ending: str, failed: str | None
    ) -> None:
        caplog.set_level("INFO")
        answer = commands.run({"manage": f"whisper tanaka{ending}"}, APPROVALS)

        assert (failed or "") in answer.get("failed", "")
        assert ("failed" in answer) == (failed is not None)
        if "nonsense" not in ending:
            assert answer["output"] == "a key for tanaka\n"
        written = "".join(JsonLines().format(record) for record in caplog.records)
        assert "whisper" in written
        assert "tanaka" not in written

    def test_is_every_one_whose_words_name_people(self) -> None:
        assert {*APPLICATION.private_commands, *APPLICATION.after_migrate} <= {*APPLICATION.management_commands}


@pytest.mark.django_db(transaction=True)
class TestTheMigration:
    def test_asked_for_twice_at_once_runs_one_after_the_other(self, database: str) -> None:
        if database == "sqlite":
            with commands._one_at_a_time():  # SQLite has its own lock; nothing must break
                return
        order: list[str] = []
        entered = threading.Event()

        def second() -> None:
            entered.set()
            with commands._one_at_a_time():
                order.append("second")
            connection.close()

        thread = threading.Thread(target=second)
        with commands._one_at_a_time():
            thread.start()
            entered.wait()
            thread.join(0.3)
            order.append("first")
        thread.join(10)

        assert order == ["first", "second"]


class TestATimer:
    @pytest.mark.parametrize(
        "event",
        [
            scheduled_event("cloister-poc-drain_outbox"),
            scheduled_event("cloister-poc-night-tests.project.edge.timers.drain"),
            {"command": "drain_outbox"},
            {"command": "tests.project.edge.timers.drain"},
        ],
        ids=["rule of our own", "Zappa's rule", "zappa invoke NAME", "zappa invoke PATH"],
    )
    def test_runs_by_its_name_or_path(self, ran: list[str], event: dict[str, Any]) -> None:
        assert commands.run(event, APPROVALS) == {"timer": "drain_outbox"}
        assert ran == ["drain"]

    @pytest.mark.parametrize(
        "event",
        [
            scheduled_event("cloister-poc-os.getcwd"),
            scheduled_event("cloister-poc-zappa-keep-warm-handler.keep_warm_callback"),
            scheduled_event("nodash"),
            {"detail-type": "Scheduled Event"},
            {"command": "os.getcwd"},
        ],
    )
    def test_off_the_list_is_refused(self, ran: list[str], event: dict[str, Any]) -> None:
        with pytest.raises(commands.EventRefused, match="drain_outbox"):
            commands.run(event, APPROVALS)

        assert ran == []


class TestAnyOtherEvent:
    @pytest.mark.parametrize(
        ("event", "named"),
        [
            ({"raw_command": "import os; os.abort()"}, "raw_command is refused"),
            ({"raw_command": "1", "manage": "check"}, "raw_command is refused"),
            ({"Records": [{"s3": {}}]}, "Records is not known"),
            ({"version": "2.0", "requestContext": {"http": {"method": "GET"}}, "rawPath": "/"}, "rawPath"),
            ({}, "no keys"),
            ([], "a list"),
            ("text", "a str"),
            (None, "a NoneType"),
        ],
    )
    def test_is_refused_with_what_is_allowed(self, event: object, named: str) -> None:
        with pytest.raises(commands.EventRefused, match=named) as refusal:
            commands.run(event, APPROVALS)

        assert "migrate" in str(refusal.value)
        assert "drain_outbox" in str(refusal.value)


def test_nothing_is_taken_from_an_event_of_a_caller_over_http() -> None:
    """A body cannot become a command: only the gateway writes the event's own keys."""
    from deploy.rehearsal.events import Call, rest_event
    from project.edge import http

    event = rest_event(Call(method="POST", path="/", body=b'{"manage": "flush"}'))
    assert http.is_request(event)
    assert not http.is_request({"manage": "flush"})
