"""`deploy site`: it finds by itself where the page goes and what it must know, or says what must come first."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from deploy import stage_file
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.site.verb import run
from deploy.stage_file import parse
from tests.deploy import cloud
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import client

TEXT = "[alarms]\nenabled = false\n"


@pytest.fixture(autouse=True)
def empty_cloud() -> Iterator[None]:
    with local_cloud():
        yield


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    (tmp_path / "poc.toml").write_text(TEXT)
    monkeypatch.setattr(stage_file.read, "__kwdefaults__", {"folder": tmp_path})
    return argparse.Namespace(stage="poc", plan=False, through_endpoint=False)


def up() -> None:
    cloud.stacks(parse(TEXT, name="poc", path=STAGE_FILE)).up()


def test_the_page_goes_to_its_bucket_and_knows_the_api_and_the_files_bucket(
    arguments: argparse.Namespace, capsys: pytest.CaptureFixture[str]
) -> None:
    up()
    api = client("apigateway").create_rest_api(name="cloister-poc")["id"]
    told = client("cloudformation").describe_stacks(StackName="cloister-poc-endpoints")["Stacks"][0]["Outputs"]
    outputs = {entry["OutputKey"]: entry["OutputValue"] for entry in told}

    assert run(arguments) == 0

    bucket = "cloister-poc-site-123456789012"
    html = brotli.decompress(client("s3").get_object(Bucket=bucket, Key="index.html")["Body"].read()).decode()
    host = f"https://{api}-{outputs['ExecuteApiId']}.execute-api.ap-northeast-1.amazonaws.com"
    assert f'content="{host}/poc/api/"' in html
    assert f"connect-src {host} https://cloister-poc-attachments-123456789012.{outputs['S3Host']};" in html
    assert capsys.readouterr().out.endswith(f"The site is at https://{bucket}.{outputs['S3Host']}/index.html\n")


def test_without_stacks_the_command_that_makes_them_is_named(arguments: argparse.Namespace) -> None:
    with pytest.raises(Failure, match=r"cloister-poc-endpoints does not stand yet.* python -m deploy stacks poc"):
        run(arguments)


def test_without_the_api_the_command_that_makes_it_is_named(arguments: argparse.Namespace) -> None:
    up()
    with pytest.raises(Failure, match=r"The API cloister-poc does not exist yet.* zappa deploy poc"):
        run(arguments)


def test_a_plan_sends_nothing(arguments: argparse.Namespace, capsys: pytest.CaptureFixture[str]) -> None:
    up()
    client("apigateway").create_rest_api(name="cloister-poc")

    assert run(argparse.Namespace(**{**vars(arguments), "plan": True})) == 0

    assert "index.html: would be sent, " in capsys.readouterr().out
    assert client("s3").list_objects_v2(Bucket="cloister-poc-site-123456789012")["KeyCount"] == 0
