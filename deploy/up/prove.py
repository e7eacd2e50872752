"""What can be seen of the stage from the host that deploys: `verify` from the place where this host seems to stand."""

import argparse
import ipaddress
import socket
from collections.abc import Callable

from deploy.site import verb as site
from deploy.up.deployment import Deployment
from deploy.verify import verb
from deploy.words import Words

SECONDS = 5.0
PORT = 443
INSIDE = Words(
    "This host reaches the door's private address: it looks as a user's would.",
    "このホストから入口のプライベートアドレスに届きます。利用者と同じ位置から確認します。",
)
OUTSIDE = Words(
    "This host does not reach the door's private address ({reason}): it looks as a stranger's would.",
    "このホストから入口のプライベートアドレスに届きません（{reason}）。外部の位置から確認します。",
)


def run(deployment: Deployment, *, reach: Callable[[str], str] | None = None) -> int:
    """Look, and return verify's status: 0 proved, 1 something refuted, 2 something could not be looked at."""
    known = site.addresses(deployment.stage, deployment.account)
    host = (known["api"] or known["page"]).split("/")[2]
    reason = (reach or hindrance)(host)
    parser = argparse.ArgumentParser()
    verb.register(parser.add_subparsers())
    words = ["verify", deployment.stage.name]
    if reason:
        deployment.tell(OUTSIDE, reason=reason)
        words += ["--from", "outside"]
    else:
        deployment.tell(INSIDE)
    return int(verb.run(parser.parse_args(words)))


def hindrance(host: str, port: int = PORT) -> str:
    """Say why the host cannot be reached at a private address from here; empty when it can. No proxy is asked."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        public = sorted(address for address in found if not ipaddress.ip_address(address).is_private)
        if public:
            return f"{host} = {public[0]}"
        with socket.create_connection((host, port), timeout=SECONDS):
            return ""
    except OSError as error:
        return str(error)
