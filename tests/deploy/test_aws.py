"""One signed-in account: its clients are made once, and where AWS does not answer each cause has its own remedy."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from botocore import exceptions
from botocore.utils import parse_timestamp

from deploy.aws import Account, NoCredentials, instant
from deploy.rehearsal.cloud import local_cloud
from deploy.stage_file import parse
from tests.deploy.paths import STAGE_FILE

MANY = 8
REFUSED = exceptions.ProxyConnectionError(proxy_url="http://proxy:8080", error=OSError("refused"))
AT = {"endpoint_url": "https://sts.ap-northeast-1.amazonaws.com/"}


def test_a_client_is_made_once_however_many_ask_for_it_at_the_same_moment() -> None:
    begin = Barrier(MANY)

    def ask(_: int) -> int:
        begin.wait()
        return id(account.client("elbv2"))

    with local_cloud(), ThreadPoolExecutor(MANY) as threads:
        account = Account(parse('[aws]\nregion = "ap-northeast-1"\n', name="poc", path=STAGE_FILE))
        assert len(set(threads.map(ask, range(MANY)))) == 1


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (exceptions.NoCredentialsError(), "No AWS credentials were found"),
        (exceptions.SSLError(**AT, error=OSError("self-signed certificate")), "set AWS_CA_BUNDLE to a PEM file"),
        (exceptions.EndpointConnectionError(**AT), "AWS cannot be reached"),
        (exceptions.ConnectTimeoutError(**AT), "AWS cannot be reached"),
        (
            exceptions.ProxyConnectionError(proxy_url="http://proxy:8080", error=OSError("refused")),
            "AWS cannot be reached",
        ),
        (exceptions.ReadTimeoutError(**AT), "AWS cannot be reached"),
    ],
)
def test_a_cause_is_told_with_its_own_remedy(monkeypatch: pytest.MonkeyPatch, cause: Exception, said: str) -> None:
    monkeypatch.setenv("CLOISTER_LANGUAGE", "en")

    assert said in str(NoCredentials(cause))


@pytest.mark.parametrize(
    "told",
    ["2026-11-23T01:02:03.000Z", "2026-11-23T01:02:03Z", "2026-11-23T10:02:03+09:00", "Mon, 23 Nov 2026 01:02:03 GMT",
     1795395723, 1795395723.5, "1795395723", "20261123T010203Z"],
)  # fmt: skip
def test_a_time_is_what_botocore_reads(told: Any) -> None:
    assert instant(told) == parse_timestamp(told)


def test_what_is_no_time_is_refused_as_by_botocore() -> None:
    with pytest.raises(ValueError, match="Invalid timestamp"):
        instant("tomorrow, Z")
