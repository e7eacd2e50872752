"""One signed-in account: its clients are made once, and where AWS does not answer each cause has its own remedy."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from botocore import exceptions

from deploy.aws import Account, NoCredentials
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
