"""A company's own variables of the application reach what works by the clock, too."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy import blueprint, shelf, variables
from deploy.rehearsal.cloud import local_cloud
from deploy.stage_file import parse
from deploy.zappa import entry
from tests.deploy import cloud
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import client

STAGE = parse("", name="poc", path=STAGE_FILE)
Write = Callable[[dict[str, object]], int]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.setattr(entry, "SETTINGS", tmp_path / "zappa_settings.json")
    return lambda variables: entry.SETTINGS.write_text(json.dumps({"poc": {"aws_environment_variables": variables}}))


def of(template: str) -> dict[str, object]:
    properties = variables.template(template, STAGE).resources["Tasks"].properties
    return dict(properties["Environment"]["Variables"])


def test_the_tasks_function_gets_them_beside_what_its_template_says(written: Write) -> None:
    written({})
    before = of("tasks")
    written({"CLOISTER_RETENTION_YEARS": 7, "CLOISTER_FISCAL_YEAR_START_MONTH": "1", "COMPANY_NOTE": 'a "b": ${c}\n'})

    assert of("tasks") == before | {
        "CLOISTER_RETENTION_YEARS": "7", "CLOISTER_FISCAL_YEAR_START_MONTH": "1", "COMPANY_NOTE": 'a "b": ${c}\n'
    }  # fmt: skip


def test_neither_what_the_template_says_nor_a_secret_is_taken_from_there(written: Write) -> None:
    written({"CLOISTER_ALLOWED_HOSTS": "*", "CLOISTER_SECRET_KEY": "k" * 50, "CLOISTER_SMTP_PASSWORD": "p"})
    assert variables.template("tasks", STAGE).text == blueprint.template("tasks").text


@pytest.mark.parametrize("noun", [noun for noun in blueprint.ORDER if noun != "tasks"])
def test_other_templates_stay_as_they_are(written: Write, noun: str) -> None:
    written({"CLOISTER_RETENTION_YEARS": "7"})
    assert variables.template(noun, STAGE).text == blueprint.template(noun).text


class TestInACloud:
    @pytest.fixture(autouse=True)
    def aws(self) -> Iterator[None]:
        with local_cloud():
            yield

    @staticmethod
    def held() -> dict[str, str]:
        told = client("lambda").get_function_configuration(FunctionName="cloister-poc-tasks")
        return dict(told["Environment"]["Variables"])

    def test_they_follow_the_file_and_stay_when_secrets_change(self, written: Write) -> None:
        stacks = cloud.stacks(STAGE, given=cloud.ARTEFACT)
        for years in ("7", "12"):
            written({"CLOISTER_RETENTION_YEARS": years})
            stacks.up()
            assert self.held()["CLOISTER_RETENTION_YEARS"] == years

        secrets = {shelf.KEY: "k" * 50, shelf.APP: "a" * 32, shelf.OWNER: "o" * 32}
        shelf.of_stage(STAGE, stacks.account, stacks.runner).put_tasks(secrets, "2026-11-23T09:00:00Z")
        assert self.held()["CLOISTER_RETENTION_YEARS"] == "12"
