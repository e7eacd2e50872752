"""What is said where AWS does not answer: each cause has a remedy of its own."""

import pytest
from botocore import exceptions

from deploy.aws import NoCredentials

AT = {"endpoint_url": "https://sts.ap-northeast-1.amazonaws.com/"}


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
