"""An HTTP server of a rehearsal, by a socket: what is sent badly is told so, and takes nobody else along."""

import socket
import threading
from collections.abc import Iterator

import pytest

from deploy.rehearsal.events import Answer
from deploy.rehearsal.fronts import server


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    serving = server.Listening(listening, lambda visit: Answer(status=200, body=visit.call.body), None)
    threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield listening.getsockname()[1]
    serving.shutdown()
    serving.server_close()


def say(port: int, *lines: str) -> str:
    """Send lines and what follows them, and give all that is answered until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall("\r\n".join(("POST / HTTP/1.1", "Host: x", *lines)).encode())
        return connection.makefile("rb").read().decode()


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: many", "", "x"),
        ("Content-Length: -1", "", "x"),
        ("Transfer-Encoding: chunked", "", "many", "x"),
        ("Transfer-Encoding: chunked", "", "-5", "x"),
    ],
)
def test_a_length_that_is_none_is_refused(port: int, lines: tuple[str, ...]) -> None:
    assert say(port, *lines, "").startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "lines",
    [("Content-Length: 5", "", "words"), ("Transfer-Encoding: chunked", "", "2;a=b", "wo", "3", "rds", "0", "", "")],
)
def test_a_body_of_either_form_is_read_whole(port: int, lines: tuple[str, ...]) -> None:
    assert say(port, "Connection: close", *lines).endswith("\r\n\r\nwords")
