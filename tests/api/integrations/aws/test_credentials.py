"""Keys are looked for at each signing, kept while they last, and never used once they have ended."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from api.integrations.aws.credentials import CredentialSource, CredentialsUnavailable

AT = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}


class CredentialsServer(BaseHTTPRequestHandler):
    """What a container's agent answers: `document` with `status`, to whoever shows `token`."""

    status: ClassVar[int]
    document: ClassVar[Any]
    asked: ClassVar[list[str | None]]

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("Authorization"))
        body = json.dumps(self.document).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


def ending(at: dt.datetime, key: str = "ASIA1") -> dict[str, str]:
    expiration = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"AccessKeyId": key, "SecretAccessKey": "s", "Token": "t", "Expiration": expiration}


@pytest.fixture
def agent() -> Iterator[tuple[type[CredentialsServer], str]]:
    """A credentials server on this machine, and its address."""

    class Server(CredentialsServer):
        status = 200
        document = ending(AT + dt.timedelta(hours=6))
        asked: ClassVar[list[str | None]] = []

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Server, f"http://127.0.0.1:{server.server_port}/v2/credentials"
        server.shutdown()
        thread.join()


class TestEnvironment:
    def test_is_read_again_each_time(self) -> None:
        environment = dict(KEYS)
        source = CredentialSource(environment)
        assert source.current(at=AT).access_key == "AKIAENV"
        environment["AWS_ACCESS_KEY_ID"] = "AKIANEW"
        assert source.current(at=AT).access_key == "AKIANEW"

    def test_comes_before_a_container(self) -> None:
        source = CredentialSource(KEYS | {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/"})
        assert source.current(at=AT).token == "token"

    def test_never_gives_keys_that_have_ended(self) -> None:
        source = CredentialSource(KEYS | {"AWS_CREDENTIAL_EXPIRATION": "2026-11-22T03:00:00Z"})
        assert source.current(at=AT - dt.timedelta(seconds=1)).expires_at == AT
        with pytest.raises(CredentialsUnavailable, match="ended"):
            source.current(at=AT)

    def test_without_anything_says_what_to_set(self) -> None:
        with pytest.raises(CredentialsUnavailable, match="AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"):
            CredentialSource({}).current(at=AT)


class TestContainer:
    def source(self, address: str, **more: str) -> CredentialSource:
        return CredentialSource({"AWS_CONTAINER_CREDENTIALS_FULL_URI": address} | more)

    def test_is_asked_once_while_its_keys_last(self, agent: tuple[type[CredentialsServer], str]) -> None:
        server, address = agent
        source = self.source(address, AWS_CONTAINER_AUTHORIZATION_TOKEN="Bearer x")
        assert source.current(at=AT).access_key == "ASIA1"
        server.document = ending(AT + dt.timedelta(hours=12), "ASIA2")
        assert source.current(at=AT + dt.timedelta(hours=5)).access_key == "ASIA1"
        assert server.asked == ["Bearer x"]
        assert source.current(at=AT + dt.timedelta(hours=5, minutes=56)).access_key == "ASIA2"

    def test_reads_the_token_from_its_file_each_time(
        self, agent: tuple[type[CredentialsServer], str], tmp_path: Path
    ) -> None:
        server, address = agent
        file = tmp_path / "token"
        file.write_text("first\n")
        server.document = ending(AT + dt.timedelta(minutes=1))
        source = self.source(address, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(file))
        source.current(at=AT)
        file.write_text("second")
        source.current(at=AT)
        assert server.asked == ["first", "second"]

    def test_that_is_away_for_a_moment_leaves_the_old_keys_until_they_end(
        self, agent: tuple[type[CredentialsServer], str]
    ) -> None:
        server, address = agent
        source = self.source(address)
        ends = AT + dt.timedelta(hours=6)
        source.current(at=AT)
        server.status = 500
        assert source.current(at=ends - dt.timedelta(seconds=1)).access_key == "ASIA1"
        with pytest.raises(CredentialsUnavailable, match="500"):
            source.current(at=ends)

    def test_that_gives_ended_keys_is_not_believed(self, agent: tuple[type[CredentialsServer], str]) -> None:
        server, address = agent
        server.document = ending(AT - dt.timedelta(seconds=1))
        with pytest.raises(CredentialsUnavailable, match="ended"):
            self.source(address).current(at=AT)

    @pytest.mark.parametrize("document", [{}, [], {"AccessKeyId": "A"}, "no"])
    def test_that_answers_something_else_is_an_error(
        self, agent: tuple[type[CredentialsServer], str], document: Any
    ) -> None:
        server, address = agent
        server.document = document
        with pytest.raises(CredentialsUnavailable):
            self.source(address).current(at=AT)

    def test_that_nobody_answers_for_is_an_error(self) -> None:
        with pytest.raises(CredentialsUnavailable, match="does not answer"):
            self.source("http://127.0.0.1:1/").current(at=AT)

    @pytest.mark.parametrize(
        "address", ["http://10.0.0.1/", "http://example.test/", "ftp://127.0.0.1/", "//127.0.0.1/", "http:///x"]
    )
    def test_is_not_asked_in_clear_text_on_another_machine(self, address: str) -> None:
        with pytest.raises(CredentialsUnavailable, match="clear text"):
            self.source(address).current(at=AT)

    def test_is_not_sent_a_token_with_a_line_break(self) -> None:
        source = self.source("http://127.0.0.1:1/", AWS_CONTAINER_AUTHORIZATION_TOKEN="a\r\nHost: b")
        with pytest.raises(CredentialsUnavailable, match="line break"):
            source.current(at=AT)
