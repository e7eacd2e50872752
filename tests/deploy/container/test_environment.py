"""Secrets of containers lie encrypted, named by what they are, and nothing that ECS would cut off is written."""

import pytest

from deploy.aws import Account
from deploy.container import environment
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.stage_file import parse
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import client


def test_a_file_lies_encrypted_under_a_name_that_its_content_gives() -> None:
    with local_cloud():
        stage = parse("", name="poc", path=STAGE_FILE)
        account = Account(stage)
        bucket = stage.bucket("artefacts", account.number)
        where = {"LocationConstraint": stage.region}
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)

        first = environment.upload(stage, account, "web", {"CLOISTER_SECRET_KEY": "a=b", "CLOISTER_A": "#"})
        again = environment.upload(stage, account, "web", {"CLOISTER_A": "#", "CLOISTER_SECRET_KEY": "a=b"})
        other = environment.upload(stage, account, "web", {"CLOISTER_A": "#", "CLOISTER_SECRET_KEY": "c"})

        held = client("s3").get_object(Bucket=bucket, Key=first)
        assert held["Body"].read() == b"CLOISTER_A=#\nCLOISTER_SECRET_KEY=a=b\n"
        assert held["ServerSideEncryption"] == "aws:kms"
        assert first == again != other
        assert first.startswith("environment/web-")


@pytest.mark.parametrize("value", ["", " led by a blank", "two\nlines", "a line\n"])
def test_a_value_that_ecs_would_cut_off_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(Failure) as error:
        environment.text({"CLOISTER_SECRET_KEY": value})

    assert "CLOISTER_SECRET_KEY" in str(error.value)
    assert value.strip() == "" or value.strip() not in str(error.value)
