"""The account that the verb makes: by the application's own command, its password told to nobody else."""

import io
import json
import logging
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password

from api.organization.models import Person
from deploy.failure import Failure
from deploy.stage_file import parse
from deploy.verify.account import ITERATIONS, Accounts, hashed
from deploy.verify.runner.command import PASSWORD, USER
from deploy.verify.verb import _hand_out
from project.edge.commands import run
from tests.deploy.paths import STAGE_FILE

FEW = 1000
"""Iterations that cost a test nothing."""


class TasksFunction:
    """The tasks function as AWS's client gives it: what an event asks for really runs, in this process."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def client(self, service: str) -> "TasksFunction":
        assert service == "lambda"
        return self

    def invoke(self, **named: str) -> dict[str, Any]:
        assert named["FunctionName"] == "cloister-poc-tasks"
        self.events.append(named["Payload"])
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


def test_is_there_while_it_is_needed_and_gone_afterwards(accounts: Accounts) -> None:
    with accounts.opened() as (name, password):
        assert check_password(password, Person.objects.get(username=name).password)
    assert not Person.objects.exists()


def test_is_removed_whatever_happens(accounts: Accounts) -> None:
    with pytest.raises(KeyboardInterrupt), accounts.opened():
        raise KeyboardInterrupt
    assert not Person.objects.exists()


def test_tells_its_password_to_no_event_and_no_log(
    accounts: Accounts, tasks: TasksFunction, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with accounts.opened() as (name, password):
        pass
    assert password not in caplog.text
    assert not any(password in event for event in tasks.events)
    assert any(name in event for event in tasks.events)


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


def test_that_the_function_refuses_says_how_to_do_without(accounts: Accounts, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with pytest.raises(Failure, match=r"password_hash.*--no-sign-in"):
        accounts.open()


def test_is_hashed_as_django_does() -> None:
    made = hashed("a password", iterations=FEW)
    assert check_password("a password", made)
    assert not check_password("another", made)
    # With fewer Django would hash it anew at sign-in.
    assert PBKDF2PasswordHasher.iterations == ITERATIONS
