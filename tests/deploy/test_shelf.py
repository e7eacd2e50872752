"""Where a stage's secrets lie: made once, whole in both parts, and the same ones when the stage file moves them."""

import json
from collections.abc import Iterator

import pytest

from deploy import blueprint
from deploy.rehearsal.cloud import local_cloud
from deploy.shelf import APP, FALLBACKS, KEY, OWNER, PARAMETERS, Shelf
from deploy.stage_file import parse
from tests.deploy import cloud
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import client

ALL, WEB = {KEY, APP, OWNER}, {KEY, APP}
SERVICES = pytest.mark.parametrize("place", ["secretsmanager", "ssm"])


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with local_cloud():
        yield


def shelf(place: str) -> Shelf:
    stacks = cloud.stacks(parse(f'secrets = "{place}"\n', name="poc", path=STAGE_FILE))
    return Shelf(stacks.stage, stacks.account, stacks.runner, blueprint.template)


def complete(place: str, *, by_token: bool = False) -> tuple[dict[str, str], int]:
    """Complete the secrets; return them, and how often it was told that the database does not take a password yet."""
    told: list[None] = []
    return shelf(place).complete(by_token=by_token, unknown=lambda: told.append(None)), len(told)


def known(place: str, part: str) -> dict[str, str]:
    """Return all that a part's place has, whoever put it there."""
    if place == "secretsmanager":
        return dict(
            json.loads(client("secretsmanager").get_secret_value(SecretId=f"cloister-poc/{part}")["SecretString"])
        )
    found = client("ssm").get_parameters_by_path(Path=f"/cloister-poc/{part}/", WithDecryption=True)["Parameters"]
    return {parameter["Name"].rpartition("/")[2]: parameter["Value"] for parameter in found}


def function(name: str, variables: dict[str, str]) -> None:
    client("lambda").create_function(
        FunctionName=name,
        Role=client("iam").create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument="{}")["Role"]["Arn"],
        Code={"ZipFile": b"PK"},
        Environment={"Variables": variables},
    )


@SERVICES
class TestKeptByAService:
    def test_they_are_made_once_and_the_owners_not_for_the_web_function(self, place: str) -> None:
        made, told = complete(place)

        assert (set(made), told) == (ALL, 1)
        assert complete(place) == (made, 0)
        assert known(place, "tasks") == made
        assert known(place, "web") == {name: made[name] for name in WEB}

    def test_a_part_that_a_broken_off_run_left_out_is_completed(self, place: str) -> None:
        made, _told = complete(place)
        if place == "ssm":
            client("ssm").delete_parameter(Name=f"/cloister-poc/web/{APP}")
        else:
            client("secretsmanager").delete_secret(SecretId="cloister-poc/web", ForceDeleteWithoutRecovery=True)

        assert complete(place) == (made, 0)
        assert known(place, "web") == {name: made[name] for name in WEB}

    def test_they_are_those_that_the_functions_had_before(self, place: str) -> None:
        before = {KEY: "k" * 50, APP: "a" * 32, OWNER: "o" * 32, FALLBACKS: "f" * 50}
        function("cloister-poc-tasks", before)

        assert complete(place) == (before, 0)
        assert known(place, "tasks") == before
        # Variables go before what is read at start: those that the function had would hide every later value.
        assert shelf(place).parameters(before) == dict.fromkeys(PARAMETERS.values(), "")

    def test_passwords_go_with_the_sign_in_by_them(self, place: str) -> None:
        made, _told = complete(place)

        assert complete(place, by_token=True) == ({KEY: made[KEY]}, 0)
        assert set(known(place, "tasks")) == set(known(place, "web")) == {KEY}
        again, told = complete(place)
        assert told == 1
        assert again[APP] != made[APP]


def test_what_else_a_company_keeps_in_the_secret_stays() -> None:
    client("secretsmanager").create_secret(
        Name="cloister-poc/web", SecretString=json.dumps({"CLOISTER_SMTP_PASSWORD": "the company's"})
    )

    made, _told = complete("secretsmanager")

    assert known("secretsmanager", "web") == {
        "CLOISTER_SMTP_PASSWORD": "the company's",
        **{name: made[name] for name in WEB},
    }


class TestKeptByTheTasksFunction:
    @SERVICES
    def test_they_are_those_that_a_service_kept_before(self, place: str) -> None:
        made, _told = complete(place)
        source = "secretsmanager:cloister-poc/web" if place == "secretsmanager" else "ssm:/cloister-poc/web/"
        function("cloister-poc", {"CLOISTER_SECRETS": source})
        function("cloister-poc-tasks", {})

        assert complete("deployer") == (made, 0)
        assert {name: value for name, value in shelf("deployer").parameters(made).items() if value} == {
            PARAMETERS[name]: value for name, value in made.items()
        }

    def test_they_are_the_web_functions_where_only_the_tasks_function_is_gone(self) -> None:
        function("cloister-poc", {KEY: "k" * 50, APP: "p" * 32})

        made, told = complete("deployer")

        assert (made[KEY], made[APP], told) == ("k" * 50, "p" * 32, 1)
        assert len(made[OWNER]) > 32

    def test_of_a_stage_that_signs_in_by_token_they_are_the_key_alone(self) -> None:
        made, told = complete("deployer", by_token=True)

        assert (list(made), told) == ([KEY], 0)

    def test_a_function_that_has_them_is_left_as_it_is(self) -> None:
        made = {KEY: "k" * 50, APP: "a" * 32, OWNER: "o" * 32}
        function("cloister-poc-tasks", made)

        assert shelf("deployer").parameters(made) == {}
