"""`deploy rotate` in the local cloud: both functions know both secrets throughout, and a killed run is finished."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy import blueprint
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.rotate import Rotation
from deploy.shelf import APP, FALLBACKS, KEY, OWNER, Shelf
from deploy.stage import Stage
from deploy.stage_file import parse
from tests.deploy import cloud
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import client

SMALL = "[alarms]\nenabled = false\n[buckets]\nattachments = false\n"
BEFORE = {KEY: cloud.ARTEFACT.secret_key, APP: cloud.ARTEFACT.database_password, OWNER: cloud.ARTEFACT.owner_password}


class Killed(Exception):
    """The process ended here."""


@pytest.fixture(scope="module", autouse=True)
def standing() -> Iterator[None]:
    """A stage that stands in the local cloud, with a web function as Zappa would have made it."""
    with local_cloud():
        stage = parse(SMALL, name="poc", path=STAGE_FILE)
        cloud.stacks(stage).up()
        cloud.upload_artefact(stage)
        cloud.stacks(stage, given=cloud.ARTEFACT).up()
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("x", "")
        client("lambda").create_function(
            FunctionName="cloister-poc",
            Runtime="python3.13",
            Role=client("iam").list_roles()["Roles"][0]["Arn"],
            Handler="x.x",
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": {"CLOISTER_STAGE": "poc", KEY: BEFORE[KEY], APP: BEFORE[APP]}},
        )
        yield


class Place:
    """The stage that stands, its secrets kept in one of three ways, and the password that its database takes."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.stage: Stage = parse(f'secrets = "{place}"\n{SMALL}', name="poc", path=STAGE_FILE)
        for part in ("tasks", "web"):
            values = {name: BEFORE[name] for name in (KEY, APP, *([OWNER] if part == "tasks" else []))}
            if place == "secretsmanager":
                values["CLOISTER_SMTP_PASSWORD"] = "the company's"
                client("secretsmanager").create_secret(Name=f"cloister-poc/{part}", SecretString=json.dumps(values))
            elif place == "ssm":
                for name, value in values.items():
                    client("ssm").put_parameter(Name=f"/cloister-poc/{part}/{name}", Value=value, Type="SecureString")
        self.before = self.known("tasks")
        if place == "deployer":  # another way may have left its mark
            web = {name: value for name, value in self.before.items() if name in {KEY, APP}}
            client("lambda").update_function_configuration(
                FunctionName="cloister-poc", Environment={"Variables": {"CLOISTER_STAGE": "poc", **web}}
            )
        self.password = self.before[APP]

    def known(self, part: str) -> dict[str, str]:
        """Return the secrets that a function which starts now knows."""
        if self.place == "secretsmanager":
            held = client("secretsmanager").get_secret_value(SecretId=f"cloister-poc/{part}")
            return dict(json.loads(held["SecretString"]))
        if self.place == "ssm":
            folder = f"/cloister-poc/{part}/"
            found = client("ssm").get_parameters_by_path(Path=folder, WithDecryption=True, MaxResults=10)["Parameters"]
            return {entry["Name"].removeprefix(folder): entry["Value"] for entry in found}
        return self.variables(part)

    def variables(self, part: str) -> dict[str, str]:
        name = "cloister-poc" + ("-tasks" if part == "tasks" else "")
        held: dict[str, str] = client("lambda").get_function_configuration(FunctionName=name)["Environment"][
            "Variables"
        ]
        return held

    def call(self, event: dict[str, Any]) -> None:
        """Be the tasks function."""
        assert event["bootstrap"]["master"]["password"]
        assert event["bootstrap"]["owner"] == self.known("tasks")[f"{OWNER}_NEXT"]
        self.password = event["bootstrap"]["app"]

    def renew_master(self) -> None:
        """Be RDS, which renews the master's password in its secret."""
        stack = client("cloudformation").describe_stacks(StackName="cloister-poc-data")["Stacks"][0]
        outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in stack["Outputs"]}
        master = json.dumps({"username": "master", "password": "renewed"})
        client("secretsmanager").put_secret_value(SecretId=outputs["MasterSecretArn"], SecretString=master)

    def everybody_signs_in(self) -> None:
        for part in ("tasks", "web"):
            known = self.known(part)
            assert self.password in {known.get(APP), known.get(f"{APP}_NEXT")}, part

    def rotate(self, guarded: Callable[[Any], Any] = lambda shelf: shelf, call: Any = None) -> list[str]:
        said: list[str] = []
        self.renew_master()
        stacks = cloud.stacks(self.stage)
        shelf = guarded(Shelf(self.stage, stacks.account, stacks.runner, blueprint.template))
        Rotation(self.stage, stacks.account, shelf, call or self.call, speak="en", say=said.append).go()
        return said


@pytest.mark.parametrize("way", ["deployer", "secretsmanager", "ssm"])
def test_everything_is_renewed_and_the_former_key_kept(way: str) -> None:
    place = Place(way)
    first = place.variables("tasks").get("CLOISTER_SECRETS_VERSION", "")
    said = place.rotate()

    for part in ("tasks", "web"):
        known = place.known(part)
        assert known[KEY] != place.before[KEY]
        assert len(known[KEY]) >= 50
        assert known[FALLBACKS] == place.before[KEY]
        assert known[APP] == place.password != place.before[APP]
        assert not any(value for name, value in known.items() if name.endswith("_NEXT"))
        assert place.variables(part)["CLOISTER_SECRETS_VERSION"] > first, "Lambda starts anew"
    versions = {place.variables(part)["CLOISTER_SECRETS_VERSION"] for part in ("tasks", "web")}
    assert len(versions) == 1
    assert OWNER not in place.known("web")
    assert place.known("tasks")[OWNER] != place.before[OWNER]
    assert place.variables("web")["CLOISTER_STAGE"] == "poc"
    if place.place == "secretsmanager":
        assert place.known("web")["CLOISTER_SMTP_PASSWORD"] == "the company's"
    secret = [place.known("tasks")[name] for name in (KEY, APP, OWNER, FALLBACKS)]
    assert not any(value in line for line in said for value in secret)
    second = place.known("tasks")[KEY]
    place.rotate()
    assert place.known("web")[FALLBACKS] == second, "one rotation back, and no further"


class Until:
    """A shelf whose process is killed before its call number `end`, the first being 0."""

    def __init__(self, shelf: Any, end: int) -> None:
        self._shelf, self._left = shelf, end

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> Any:
            self._left -= 1
            if self._left < 0:
                raise Killed
            return getattr(self._shelf, name)(*arguments)

        return call


@pytest.mark.parametrize(
    "end", [1, 2, 3, 4], ids=["unchanged", "tasks knows", "passwords changed", "web has only the coming ones"]
)
def test_killed_anywhere_nobody_is_locked_out_and_the_next_run_finishes(end: int) -> None:
    place = Place("deployer")
    with pytest.raises(Killed):
        place.rotate(lambda shelf: Until(shelf, end))
    place.everybody_signs_in()
    under_way = place.known("tasks").get(f"{APP}_NEXT")
    assert bool(under_way) == (end > 1)

    said = place.rotate()

    place.everybody_signs_in()
    assert ("A rotation was broken off; going on with it." in said) == bool(under_way)
    assert place.password == place.known("web")[APP] == (under_way or place.password)
    assert place.known("web")[FALLBACKS] == place.before[KEY]


def test_a_function_that_fails_leaves_both_passwords_known() -> None:
    def refuse(_event: dict[str, Any]) -> None:
        raise Failure("the database is away")

    place = Place("deployer")
    with pytest.raises(Failure, match="is away"):
        place.rotate(call=refuse)
    place.everybody_signs_in()
    place.rotate()


def test_after_a_restore_the_master_is_that_of_the_database_which_stands() -> None:
    place, rds, masters = Place("deployer"), client("rds"), list[dict[str, str]]()
    rds.modify_db_instance(
        DBInstanceIdentifier="cloister-poc", NewDBInstanceIdentifier="cloister-poc-before", ApplyImmediately=True
    )
    made = rds.create_db_instance(
        DBInstanceIdentifier="cloister-poc",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="master",
        ManageMasterUserPassword=True,
    )["DBInstance"]
    held = client("secretsmanager").get_secret_value(SecretId=made["MasterUserSecret"]["SecretArn"])

    place.rotate(call=lambda event: masters.append(event["bootstrap"]["master"]))

    assert [master["password"] for master in masters] == [json.loads(held["SecretString"])["password"]]


def test_a_stage_without_secrets_is_told_what_to_do_first() -> None:
    stage = parse(SMALL, name="other", path=STAGE_FILE)
    stacks = cloud.stacks(stage)
    shelf = Shelf(stage, stacks.account, stacks.runner, blueprint.template)
    with pytest.raises(Failure, match="python -m deploy up other"):
        Rotation(stage, stacks.account, shelf, lambda _event: None, speak="en", say=print).go()
