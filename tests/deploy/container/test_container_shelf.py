"""How running containers sign in changes in one step, with the secrets for it; and tasks are not lost from sight."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deploy import blueprint, variables
from deploy.aws import Account
from deploy.container import environment
from deploy.container.shelf import ContainerShelf
from deploy.container.tasks import ContainerTasks
from deploy.doctor import images
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.shelf import APP, KEY, OWNER
from deploy.stacks import Stacks
from deploy.stage_file import parse
from deploy.tasks_function import CallFailed
from deploy.zappa import entry
from tests.deploy import cloud
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import client

FARGATE = (
    'door = "load-balancer"\nbackend = "fargate"\n{}[alarms]\nenabled = false\n'
    '[balancer]\nhost = "ringi.corp.example.co.jp"\ncertificate = "{}"\n'
)
SECRETS = {KEY: "k" * 50, APP: "a" * 32, OWNER: "o" * 32}


def stacks(more: str = "") -> Stacks:
    certificate = client("acm").request_certificate(DomainName="ringi.corp.example.co.jp")["CertificateArn"]
    stage = parse(FARGATE.format(more, certificate), name="poc", path=STAGE_FILE)
    return cloud.stacks(stage, given=cloud.ARTEFACT)


@pytest.fixture(scope="module")
def running() -> Iterator[Stacks]:
    """A stage whose web containers run."""
    with local_cloud():
        made = stacks()
        made.up()
        yield made


def parameters() -> dict[str, str]:
    held = client("cloudformation").describe_stacks(StackName="cloister-poc-fargate")["Stacks"][0]["Parameters"]
    return {entry["ParameterKey"]: entry["ParameterValue"] for entry in held}


def body(stage: Any, number: str, key: str) -> dict[str, str]:
    held = client("s3").get_object(Bucket=stage.bucket("artefacts", number), Key=key)["Body"].read()
    return environment.read(held.decode())


def test_they_get_their_secrets_together_with_the_tasks(running: Stacks) -> None:
    shelf = ContainerShelf(running.stage, running.account, running.runner, blueprint.template)

    named = shelf.parameters(SECRETS)

    web, tasks = (
        body(running.stage, running.account.number, named[name]) for name in ("WebEnvironment", "TasksEnvironment")
    )
    assert SECRETS.items() <= tasks.items()
    assert (web[APP], web[KEY]) == (SECRETS[APP], SECRETS[KEY])
    assert OWNER not in web


def test_another_place_of_secrets_waits_for_the_step_that_fills_it(running: Stacks) -> None:
    changed = stacks('secrets = "secretsmanager"\n')

    changed.up()

    assert parameters()["Secrets"] == "deployer"
    assert "Secretsmanager" in {live.logical_id for _, live in cloud.standing()}  # all else is as the file says


class Forgetful:
    """ECS for somebody who asks again an hour after a task has ended."""

    def __init__(self, ecs: Any) -> None:
        self.describe_task_definition = ecs.describe_task_definition

    def run_task(self, **_: object) -> dict[str, Any]:
        return {"tasks": [{"taskArn": "arn:aws:ecs:ap-northeast-1:123456789012:task/cloister-poc/0a"}]}

    def describe_tasks(self, **_: object) -> dict[str, Any]:
        return {"tasks": [], "failures": [{"reason": "MISSING"}]}


class AnHourLater(Account):
    def client(self, service: str, address: str | None = None) -> Any:
        made = super().client(service, address)
        return Forgetful(made) if service == "ecs" else made


def test_a_task_that_ecs_has_forgotten_is_not_waited_for_for_ever(running: Stacks) -> None:
    with pytest.raises(CallFailed, match="ECS knows no more of it"):
        ContainerTasks(running.stage, AnHourLater(running.stage), lambda _seconds: None).call({"manage": "check"})


class TestACompanysOwnVariables:
    """Written in zappa_settings.json, as for functions."""

    @pytest.fixture
    def written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
        monkeypatch.setattr(entry, "SETTINGS", tmp_path / "zappa_settings.json")

        def write(variables: dict[str, str]) -> None:
            entry.SETTINGS.write_text(json.dumps({"poc": {"aws_environment_variables": variables}}))

        write({})
        return write

    def test_reach_web_containers_and_tasks(self, running: Stacks, written: Callable[[dict[str, str]], None]) -> None:
        shelf = ContainerShelf(running.stage, running.account, running.runner, blueprint.template)
        before = shelf.parameters(SECRETS)
        written({"CLOISTER_RETENTION_YEARS": "7"})

        named = shelf.parameters(SECRETS)

        for name, key in named.items():
            assert key != before[name]
            assert body(running.stage, running.account.number, key)["CLOISTER_RETENTION_YEARS"] == "7"

    @pytest.mark.parametrize(
        ("name", "problem"),
        [("CLOISTER_SECRET_KEY", "is a secret"), ("CLOISTER_ALLOWED_HOSTS", "would have no effect")],
    )
    def test_are_refused_where_they_do_not_belong(
        self, running: Stacks, written: Callable[[dict[str, str]], None], name: str, problem: str
    ) -> None:
        written({name: "x" * 50})

        (finding,) = (one for one in images.findings(running.stage) if one.verdict == "bad")
        assert problem in finding.say("en")
        with pytest.raises(Failure, match=name):
            variables.own(running.stage)

    def test_are_none_where_the_file_has_no_such_stage(
        self, running: Stacks, written: Callable[[dict[str, str]], None]
    ) -> None:
        written({"CLOISTER_RETENTION_YEARS": "7"})
        assert variables.own(replace(running.stage, name="other")) == {}
