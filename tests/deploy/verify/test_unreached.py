"""A probe that fails by itself proves nothing: what bars this host, and what only keeps it from an answer."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deploy.verify.runner.network import Network, Unreached
from tests.deploy.verify.looking import document, refuted, seen, unproved
from tests.deploy.verify.world import PAGE_HOST, World

WALL = "wall.page-public"
Behaviour = Callable[[socket.socket], object]


@contextmanager
def behaving(behaviour: Behaviour, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port of this machine that treats each connection so; with a context after a TLS handshake."""
    open_connections: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection = listening.accept()[0]
                open_connections.append(connection)
                if context:
                    connection = context.wrap_socket(connection, server_side=True)
                    open_connections.append(connection)
                behaviour(connection)
            except OSError:
                if listening.fileno() < 0:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for each in open_connections:
                each.close()
    thread.join()


def hang(_connection: socket.socket) -> None:
    """Say nothing, and keep the line."""


def say(text: bytes) -> Behaviour:
    """Say this after the request, and keep the line."""

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(text)

    return answer


def cut(connection: socket.socket) -> None:
    """Take the request and cut the line."""
    connection.recv(65536)
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def looked_at(world: World, port: int, *, host: str = PAGE_HOST, scheme: str = "https") -> tuple[str, str]:
    """Ask a port of this machine for what must be refused; return verdict and sentence."""
    made = document(world)
    (check,) = (one for one in made["checks"] if one["id"] == WALL)
    check["request"] = {"method": "GET", "url": f"{scheme}://{host}:{port}/"}
    outcome = seen(world, made, only=WALL, timeout=1)[WALL].outcome
    return outcome.verdict, outcome.said


class TestARefusal:
    @pytest.mark.parametrize(
        ("behaviour", "found"),
        [
            (hang, ("not proved", "not_asked")),
            (say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), ("refuted", "let_in")),
            (say(b"SSH-2.0-OpenSSH_9.9\r\n"), ("not proved", "not_asked")),
            (
                say(b"HTTP/1.1 302 Found\r\nLocation: /sign-in\r\nContent-Length: 0\r\n\r\n"),
                ("not proved", "strange_answer"),
            ),
            (say(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), ("proved", "refused")),
            (cut, ("proved", "no_connection")),
        ],
        ids=["hangs", "half an answer", "another protocol", "redirects", "refuses", "cuts the line"],
    )
    def test_is_one_only_where_somebody_refuses(
        self, world: World, behaviour: Behaviour, found: tuple[str, str]
    ) -> None:
        with behaving(behaviour) as port:
            assert looked_at(world, port, scheme="http") == found

    def test_by_a_handshake_that_is_cut_is_one(self, world: World) -> None:
        with behaving(cut) as port:
            assert looked_at(world, port) == ("proved", "no_connection")

    def test_is_none_where_only_this_host_does_not_trust_the_certificate(self, world: World) -> None:
        # As behind a firewall that opens TLS: a browser that knows its authority would be let in.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(world.authority.made_out("another", ["another.example"]))
        with behaving(say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), context) as port:
            assert looked_at(world, port) == ("not proved", "not_asked")

    @pytest.mark.parametrize(
        ("error", "found"),
        [
            (socket.EAI_NONAME, ("proved", "no_such_name")),
            (socket.EAI_AGAIN, ("not proved", "not_asked")),
            (socket.EAI_FAIL, ("not proved", "not_asked")),
        ],
    )
    def test_by_dns_is_one_where_it_knows_that_there_is_no_such_name(
        self, world: World, monkeypatch: pytest.MonkeyPatch, error: int, found: tuple[str, str]
    ) -> None:
        known: Any = socket.getaddrinfo

        def answer(host: str, *rest: object, **named: object) -> Any:
            if host == "nowhere.invalid":
                raise socket.gaierror(error, "so says the resolver")
            return known(host, *rest, **named)

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        assert looked_at(world, world.port, host="nowhere.invalid") == found

    def test_by_a_foreign_endpoint_that_nobody_reached_is_none(self, world: World) -> None:
        lines = seen(world, only="wall.page-foreign", foreign=("vpce-7-mistyped.s3.nowhere.invalid",))
        assert unproved(lines) == {"wall.page-foreign": "not_asked"}


def test_the_stages_own_endpoint_is_not_taken_for_a_foreign_one(world: World) -> None:
    lines = seen(world, only="wall.page-foreign", foreign=(PAGE_HOST.partition(".bucket.")[2],))
    assert unproved(lines) == {"wall.page-foreign": "own_endpoint"}


class TestACertificate:
    def test_that_nobody_showed_is_not_called_bad(self, world: World) -> None:
        with behaving(hang) as port:
            assert self._said(world, port) == "unreached"

    def test_that_has_ended_is(self, world: World) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(world.authority.made_out("ended", [PAGE_HOST], days=-1))
        with behaving(hang, context) as port:
            assert self._said(world, port) == "certificate_bad"

    def _said(self, world: World, port: int) -> str:
        made = document(world)
        (check,) = (one for one in made["checks"] if one["id"] == "certificate.page")
        check |= {"port": port}
        lines = seen(world, made, only="certificate.page", timeout=1)
        assert refuted(lines) == {"certificate.page"}
        return lines["certificate.page"].outcome.said


def test_too_many_open_files_are_no_closed_port(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(socket, "create_connection", fail)
    with pytest.raises(Unreached) as caught:
        Network(timeout=1).connect("127.0.0.1", 1)
    assert (caught.value.step, caught.value.barred) == ("connect", False)


def test_files_that_did_not_come_are_not_counted_as_right(world: World) -> None:
    made = document(world)
    world.objects.pop("assets/icon-3c4d.svg")
    lines = seen(world, made, only="page.")
    assert refuted(lines) == {"page.bytes"}
    assert unproved(lines) == dict.fromkeys(["page.type", "page.encoding", "page.caching"], "not_every_file_came")


def test_what_others_may_not_is_open_where_nobody_answers(world: World) -> None:
    made = document(world)
    for check in made["checks"]:
        if check["id"].startswith("cors."):
            check["request"]["url"] = "https://nowhere.invalid/"
    lines = seen(world, made, only="cors.")
    assert refuted(lines) == {"cors.api", "cors.files"}
    assert unproved(lines) == {"cors.api-others": "unreached", "cors.files-others": "unreached"}
