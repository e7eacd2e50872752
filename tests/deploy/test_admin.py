"""`python -m deploy admin`: the shipped function makes the link, the deployer sees it once, no log ever does."""

import io
import json
from typing import Any, cast

import pytest

from deploy import admin
from deploy.aws import Account
from deploy.failure import Failure
from deploy.rehearsal.runtime_api import Lambda
from deploy.stage import Stage
from deploy.stage_file import parse
from tests.deploy.conftest import Start
from tests.deploy.paths import STAGE_FILE

SITE = "https://site.example/index.html"


class Here:
    """An account whose functions run on this machine."""

    def __init__(self, function: Lambda) -> None:
        self._function = function
        self.logs = ""

    def caller(self, *, longest: int) -> "Here":
        assert longest == 900
        return self

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803  boto3's names
        assert FunctionName == "cloister-poc-tasks"
        result = self._function.invoke(json.loads(Payload))
        self.logs += result.log
        failed = {"FunctionError": result.function_error} if result.function_error else {}
        return {"Payload": io.BytesIO(json.dumps(result.payload).encode()), **failed}


@pytest.fixture
def stage() -> Stage:
    return parse("", name="poc", path=STAGE_FILE)


def asked(here: Here, stage: Stage, **options: Any) -> str:
    return admin.invite(stage, cast("Account", here), site=SITE, speak="en", **options)


def test_the_link_is_shown_once_and_lies_in_no_log(start: Start, stage: Stage) -> None:
    function = start(name="cloister-poc-tasks")
    here = Here(function)
    assert function.invoke({"manage": "migrate --noinput"}).function_error is None

    said = asked(here, stage)

    (line,) = (line for line in said.splitlines() if line.startswith(SITE))
    token = line.removeprefix(f"{SITE}#/invitation/")
    assert len(token) == 43
    assert "administrator" in said
    assert "invite_administrator: done" in here.logs
    assert token not in here.logs

    with pytest.raises(Failure, match="employee number 4711"):
        asked(here, stage, person="4711")
    assert "4711" not in here.logs
    with pytest.raises(Failure, match="has one word"):
        asked(here, stage, username="hanako", name="花子")
    assert "花子" not in here.logs


def test_a_function_of_another_version_is_told_and_its_words_are_not(stage: Stage) -> None:
    class Other:
        def caller(self, *, longest: int) -> "Other":
            return self

        def invoke(self, **_: Any) -> dict[str, Any]:
            return {"Payload": io.BytesIO(json.dumps({"output": "a secret"}).encode())}

    with pytest.raises(Failure, match="may run another version") as failure:
        asked(cast("Here", Other()), stage)
    assert "a secret" not in str(failure.value)
