"""Secrets read at start, from a server that answers as AWS does."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from api.integrations.aws.secrets import AT_ONCE, SecretsUnavailable, fetch
from tests.project.test_settings import DEPLOYED, run

REGION = "ap-northeast-1"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def elsewhere(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def client(service: Any, address: str) -> Any:
    return boto3.client(service, region_name=REGION, endpoint_url=address)


def test_a_secret_is_an_object_of_variables(address: str) -> None:
    text = json.dumps({"CLOISTER_SECRET_KEY": "k" * 50, "other": "x"})
    client("secretsmanager", address).create_secret(Name="cloister-poc/web", SecretString=text)

    found = fetch("secretsmanager:cloister-poc/web", region=REGION, names=["CLOISTER_SECRET_KEY", "CLOISTER_NONE"])

    assert found == {"CLOISTER_SECRET_KEY": "k" * 50}


def test_parameters_are_one_each_however_many(address: str) -> None:
    names = [f"CLOISTER_{number}" for number in range(2 * AT_ONCE + 1)]
    for name in names[1:]:
        client("ssm", address).put_parameter(Name=f"/cloister-poc/web/{name}", Value=f"of {name}", Type="SecureString")

    found = fetch("ssm:/cloister-poc/web/", region=REGION, names=names)

    assert found == {name: f"of {name}" for name in names[1:]}


def test_a_secret_that_is_no_object_is_not_told(address: str) -> None:
    client("secretsmanager", address).create_secret(Name="cloister-poc/plain", SecretString="hunter2")
    with pytest.raises(SecretsUnavailable, match="no JSON object") as refused:
        fetch("secretsmanager:cloister-poc/plain", region=REGION, names=[])
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("secretsmanager:nowhere", "secretsmanager:nowhere: AWS answered ResourceNotFoundException."),
        ("secretsmanager:", "must be secretsmanager:NAME or ssm:/FOLDER/"),
        ("ssm:folder", "must be secretsmanager:NAME or ssm:/FOLDER/"),
        ("vault:x", "must be secretsmanager:NAME or ssm:/FOLDER/"),
    ],
)
def test_what_cannot_be_read_is_named(source: str, says: str) -> None:
    with pytest.raises(SecretsUnavailable, match=says):
        fetch(source, region=REGION, names=["CLOISTER_SECRET_KEY"])


def test_a_door_that_is_shut_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(SecretsUnavailable, match=r"ssm:/a/: POST 127\.0\.0\.1: ConnectionRefusedError"):
        fetch("ssm:/a/", region=REGION, names=["CLOISTER_SECRET_KEY"])


def test_a_stage_starts_with_secrets_that_are_in_no_environment(address: str) -> None:
    held = {"CLOISTER_SECRET_KEY": "k" * 50, "CLOISTER_DATABASE_PASSWORD": "not a real one"}
    client("secretsmanager", address).create_secret(Name="cloister-poc/tasks", SecretString=json.dumps(held))
    variables = {name: value for name, value in DEPLOYED.items() if name not in held}
    variables |= {"CLOISTER_SECRETS": "secretsmanager:cloister-poc/tasks", "AWS_REGION": REGION}

    started = run(
        "from project import settings as s; print(s.SECRET_KEY, s.DATABASES['default']['PASSWORD'])", variables
    )

    assert started.stdout.strip() == f"{'k' * 50} not a real one", started.stderr
    refused = run("from project import settings", variables | {"CLOISTER_SECRETS": "secretsmanager:nothing"})
    assert "SecretsUnavailable: secretsmanager:nothing: AWS answered ResourceNotFoundException." in refused.stderr
