"""Behind a load balancer, a container believes the load balancer and nobody else."""

from typing import Any

import pytest

from project.edge.balancer import BehindBalancer, vouched_address


def passed_on(**headers: str) -> dict[str, Any]:
    """Give the environment that the application sees of a request with these headers."""
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], _start: object) -> list[bytes]:
        seen.update(environ)
        return []

    environ = {"REMOTE_ADDR": "10.20.0.132", "HTTP_HOST": "10.20.0.9:8000", "wsgi.url_scheme": "http", **headers}
    BehindBalancer(application, "ringi.example")(environ, lambda *_: lambda _data: None)
    return seen


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("6.6.6.6, 10.1.2.3", "10.1.2.3"),
        ("10.1.2.3:49152", "10.1.2.3"),
        ("[2001:db8::1]:49152", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("", ""),
    ],
)
def test_the_last_address_is_the_one_that_the_balancer_saw(forwarded: str, address: str) -> None:
    assert vouched_address(forwarded) == address
    assert passed_on(HTTP_X_FORWARDED_FOR=forwarded)["REMOTE_ADDR"] == (address or "10.20.0.132")


@pytest.mark.parametrize(("said", "scheme", "port"), [("https", "https", "443"), ("http", "http", "80")])
def test_the_scheme_is_the_one_that_the_caller_used(said: str, scheme: str, port: str) -> None:
    seen = passed_on(HTTP_X_FORWARDED_PROTO=said, HTTP_X_FORWARDED_SSL="on")

    assert (seen["wsgi.url_scheme"], seen["SERVER_PORT"]) == (scheme, port)


def test_only_the_balancers_own_questions_are_given_a_host() -> None:
    assert passed_on(HTTP_USER_AGENT="ELB-HealthChecker/2.0")["HTTP_HOST"] == "ringi.example"
    assert passed_on(HTTP_USER_AGENT="Mozilla/5.0")["HTTP_HOST"] == "10.20.0.9:8000"
