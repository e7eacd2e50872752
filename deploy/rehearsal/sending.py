"""Requests that a host of the rehearsal sends on: from a load balancer to its targets, over the kernel's network."""

import contextlib
import http.client
import socket
import ssl

from deploy.rehearsal.events import Answer, Call
from deploy.rehearsal.fronts.balancer import HOPS, Refused
from deploy.rehearsal.namespaces import on

CONNECTING = 10.0
"""Seconds for a connection to a target ("Troubleshoot your Application Load Balancers", HTTP 504)."""


def send(host: str, protocol: str, target: tuple[str, int], call: Call, patience: float) -> Answer:
    """Send a call from a host to an address and give the whole answer.

    Raises:
        Refused: nobody takes the connection.
        TimeoutError: there was no connection in time, or silence for `patience` seconds.
        OSError: the connection ended before the answer did.

    """
    with on(host):
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with contextlib.closing(line):
        line.settimeout(min(CONNECTING, patience))
        try:
            line.connect(target)
        except ConnectionRefusedError as error:
            raise Refused(*error.args) from error
        line.settimeout(patience)
        if protocol == "HTTPS":
            line = _unverified().wrap_socket(line)
        connection = http.client.HTTPConnection(target[0], target[1])
        connection.sock = line
        return _asked(connection, call)


def _asked(connection: http.client.HTTPConnection, call: Call) -> Answer:
    try:
        connection.putrequest(
            call.method, f"{call.path}?{call.query}" if call.query else call.path, skip_host=True,
            skip_accept_encoding=True,
        )  # fmt: skip
        for name, value in call.headers:
            if name.lower() not in (*HOPS, "content-length"):
                connection.putheader(name, value.encode("latin-1"))
        if call.body or call.header("content-length"):
            connection.putheader("Content-Length", str(len(call.body)))
        connection.endheaders(call.body or None)
        answer = connection.getresponse()
        body = answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    return Answer(status=answer.status, headers=tuple(answer.getheaders()), body=body)


def _unverified() -> ssl.SSLContext:
    """Speak TLS as a load balancer does with its targets, whose certificates it does not look at.

    Application Load Balancers guide, "Target groups", routing configuration.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
