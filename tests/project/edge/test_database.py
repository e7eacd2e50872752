"""Connections between invocations, and a database that does not answer."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from project.edge import database, snapshot

SSL_OR_GSS = (80877103, 80877104)  # codes of SSLRequest and GSSENCRequest (PostgreSQL, "Message Formats")


@pytest.mark.django_db
class TestAnIdleConnection:
    def test_is_trusted_for_a_while(self) -> None:
        watch = database.IdleWatch()
        connection.ensure_connection()
        before = connection.connection

        watch.begin()

        assert connection.connection is before

    def test_that_still_answers_after_a_long_freeze_is_kept(self) -> None:
        watch = database.IdleWatch()
        watch.last_use -= 10 * database.TRUSTED_IDLE
        connection.ensure_connection()
        before = connection.connection

        watch.begin()

        assert connection.connection is before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("frozen", [False, True])
def test_a_connection_that_died_meanwhile_is_replaced(database: str, *, frozen: bool) -> None:
    from project.edge.database import TRUSTED_IDLE, IdleWatch

    if database != "postgresql":
        connection.ensure_connection()
        assert connection.is_usable()  # a file does not hang up
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    watch = IdleWatch()
    watch.last_use -= (TRUSTED_IDLE + 1) * frozen
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    other.close()

    watch.begin()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (backend,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql")
def test_a_connection_that_its_library_knows_to_be_dead_is_replaced() -> None:
    """The farewell may be read without Django hearing of it; asking such a connection for its socket raises."""
    watch = database.IdleWatch()
    connection.ensure_connection()
    connection.connection.close()

    watch.begin()

    assert connection.connection is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.django_db
class TestADatabaseThatDoesNotAnswer:
    @pytest.fixture
    def silent_port(self) -> Iterator[int]:
        """A port that takes the connection and never says a word."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            yield server.getsockname()[1]

    @pytest.fixture
    def refusing_port(self) -> int:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port: int = server.getsockname()[1]
        return port

    @pytest.fixture
    def refusing_in_japanese_port(self) -> Iterator[int]:
        """A PostgreSQL that refuses, in the encoding of a server set up with ja_JP.eucJP."""
        said = "データベースシステムは起動しています".encode("euc-jp")
        fields = b"SFATAL\0C57P03\0M" + said + b"\0\0"
        with socket.create_server(("127.0.0.1", 0)) as server:

            def refuse() -> None:
                while True:
                    try:
                        client, _ = server.accept()
                    except OSError:  # closed at the end of the test
                        return
                    with client:
                        while question := client.recv(1024):
                            if int.from_bytes(question[4:8]) in SSL_OR_GSS:
                                client.sendall(b"N")
                                continue
                            client.sendall(b"E" + (len(fields) + 4).to_bytes(4) + fields)
                            break

            thread = threading.Thread(target=refuse, daemon=True)
            thread.start()
            yield server.getsockname()[1]
            server.shutdown(socket.SHUT_RDWR)
            thread.join()

    def connect_to(self, monkeypatch: pytest.MonkeyPatch, host: str, port: int) -> float:
        """Try to connect to a PostgreSQL there; return the seconds it took."""
        from django.db.backends.postgresql.base import DatabaseWrapper

        wrapper = DatabaseWrapper(
            {
                **connection.settings_dict,
                "ENGINE": "django.db.backends.postgresql",
                "HOST": host,
                "PORT": str(port),
                "USER": "app",
                "OPTIONS": {},
            },
            alias="elsewhere",
        )
        monkeypatch.setattr(database, "connections", {"default": wrapper})
        began = time.perf_counter()
        assert database.try_to_connect() is False
        assert wrapper.settings_dict["OPTIONS"] == {}
        return time.perf_counter() - began

    def test_because_nobody_listens_is_left_alone_at_once(
        self, monkeypatch: pytest.MonkeyPatch, refusing_port: int
    ) -> None:
        assert self.connect_to(monkeypatch, "127.0.0.1", refusing_port) < database.PROBE + 0.5

    def test_because_it_is_silent_costs_seconds_not_the_start(
        self, monkeypatch: pytest.MonkeyPatch, silent_port: int
    ) -> None:
        assert self.connect_to(monkeypatch, "127.0.0.1", silent_port) < database.PROBE * 2 + 1

    def test_because_it_refuses_in_another_encoding_does_not_raise(
        self, monkeypatch: pytest.MonkeyPatch, refusing_in_japanese_port: int
    ) -> None:
        self.connect_to(monkeypatch, "127.0.0.1", refusing_in_japanese_port)

    def test_because_its_name_is_unknown_does_not_raise(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.connect_to(monkeypatch, "database.invalid", 5432) < database.PROBE * 2 + 1


class TestASnapshot:
    @pytest.mark.django_db(transaction=True)
    def test_is_taken_without_connections(self) -> None:
        connection.ensure_connection()

        snapshot.before_snapshot()

        assert connection.connection is None

    def test_wakes_with_new_chance(self) -> None:
        import random

        random.seed(7)
        expected = random.Random(7).random()  # noqa: S311  the point is that it can be foreseen

        snapshot.after_restore()

        assert random.random() != expected  # noqa: S311

    def test_wakes_with_new_entropy_in_each_openssl(self) -> None:
        import ssl  # noqa: F401  loads Python's

        import psycopg2  # noqa: F401  brings its own

        assert snapshot.reseed_openssl() >= 2

    def test_hooks_are_registered_where_the_runtime_has_them(self) -> None:
        import snapshot_restore_py

        assert snapshot.register_hooks() is True
        assert (snapshot.before_snapshot, (), {}) in list(snapshot_restore_py.get_before_snapshot())

    def test_hooks_are_nobodys_business_elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import sys

        monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)

        assert snapshot.register_hooks() is False
