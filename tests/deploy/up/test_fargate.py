"""The whole way up of a stage in containers, broken off wherever it can be, up to date, back, and down."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.artefact import build
from deploy.container import context
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.cloud.front import Cloud
from deploy.rehearsal.cloud.running import Containers
from tests.deploy.container.base_image import base_image
from tests.deploy.surroundings import client
from tests.deploy.up.rig import ASSET, MIGRATION, STAGE, Clone, document, keys

ARTEFACTS, SITE = "cloister-poc-artefacts-123456789012", "cloister-poc-site-123456789012"
HOST = "ringi.corp.example.co.jp"
BASE = "build/base.tar"
PUT = r"s3:PUT /" + ARTEFACTS
MADE = "cloudformation:ExecuteChangeSet"
BOUNDARIES = (
    ("ecr:PutImage", 1),
    (PUT + r"/environment/tasks-\w+\.env", 1),  # secrets that nobody uses yet
    (MADE, 1),  # the tasks, with secrets that nobody else knows
    ("ecs:RunTask", 1),  # a task that makes the roles, while nobody watches it
    ("ecs:RunTask", 2),  # the roles are made again, and the tables
    (MADE, 1),  # the web containers
)
"""Calls of AWS after which a run is killed, and the how-manieth of the run; each next run begins with what is left.

Those that functions have too are in test_up.py.
"""


@pytest.fixture(scope="module")
def containers() -> Iterator[Containers]:
    """Everything that a company has before it begins: a certificate, and a base image."""
    with local_cloud(), Databases() as databases, Containers(databases) as containers:
        yield containers


@pytest.fixture(scope="module")
def clone(
    containers: Containers, artefact: build.Artefact, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clone]:
    """A clone whose stage runs in containers and has nothing yet."""
    context.make(artefact, tmp_path_factory.mktemp("image") / "context")  # the server's packages, for the clone too
    with Cloud(databases=containers.databases) as cloud:
        containers.endpoint = cloud.endpoint
        clone = Clone(tmp_path_factory.mktemp("clone"), cloud)
        certificate = client("acm").request_certificate(DomainName=HOST)["CertificateArn"]
        clone.write_stage(
            'door = "load-balancer"\nbackend = "fargate"\n'
            + STAGE
            + f'[balancer]\nhost = "{HOST}"\ncertificate = "{certificate}"\n[containers]\nbase = "{BASE}"\n'
            + 'wakes = "07:00"\nsleeps = "22:00"\n'
        )
        base_image(clone.folder / BASE)
        yield clone


def service() -> dict[str, Any]:
    return dict(client("ecs").describe_services(cluster="cloister-poc", services=["web"])["services"][0])


def scale(least: int, most: int) -> None:
    """Let so many web containers run, and begin with the least number."""
    client("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ScalableDimension="ecs:service:DesiredCount",
        ResourceId="service/cloister-poc/web",
        MinCapacity=least,
        MaxCapacity=most,
    )
    client("ecs").update_service(cluster="cloister-poc", service="web", desiredCount=least)


def image(definition: str) -> str:
    found = client("ecs").describe_task_definition(taskDefinition=definition)["taskDefinition"]
    return str(found["containerDefinitions"][0]["image"])


def parameters() -> dict[str, str]:
    held = client("cloudformation").describe_stacks(StackName="cloister-poc-fargate")["Stacks"][0]["Parameters"]
    return {entry["ParameterKey"]: entry["ParameterValue"] for entry in held}


def body(key: str) -> str:
    return str(client("s3").get_object(Bucket=ARTEFACTS, Key=key)["Body"].read().decode())


def definitions() -> list[str]:
    arns = client("ecs").list_task_definitions()["taskDefinitionArns"]
    return [json.dumps(client("ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"]) for arn in arns]


def databases() -> list[str]:
    return sorted(found["DBInstanceIdentifier"] for found in client("rds").describe_db_instances()["DBInstances"])


def logged(group: str) -> list[str]:
    pages = client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return [event["message"] for page in pages for event in page["events"]]


class TestThePlan:
    def test_of_a_new_stage_tells_every_step_and_changes_nothing(self, clone: Clone) -> None:
        assert clone.changes("up", "poc", "--plan") == []

        for part in ("would be made and pushed", "They would run a new image", "Migrations", "Nothing was changed"):
            assert part in clone.said
        assert clone.said.count("would be made and pushed") == 1
        assert client("cloudformation").describe_stacks()["Stacks"] == []


class TestUp:
    def test_broken_off_anywhere_goes_on_where_it_was(self, clone: Clone, containers: Containers) -> None:
        for pattern, time in BOUNDARIES:
            assert clone.deploy("up", "poc", "--yes", "--no-verify", die_at=pattern, time=time) == -9, (
                pattern,
                clone.said,
            )

        assert clone.deploy("up", "poc", "--yes", "--no-verify") == 0, clone.said

        stacks = client("cloudformation").describe_stacks()["Stacks"]
        assert {stack["StackStatus"] for stack in stacks} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
        assert keys(ARTEFACTS, "releases/") == ["releases/000001.json"]
        assert containers.ask("web", "/ready", HOST) == 200

    def test_done_again_changes_nothing_and_says_so(self, clone: Clone) -> None:
        assert clone.changes("up", "poc", "--yes", "--no-verify") == []
        assert "Nothing was changed: poc is as it should be." in clone.said
        assert clone.deploy("status", "poc") == 0, clone.said

    def test_keeps_every_secret_out_of_definitions_and_logs(self, clone: Clone) -> None:
        held = parameters()
        files = {part: body(held[f"{part}Environment"]) for part in ("Web", "Tasks")}
        secrets = dict(line.split("=", 1) for line in files["Tasks"].splitlines())

        assert files["Web"] != files["Tasks"]
        assert "CLOISTER_DATABASE_OWNER_PASSWORD" in secrets
        assert "CLOISTER_DATABASE_OWNER_PASSWORD" not in files["Web"]
        assert secrets["CLOISTER_SECRET_KEY"] in files["Web"]
        seen = [clone.said, *definitions(), *logged("/cloister-poc/tasks")]
        hidden = [value for name, value in secrets.items() if "KEY" in name or "PASSWORD" in name]
        assert [value for value in hidden if any(value in text for text in seen)] == []

    def test_shows_a_link_for_the_first_administrator_that_no_log_has(self, clone: Clone) -> None:
        assert clone.deploy("admin", "poc", "--again") == 0, clone.said

        link = re.search(rf"https://{HOST}/\S*", clone.said)
        assert link is not None
        token = re.split(r"[/=?#]", link[0])[-1]
        assert len(token) > 20
        assert not any(token in line for line in logged("/cloister-poc/tasks"))

    def test_leaves_no_event_behind(self, clone: Clone) -> None:
        # Only of the two runs that were killed while a task ran; an hour later these go too.
        assert len(keys(ARTEFACTS, "environment/event-")) == 2

    def test_tells_why_a_command_failed(self, clone: Clone) -> None:
        (clone.folder / "try.py").write_text(
            "from deploy import stage_file, tasks_function\nfrom deploy.aws import Account\n"
            "stage = stage_file.read('poc')\n"
            "tasks_function.of_stage(stage, Account(stage)).manage('shell', '-c', 'print(1)')\n"
        )

        assert clone.run(["python", "try.py"]) == 1
        assert "may not be run by an event" in clone.said
        assert clone.deploy("logs", "poc", "--function", "tasks") == 0
        assert "may not be run by an event" in clone.said


class TestAnotherRelease:
    def test_migrates_before_web_containers_are_replaced(self, clone: Clone, containers: Containers) -> None:
        before = image(service()["taskDefinition"])
        clone.change_everything()

        assert clone.deploy("up", "poc", "--yes", "--no-verify") == 0, clone.said

        assert f"Applying organization.{MIGRATION}... OK" in clone.said
        assert clone.said.index(MIGRATION) < clone.said.index("WebDefinition")
        release = document(ARTEFACTS, "releases/000002.json")
        assert release["schema"]["organization"] == MIGRATION
        assert release["artefact"]["image"] == image(service()["taskDefinition"]) != before
        assert ASSET in keys(SITE)
        assert containers.ask("web", "/ready", HOST) == 200

    def test_is_taken_back_without_touching_the_database(self, clone: Clone, containers: Containers) -> None:
        # Meanwhile the passwords are others, and the release before knows nothing of it.
        assert clone.deploy("rotate", "poc", "--yes", die_at="ecs:RunTask") == -9
        first: dict[str, Any] = document(ARTEFACTS, "releases/000001.json")

        assert clone.deploy("rollback", "poc", "--yes", die_at=MADE) == -9
        assert clone.deploy("rollback", "poc", "--yes") == 0, clone.said

        held = parameters()
        assert (
            held["WebImage"] == held["TasksImage"] == first["artefact"]["image"] == image(service()["taskDefinition"])
        )
        third = document(ARTEFACTS, "releases/000003.json")
        assert (third["back_to"], third["schema"]["organization"]) == (1, MIGRATION)
        assert clone.deploy("status", "poc", "--no-drift") == 0, clone.said
        assert containers.ask("web", "/ready", HOST) == 200
        assert clone.deploy("rotate", "poc", "--yes") == 0, clone.said
        assert containers.ask("web", "/ready", HOST) == 200
        assert {held["WebEnvironment"], held["TasksEnvironment"]}.isdisjoint(parameters().values())


class TestSleep:
    def test_is_nobodys_change_by_hand(self, clone: Clone, containers: Containers) -> None:
        scale(0, 0)  # as the clock does

        assert clone.deploy("status", "poc") == 0, clone.said
        assert "asleep until 07:00" in clone.said
        scale(1, 4)
        assert containers.ask("web", "/ready", HOST) == 200


class TestARestore:
    def test_can_be_checked_with_a_copy(self, clone: Clone) -> None:
        assert clone.deploy("restore-check", "poc") == 0, clone.said

        assert "fit their chain" in clone.said
        assert databases() == ["cloister-poc"]

    def test_finds_nobody_in_while_it_exchanges_the_database_and_lets_everybody_in_again(
        self, clone: Clone, containers: Containers
    ) -> None:
        before = client("rds").describe_db_instances()["DBInstances"][0]["DbiResourceId"]
        words = ("restore", "poc", "--to", dt.datetime.now(dt.UTC).isoformat(), "--yes")

        assert clone.deploy(*words, die_at="rds:RestoreDBInstanceToPointInTime") == -9, clone.said
        assert (service()["desiredCount"], service()["runningCount"]) == (0, 0)
        assert client("events").describe_rule(Name="cloister-poc-tick")["State"] == "DISABLED"
        assert clone.deploy("up", "poc", "--yes") == 1
        assert "is not finished" in clone.said

        assert clone.deploy(*words) == 0, clone.said
        assert "The database was restored on" in clone.said
        assert containers.ask("web", "/ready", HOST) == 200
        (now,) = client("rds").describe_db_instances(DBInstanceIdentifier="cloister-poc")["DBInstances"]
        assert now["DbiResourceId"] != before
        assert clone.deploy("status", "poc") == 0, clone.said  # as the stacks say, to the last property


class TestATask:
    def test_that_cannot_be_started_says_why(self, clone: Clone) -> None:
        client("s3").delete_object(Bucket=ARTEFACTS, Key=parameters()["TasksEnvironment"])

        assert clone.deploy("admin", "poc") == 1
        assert "failed to download env files" in clone.said


class TestDown:
    def test_takes_all_but_data_away_also_when_broken_off(self, clone: Clone) -> None:
        (old,) = (name for name in databases() if "-before-" in name)
        client("rds").delete_db_instance(DBInstanceIdentifier=old, SkipFinalSnapshot=True)
        assert clone.deploy("down", "poc", "--yes", die_at="cloudformation:DeleteStack", time=2) == -9, clone.said
        assert clone.deploy("down", "poc", "--yes") == 0, clone.said

        clusters = client("ecs").describe_clusters(clusters=["cloister-poc"])["clusters"]
        assert {cluster["status"] for cluster in clusters} <= {"INACTIVE"}  # how ECS tells of those that were removed
        assert client("ecr").describe_repositories()["repositories"] == []
        standing = [stack["StackName"] for stack in client("cloudformation").describe_stacks()["Stacks"]]
        assert sorted(standing) == ["cloister-poc-attachments", "cloister-poc-audit"]
