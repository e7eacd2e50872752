"""Requests as a load balancer passes them on to a container: what it vouches for instead of what a caller claims."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHECKER = "ELB-HealthChecker/"
"""How the load balancer's own questions begin to name themselves; they carry the container's address as host.

Source: Application Load Balancers guide, "Health checks for target groups".
"""


class BehindBalancer:
    """A WSGI application behind one load balancer, which nobody can pass by: its security group sees to that."""

    def __init__(self, application: "WSGIApplication", default_host: str) -> None:
        self.application = application
        self.default_host = default_host

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = vouched_address(environ.get("HTTP_X_FORWARDED_FOR", "")) or environ["REMOTE_ADDR"]
        secure = environ.get("HTTP_X_FORWARDED_PROTO") == "https"
        environ["wsgi.url_scheme"] = "https" if secure else "http"
        environ["SERVER_PORT"] = "443" if secure else "80"
        if environ.get("HTTP_USER_AGENT", "").startswith(CHECKER):
            environ["HTTP_HOST"] = self.default_host
        return self.application(environ, start_response)


def vouched_address(forwarded: str) -> str:
    """Return the last address of an X-Forwarded-For header, or "" where it has none.

    A balancer appends the address that it saw to whatever the caller sent: the last entry is the only one it vouches
    for.
    """
    last = forwarded.rpartition(",")[2].strip()
    if last.startswith("["):  # "[2001:db8::1]:49152", with client port preservation
        return last[1:].partition("]")[0]
    return last.partition(":")[0] if last.count(":") == 1 else last
