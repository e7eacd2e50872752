"""The whole way up, broken off wherever it can be, up to date, back, and down, as a person's shell sees it."""

import re
import sys
from typing import Any

from tests.deploy.surroundings import client
from tests.deploy.up.rig import ASSET, MIGRATION, STAGE, Clone, document, function, keys, sha256

ARTEFACTS, SITE = "cloister-poc-artefacts-123456789012", "cloister-poc-site-123456789012"
PUT = r"s3:PUT /" + ARTEFACTS
MADE = "cloudformation:ExecuteChangeSet"
INVOKED = r"lambda:POST /2015-03-31/functions/cloister-poc-tasks/invocations"
BOUNDARIES = (
    ("cloudformation:CreateChangeSet", 1),  # a stack that is only planned
    (MADE, 2),  # the network stands, and the database
    (PUT + r"/cloister-poc-\w+\.zip", 1),
    (MADE, 1),  # the tasks function, with secrets that nobody else knows
    (INVOKED, 1),  # the roles are made
    ("rds:ModifyDBInstance", 1),  # the master's password is renewed
    (INVOKED, 2),  # the roles are made again, and the tables
    (r"lambda:POST /2015-03-31/functions", 1),  # the web function, without its API
    ("cloudformation:CreateStack", 1),  # the API, not deployed
    (r"apigateway:POST /restapis/\w+/deployments", 1),
    (rf"s3:PUT /{SITE}/assets/.*", 3),
    (rf"s3:PUT /{SITE}/index.html", 1),
    (PUT + r"/releases/000001.json", 1),
)
"""Calls of AWS after which a run is killed, and the how-manieth of the run; each next run begins with what is left."""


def stage_file(clone: Clone, **values: str) -> None:
    text = STAGE
    for key, value in values.items():
        text = re.sub(rf"{key} = .*", f"{key} = {value}", text)
    clone.write_stage(text)


class TestThePlan:
    def test_of_a_new_stage_tells_every_step_and_changes_nothing(self, clone: Clone) -> None:
        assert clone.changes("up", "poc", "--plan") == []

        for part in ("cloister-poc-network: would be made", "Migrations", "zappa deploy poc", "Nothing was changed"):
            assert part in clone.said
        assert client("cloudformation").describe_stacks()["Stacks"] == []


class TestUp:
    def test_broken_off_anywhere_goes_on_where_it_was(self, clone: Clone) -> None:
        for pattern, time in BOUNDARIES:
            assert clone.deploy("up", "poc", "--yes", "--no-verify", die_at=pattern, time=time) == -9, (
                pattern,
                clone.said,
            )

        assert clone.deploy("up", "poc", "--yes", "--no-verify") == 0, clone.said

        stacks = client("cloudformation").describe_stacks()["Stacks"]
        assert {stack["StackStatus"] for stack in stacks} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
        assert len(client("apigateway").get_rest_apis()["items"]) == 1
        assert len(client("lambda").list_functions()["Functions"]) == 2
        assert function()["CodeSha256"] == function("cloister-poc-tasks")["CodeSha256"]
        assert keys(ARTEFACTS, "releases/") == ["releases/000001.json"]

    def test_done_again_changes_nothing_and_says_so(self, clone: Clone) -> None:
        assert clone.changes("up", "poc", "--yes", "--no-verify") == []
        assert "Nothing was changed: poc is as it should be." in clone.said
        assert clone.deploy("status", "poc") == 0, clone.said

    def test_puts_back_what_was_changed_by_hand(self, clone: Clone) -> None:
        kept = function()["Environment"]["Variables"]
        client("lambda").update_function_configuration(
            FunctionName="cloister-poc", Environment={"Variables": {"A": "1"}}
        )

        assert clone.deploy("up", "poc", "--yes", "--no-verify") == 0, clone.said
        assert function()["Environment"]["Variables"] == kept

    def test_gives_the_web_function_what_the_stacks_say(self, clone: Clone) -> None:
        variables, tasks = (
            function(name)["Environment"]["Variables"] for name in ("cloister-poc", "cloister-poc-tasks")
        )

        page = f"https://{SITE}.bucket.vpce-"
        assert variables["CLOISTER_SPA_ORIGINS"].startswith(page)
        assert variables["CLOISTER_SITE_URL"] == tasks["CLOISTER_SITE_URL"]
        assert variables["CLOISTER_ATTACHMENTS_ENDPOINT"].startswith("bucket.vpce-")
        assert variables["CLOISTER_SECRET_KEY"] == tasks["CLOISTER_SECRET_KEY"]
        assert variables["CLOISTER_DATABASE_PASSWORD"] == tasks["CLOISTER_DATABASE_PASSWORD"]
        assert tasks["CLOISTER_DATABASE_OWNER_PASSWORD"] not in variables.values()

    def test_never_says_or_keeps_a_secret(self, clone: Clone) -> None:
        tasks = function("cloister-poc-tasks")["Environment"]["Variables"]
        told = clone.said + "".join(
            str(document(ARTEFACTS, key)) for key in keys(ARTEFACTS) if key.startswith(("journal/", "releases/"))
        )

        assert '"tasks"' in told.replace("'", '"')  # where they come from is kept
        for name in ("CLOISTER_SECRET_KEY", "CLOISTER_DATABASE_PASSWORD", "CLOISTER_DATABASE_OWNER_PASSWORD"):
            assert len(tasks[name]) > 40
            assert tasks[name] not in told


class TestPlainZappa:
    def test_stays_right_beside_it(self, clone: Clone) -> None:
        zappa = f"{sys.prefix}/bin/zappa"
        assert clone.run([zappa, "update", "poc"]) == 0, clone.said
        assert clone.run([zappa, "manage", "poc", "showmigrations organization"]) == 0, clone.said
        assert "[X] 0001_initial" in clone.said

        assert clone.changes("up", "poc", "--yes", "--no-verify") == []


class TestTheNextRelease:
    def test_brings_code_tables_page_and_settings(self, clone: Clone) -> None:
        before = sha256(function())
        clone.change_everything()

        assert clone.deploy("up", "poc", "--yes", "--no-verify") == 0, clone.said

        assert f"Applying organization.{MIGRATION}... OK" in clone.said
        migrated, served = (clone.said.index(part) for part in (MIGRATION, "zappa update poc"))
        assert migrated < served
        release = document(ARTEFACTS, "releases/000002.json")
        assert release["schema"]["organization"] == MIGRATION
        assert release["artefact"]["sha256"] == sha256(function()) != before
        assert function()["MemorySize"] == 768
        assert ASSET in keys(SITE)

    def test_is_taken_back_without_touching_the_database(self, clone: Clone) -> None:
        # Meanwhile the passwords are others, and the release before knows nothing of it.
        assert clone.deploy("rotate", "poc", "--yes", die_at=INVOKED) == -9
        first: dict[str, Any] = document(ARTEFACTS, "releases/000001.json")
        page = client("s3").get_object(Bucket=SITE, Key="index.html")["ETag"]

        assert clone.deploy("rollback", "poc", "--yes", die_at=rf"s3:PUT /{SITE}/index.html") == -9
        assert clone.deploy("rollback", "poc", "--yes") == 0, clone.said

        assert sha256(function()) == sha256(function("cloister-poc-tasks")) == first["artefact"]["sha256"]
        assert function()["MemorySize"] == 512
        assert client("s3").get_object(Bucket=SITE, Key="index.html")["ETag"] != page
        assert ASSET in keys(SITE)  # whoever has the newer page open misses nothing
        third = document(ARTEFACTS, "releases/000003.json")
        assert (third["back_to"], third["schema"]["organization"]) == (1, MIGRATION)
        assert clone.deploy("status", "poc", "--no-drift") == 0, clone.said
        assert clone.status("/ready") == 200
        assert clone.deploy("rotate", "poc", "--yes") == 0, clone.said
        assert clone.status("/ready") == 200

    def test_has_nothing_before_it_twice(self, clone: Clone) -> None:
        assert clone.deploy("rollback", "poc", "--yes") == 1
        assert "no release before this one" in clone.said


class TestTheWayRolesSignIn:
    def test_changes_with_the_size_of_the_database_and_back(self, clone: Clone) -> None:
        larger = STAGE.replace("[database]\n", '[database]\nsize = "db.t4g.small"\n')
        for text, way in ((larger, "token"), (STAGE, "password")):
            clone.write_stage(text)

            assert clone.deploy("up", "poc", "--yes", "--no-verify") == 0, clone.said

            for name in ("cloister-poc", "cloister-poc-tasks"):
                variables = function(name)["Environment"]["Variables"]
                assert variables["CLOISTER_DATABASE_SIGN_IN"] == way
                assert bool(variables.get("CLOISTER_DATABASE_PASSWORD")) == (way == "password")
            assert clone.status("/ready") == 200


class TestDown:
    def test_of_a_protected_database_stops_before_anything_goes(self, clone: Clone) -> None:
        stage_file(clone, deletion_protection="true")
        assert clone.deploy("stacks", "poc", "--yes") == 0, clone.said
        before = len(client("lambda").list_functions()["Functions"])

        assert clone.deploy("down", "poc", "--yes") == 1
        assert "The database is protected from deletion." in clone.said
        assert len(client("lambda").list_functions()["Functions"]) == before
        stage_file(clone)
        assert clone.deploy("stacks", "poc", "--yes") == 0, clone.said

    def test_takes_all_but_data_away_also_when_broken_off(self, clone: Clone) -> None:
        assert clone.deploy("down", "poc", "--yes", die_at="cloudformation:DeleteStack", time=3) == -9
        assert clone.deploy("down", "poc", "--yes") == 0, clone.said

        assert client("lambda").list_functions()["Functions"] == []
        assert client("apigateway").get_rest_apis()["items"] == []
        standing = [stack["StackName"] for stack in client("cloudformation").describe_stacks()["Stacks"]]
        assert sorted(standing) == ["cloister-poc-attachments", "cloister-poc-audit"]
        assert len(client("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]) == 1
