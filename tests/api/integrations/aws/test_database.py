"""Signing in to the database by token."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from api.integrations.aws import database

HOST = "cloister-poc.abc.ap-northeast-1.rds.amazonaws.com"


def test_a_token_is_the_one_that_aws_own_library_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret/key+")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session==")
    client = boto3.client("rds", region_name="ap-northeast-1")

    for _ in range(3):  # the two may straddle a second
        theirs = client.generate_db_auth_token(DBHostname=HOST, Port=5432, DBUsername="app")
        ours = database.token(host=HOST, port=5432, user="app", region="ap-northeast-1")
        if _instant(ours) == _instant(theirs):
            break

    assert sorted(parse_qs(urlsplit(f"//{ours}").query).items()) == sorted(
        parse_qs(urlsplit(f"//{theirs}").query).items()
    )
    assert ours.startswith(f"{HOST}:5432/?")


def _instant(token: str) -> str:
    return parse_qs(urlsplit(f"//{token}").query)["X-Amz-Date"][0]


def test_a_token_lasts_fifteen_minutes() -> None:
    assert dt.timedelta(minutes=15) == database.LASTS
