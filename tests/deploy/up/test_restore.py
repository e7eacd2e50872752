"""Back to a moment, broken off wherever it can be, and the check that it could be done: all behind a proxy."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from deploy.artefact import build
from deploy.doctor.machine import CERTIFICATES
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.cloud.front import Cloud
from deploy.rehearsal.proxy import ResigningProxy
from tests.deploy.surroundings import REGION, client
from tests.deploy.up.rig import STAGE, Clone

BY_TOKEN = STAGE.replace("[database]\n", '[database]\nsize = "db.t4g.small"\n')
BOUNDARIES = (
    ("rds:RestoreDBInstanceToPointInTime", 1),  # a copy that nobody knows of yet
    ("rds:ModifyDBInstance", 2),  # its password is kept, and the old database has gone from its name
    ("rds:ModifyDBInstance", 1),  # the new one has taken the name
    ("cloudformation:ExecuteChangeSet", 1),  # the roles may sign in to it
    (r"lambda:POST /2015-03-31/functions/cloister-poc-tasks/invocations", 3),  # settled, and the answer lost
)
"""Calls of AWS after which a run is killed, and the how-manieth of the run."""
MESSAGE = (
    "INSERT INTO proposals_outboxmessage (uuid, kind, dedupe_key, payload, created_at, next_attempt_at)"
    " VALUES (gen_random_uuid(), 'mail', 'once', '{}', now(), now() + interval '1 year')"
)


class Restored:
    """A stage whose database goes back to `moment`, which lies between a first and a second administrator."""

    def __init__(self, clone: Clone, databases: Databases, proxy: ResigningProxy) -> None:
        self.clone, self.databases, self.proxy = clone, databases, proxy
        clone.write_stage(BY_TOKEN)
        assert clone.deploy("up", "poc", "--yes") == 0, clone.said
        self.before = self.described("cloister-poc")
        self.ask(MESSAGE)
        self.tick()
        self.moment = dt.datetime.now(dt.UTC)
        assert clone.deploy("admin", "poc", "--again", "--username", "second") == 0, clone.said
        self.tick()

    def described(self, name: str) -> dict[str, Any]:
        (found,) = client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
        return dict(found)

    def ask(self, statement: str, name: str = "cloister-poc") -> Any:
        """Run a statement as the server's superuser and return the first value of what it answers."""
        server = self.databases.server(self.described(name)["DbiResourceId"])
        assert server is not None
        with server.session("cloister") as session, session.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            session.commit()
        return row[0] if row else None

    def tick(self) -> None:
        """Let the timer run once."""
        make: Any = boto3.client
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        functions = make("lambda", region_name=REGION, endpoint_url=self.clone.cloud.endpoint, **keys)
        answer = functions.invoke(FunctionName="cloister-poc-tasks", Payload=json.dumps({"command": "tick"}))
        assert "FunctionError" not in answer, answer["Payload"].read()


@pytest.fixture(scope="module")
def stage(artefact: build.Artefact, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restored]:
    with (
        local_cloud(),
        Databases() as databases,
        Cloud(databases=databases) as cloud,
        ResigningProxy(cloud.server.server_port) as proxy,
    ):
        clone = Clone(tmp_path_factory.mktemp("clone"), cloud)
        clone.go_through(proxy)
        yield Restored(clone, databases, proxy)


def databases_of(prefix: str) -> list[str]:
    names = [found["DBInstanceIdentifier"] for found in client("rds").describe_db_instances()["DBInstances"]]
    return sorted(name for name in names if name.startswith(prefix))


class TestTheCheck:
    def test_restores_a_copy_verifies_it_and_removes_it(self, stage: Restored) -> None:
        assert stage.clone.deploy("restore-check", "poc") == 0, stage.clone.said

        for part in ("fit their chain", "files are what was submitted", "is removed", "A restore of poc works:"):
            assert part in stage.clone.said
        assert databases_of("cloister-poc") == ["cloister-poc"]

    def test_fails_on_a_trail_that_was_changed_and_removes_the_copy_all_the_same(self, stage: Restored) -> None:
        forge = "ALTER TABLE proposals_auditevent {} TRIGGER ALL"
        change = "UPDATE proposals_auditevent SET kind = '{}' WHERE sequence = 1"
        kind = stage.ask("SELECT kind FROM proposals_auditevent WHERE sequence = 1")
        for statement in (forge.format("DISABLE"), change.format("forged"), forge.format("ENABLE")):
            stage.ask(statement)

        assert stage.clone.deploy("restore-check", "poc") == 1
        assert "Event 1 was changed" in stage.clone.said
        assert databases_of("cloister-poc") == ["cloister-poc"]
        for statement in (forge.format("DISABLE"), change.format(kind), forge.format("ENABLE")):
            stage.ask(statement)


class TestRestore:
    def test_broken_off_anywhere_goes_on_where_it_was(self, stage: Restored) -> None:
        words = ("restore", "poc", "--to", stage.moment.isoformat(), "--yes")
        for pattern, time in BOUNDARIES:
            assert stage.clone.deploy(*words, die_at=pattern, time=time) == -9, (pattern, stage.clone.said)
        assert stage.clone.deploy("restore", "poc", "--to", "2026-01-01T00:00:00Z", "--yes") == 1
        assert "has begun and is not finished" in stage.clone.said
        for verb in ("up", "migrate", "rollback", "rotate"):
            assert stage.clone.deploy(verb, "poc", "--yes") == 1
            assert f"python -m deploy restore poc --to {stage.moment.isoformat()}" in stage.clone.said, verb

        assert stage.clone.deploy(*words) == 0, stage.clone.said
        assert "The database was restored on" in stage.clone.said

    def test_leaves_what_was_then_and_keeps_the_other(self, stage: Restored) -> None:
        people = "SELECT count(*) FROM organization_person WHERE username = 'second'"
        (old,) = databases_of("cloister-poc-before-")
        assert (stage.ask(people), stage.ask(people, old)) == (0, 1)
        assert stage.described(old)["DbiResourceId"] == stage.before["DbiResourceId"]
        assert databases_of("cloister-poc-new-") == []

    def test_sends_nothing_twice_and_tells_of_a_restore(self, stage: Restored) -> None:
        assert (
            stage.ask("SELECT state || error FROM proposals_outboxmessage WHERE dedupe_key = 'once'") == "deadrestored"
        )
        assert stage.ask("SELECT count(*) FROM proposals_auditevent WHERE kind = 'restored'") == 1

    def test_points_roles_to_the_new_database_and_lets_everybody_in(self, stage: Restored) -> None:
        now = stage.described("cloister-poc")
        policy = json.dumps(client("iam").get_role_policy(RoleName="cloister-poc-web", PolicyName=web_policy()))
        assert now["DbiResourceId"] in policy
        assert stage.before["DbiResourceId"] not in policy
        assert client("events").describe_rule(Name="cloister-poc-tick")["State"] == "ENABLED"
        assert "ReservedConcurrentExecutions" not in client("lambda").get_function_concurrency(
            FunctionName="cloister-poc"
        )
        stage.tick()
        assert stage.clone.changes("up", "poc", "--yes") == []

    def test_leaves_a_database_that_down_stops_at_before_anything_goes(self, stage: Restored) -> None:
        before = len(client("cloudformation").describe_stacks()["Stacks"])

        assert stage.clone.deploy("down", "poc", "--yes") == 1
        (old,) = databases_of("cloister-poc-before-")
        assert f"aws rds delete-db-instance --db-instance-identifier {old}" in stage.clone.said
        assert len(client("cloudformation").describe_stacks()["Stacks"]) == before


class TestTheProxy:
    def test_has_seen_every_service_and_was_asked_by_aws_names(self, stage: Restored) -> None:
        wanted = {"sts", "cloudformation", "ec2", "rds", "secretsmanager", "lambda", "apigateway", "events"}
        assert {f"{service}.{REGION}.amazonaws.com" for service in wanted} <= stage.proxy.hosts
        assert any(host.startswith("cloister-poc-site-") for host in stage.proxy.hosts)
        others = {host for host in stage.proxy.hosts if not host.endswith(".amazonaws.com")}
        assert len(others) <= 1, others  # Zappa asks whether there is a newer one of it

    @pytest.mark.parametrize(
        ("without", "says"),
        [(tuple(CERTIFICATES), "set AWS_CA_BUNDLE to a PEM file"), (("HTTPS_PROXY", "https_proxy"), "")],
        ids=["certificates", "proxy"],
    )
    def test_is_the_only_way_and_must_be_trusted(self, stage: Restored, without: tuple[str, ...], says: str) -> None:
        before, requests = dict(stage.clone.environment), len(stage.clone.cloud.requests)
        for name in without:
            del stage.clone.environment[name]
        try:
            assert stage.clone.deploy("stacks", "poc", "--yes") == 1, stage.clone.said
        finally:
            stage.clone.environment = before
        assert says in stage.clone.said
        assert len(stage.clone.cloud.requests) == requests


def web_policy() -> str:
    (name,) = client("iam").list_role_policies(RoleName="cloister-poc-web")["PolicyNames"]
    return str(name)


@pytest.mark.parametrize(
    ("to", "says"),
    [("yesterday", "is not a moment with its zone"), ("2999-01-01T00:00:00Z", "is later than now")],
)
def test_a_moment_that_cannot_be_is_named(stage: Restored, to: str, says: str) -> None:
    assert stage.clone.deploy("restore", "poc", "--to", to, "--yes") == 1
    assert says in stage.clone.said
