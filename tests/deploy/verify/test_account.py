"""The account that the verb makes: by the application's own command, its password told to nobody else."""

import argparse
import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password

from api.organization.models import Person
from deploy.failure import Failure
from deploy.stage_file import parse
from deploy.verify.account import ITERATIONS, Accounts, hashed
from deploy.verify.runner.command import PASSWORD, USER, add_options
from deploy.verify.verb import _hand_out, look
from project.edge.commands import run
from tests.deploy.paths import STAGE_FILE
from tests.deploy.verify.looking import GIVEN, document
from tests.deploy.verify.world import API_HOST, World

FEW = 1000
"""Iterations that cost a test nothing."""


class TasksFunction:
    """The tasks function as AWS's client gives it: what an event asks for really runs, in this process."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.open_for = 0
        """Events after which it answers nothing any more; 0: it always answers."""

    def client(self, service: str) -> "TasksFunction":
        assert service == "lambda"
        return self

    def invoke(self, **named: str) -> dict[str, Any]:
        assert named["FunctionName"] == "cloister-poc-tasks"
        self.events.append(named["Payload"])
        if 0 < self.open_for < len(self.events):
            raise EndpointConnectionError(endpoint_url="https://lambda.example")
        try:
            answer: dict[str, Any] = {"Payload": io.BytesIO(json.dumps(run(json.loads(named["Payload"]))).encode())}
        except Exception as error:  # noqa: BLE001  # as the runtime answers whatever is raised
            told = json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)})
            answer = {"FunctionError": "Unhandled", "Payload": io.BytesIO(told.encode())}
        return answer


@pytest.fixture
def tasks(transactional_db: None) -> TasksFunction:
    return TasksFunction()


@pytest.fixture
def accounts(tasks: TasksFunction) -> Accounts:
    stage: Any = parse("", name="poc", path=STAGE_FILE)
    account: Any = tasks
    return Accounts(stage, account, iterations=FEW)


@pytest.fixture
def looking(world: World) -> Callable[..., int]:
    """The verb, at the stage on this machine; without files, whose bucket test_journey.py has."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    named = [word for host in GIVEN for word in ("--resolve", f"{host}:127.0.0.1")]

    def run_it(accounts: Accounts, *options: str) -> int:
        given = ["--ca", str(world.authority.file), *named, "--language", "en", *options]
        page = f"default-src 'none'; connect-src https://{API_HOST}:{world.port}"
        return look(document(world, files="", policy=page), parser.parse_args(given), accounts)

    return run_it


class Told:
    """What a person at this host types and is told, on the screen and in the log."""

    def __init__(self, screen: pytest.CaptureFixture[str], log: pytest.LogCaptureFixture, patch: pytest.MonkeyPatch):
        self._screen, self._log, self._patch = screen, log, patch
        log.set_level(logging.DEBUG)

    def type(self, text: str) -> None:
        self._patch.setattr("sys.stdin", io.StringIO(text))

    def everything(self) -> str:
        shown = self._screen.readouterr()
        return shown.out + shown.err + self._log.text


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Told:
    return Told(capsys, caplog, monkeypatch)


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What the run printed as JSON: check -> verdict."""
    lines = json.loads(capsys.readouterr().out)["lines"]
    return {line["id"]: line["verdict"] for line in lines if line["id"].startswith("person.")}


class TestTheVerb:
    def test_signs_in_by_an_account_that_is_gone_afterwards(
        self, accounts: Accounts, tasks: TasksFunction, looking: Callable[..., int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert looking(accounts, "--json") == 0
        assert said(capsys) == {"person.sign-in": "proved", "person.sign-out": "proved"}
        assert len(tasks.events) == 2
        assert not Person.objects.exists()

    def test_tells_the_password_to_no_event_no_log_and_no_screen(
        self, accounts: Accounts, tasks: TasksFunction, looking: Callable[..., int], told: Told
    ) -> None:
        name, password = accounts.open()
        told.type(f"{name}\n{password}\n")
        assert looking(accounts, "--credentials-from-stdin") == 0
        everything = told.everything() + "".join(tasks.events)
        assert "proved      person.sign-in" in everything
        assert name in everything
        assert password not in everything

    def test_removes_it_also_when_it_is_broken_off(
        self, world: World, accounts: Accounts, looking: Callable[..., int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Full(io.StringIO):
            def write(self, _text: str) -> int:
                raise BrokenPipeError

        monkeypatch.setattr("sys.stdout", Full())
        with pytest.raises(BrokenPipeError):
            looking(accounts, "--json")
        assert not Person.objects.exists()

    def test_removes_it_also_when_somebody_has_seen_enough(
        self, accounts: Accounts, looking: Callable[..., int], monkeypatch: pytest.MonkeyPatch, told: Told
    ) -> None:
        class Interrupted(io.StringIO):
            def write(self, _text: str) -> int:
                raise KeyboardInterrupt

        monkeypatch.setattr("sys.stdout", Interrupted())
        assert looking(accounts) == 2
        assert "Interrupted" in told.everything()
        assert not Person.objects.exists()

    def test_says_that_it_could_not_be_removed_and_still_what_was_found(
        self, world: World, accounts: Accounts, tasks: TasksFunction, looking: Callable[..., int], told: Told
    ) -> None:
        tasks.open_for = 1
        assert looking(accounts) == 2
        everything = told.everything()
        assert "could not be removed" in everything
        assert "proved      person.sign-in" in everything

        tasks.open_for = len(tasks.events) + 1
        world.broken.add("site PUT")
        assert looking(accounts) == 1

    def test_does_not_make_one_where_another_was_to_be_given(
        self, accounts: Accounts, tasks: TasksFunction, looking: Callable[..., int], told: Told
    ) -> None:
        told.type("")
        assert looking(accounts, "--credentials-from-stdin") == 2
        assert "two lines were expected" in told.everything()
        assert tasks.events == []

    def test_looks_at_the_rest_where_no_account_can_be_made(
        self, accounts: Accounts, looking: Callable[..., int], settings: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        assert looking(accounts) == 2
        shown = capsys.readouterr()
        assert "password_hash" in shown.err
        assert "pbkdf2" not in shown.err
        assert "--no-sign-in" in shown.err
        assert "not proved  person.sign-in" in shown.out
        assert "proved      page.bytes" in shown.out


def test_is_handed_out_and_taken_back(accounts: Accounts, capsys: pytest.CaptureFixture[str]) -> None:
    assert _hand_out(accounts) == 0
    told = dict(line.strip().split("=", 1) for line in capsys.readouterr().out.splitlines() if "=" in line)
    assert check_password(told[PASSWORD], Person.objects.get(username=told[USER]).password)
    accounts.close(told[USER])
    assert not Person.objects.exists()


def test_of_a_person_is_never_removed(accounts: Accounts) -> None:
    Person.objects.create_user("tanaka", "secret", employee_number="1", family_name="田中", given_name="花子")
    with pytest.raises(Failure, match=r"tanaka could not be removed .*--remove-account tanaka"):
        accounts.close("tanaka")
    assert Person.objects.filter(username="tanaka", is_active=True).exists()


def test_is_hashed_as_django_does() -> None:
    made = hashed("a password", iterations=FEW)
    assert check_password("a password", made)
    assert not check_password("another", made)
    # With fewer Django would hash it anew at sign-in.
    assert PBKDF2PasswordHasher.iterations == ITERATIONS
