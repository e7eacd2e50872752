"""The image's tree run as the container would run it: its own user and command, a root that nothing can write to."""

import http.client
import json
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.artefact import build
from deploy.container import context, dockerfile
from deploy.failure import Failure
from deploy.rehearsal.container import Container

HOST = "ringi.corp.example.co.jp"
BODY = b'{"username": '
"""The beginning of what no sign-in understands: answered 400 without a database."""

Run = Callable[..., Container]


@pytest.fixture(scope="module")
def image(artefact: build.Artefact, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image") / "context"
    context.make(artefact, folder)
    for parent in folder.parents:
        if parent.is_relative_to(tempfile.gettempdir()) and parent != Path(tempfile.gettempdir()):
            parent.chmod(0o755)  # the image's user reads what pytest keeps to itself
    return folder


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def run(image: Path, log: Path) -> Iterator[Run]:
    started: list[Container] = []

    def run(**variables: str) -> Container:
        environment = {
            "CLOISTER_STAGE": "poc",
            "CLOISTER_SECRET_KEY": "k" * 50,
            "CLOISTER_ALLOWED_HOSTS": HOST,
            "CLOISTER_DATABASE_HOST": "/nowhere",
            "CLOISTER_DATABASE_USER": "app",
            "CLOISTER_DATABASE_PASSWORD": "asked by nobody",
            "CLOISTER_DATABASE_ROOT_CERTIFICATE": "/nowhere/ca.pem",
        }
        with log.open("wb") as output:
            started.append(Container(image, environment | variables, output=output))
        return started[-1]

    yield run
    for container in started:
        container.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answering(container: Container, port: int, log: Path) -> None:
    """Wait until it answers the load balancer's question."""
    while True:
        assert container.process.poll() is None, log.read_text()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/health", headers={"Host": "10.20.0.9", "User-Agent": "ELB-HealthChecker/2.0"})
            status = connection.getresponse().status
        except ConnectionError:
            continue
        finally:
            connection.close()
        assert status == 200
        return


class Caller:
    """A request whose headers have reached the application and whose body has not."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        head = (
            f"POST /api/session HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\nX-Forwarded-Proto: https\r\n\r\n"
        )
        self.socket.sendall(head.encode())
        assert self.socket.recv(100).startswith(b"HTTP/1.1 100")  # a thread is at it

    def finish(self) -> int:
        """Send the rest; answer the status, 0 where none came."""
        try:
            self.socket.sendall(BODY)
            response = http.client.HTTPResponse(self.socket)
            response.begin()
        except (ConnectionError, http.client.HTTPException):
            return 0
        else:
            return response.status
        finally:
            self.socket.close()


def in_flight(port: int, log: Path, run: Run) -> tuple[Container, list[Caller]]:
    container = run(CLOISTER_PORT=str(port))
    answering(container, port, log)
    return container, [Caller(port) for _ in range(4)]


def refuses(port: int) -> None:
    """Wait until nobody new is let in."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except ConnectionRefusedError:
            return


class TestRequestsInFlight:
    def test_are_all_answered_when_it_is_asked_to_end(self, run: Run, log: Path) -> None:
        port = free_port()
        container, callers = in_flight(port, log, run)

        container.terminate()
        refuses(port)

        assert [caller.finish() for caller in callers] == [400] * 4
        assert container.wait(60) == 0, log.read_text()
        assert '"errors"' not in log.read_text()  # of neither worker

    def test_are_lost_when_it_is_killed(self, run: Run, log: Path) -> None:
        container, callers = in_flight(free_port(), log, run)

        container.kill()

        assert [caller.finish() for caller in callers] == [0] * 4
        assert container.wait(60) == -signal.SIGKILL


class TestTheImage:
    def test_runs_an_event_and_ends_with_what_became_of_it(self, run: Run, log: Path) -> None:
        done = run(CLOISTER_EVENT='{"manage": "check"}')
        assert done.wait(60) == 0, log.read_text()
        assert "no issues" in json.loads(log.read_text().splitlines()[-1])["output"]

        refused = run(CLOISTER_EVENT='{"bootstrap": {"master": {"password": "hunter2"}}}')
        assert refused.wait(60) == 1
        assert "hunter2" not in log.read_text()

    @pytest.mark.parametrize("place", ["/var/task/x", "/etc/x", "/x"])
    def test_cannot_write_below_its_root(self, image: Path, log: Path, place: str) -> None:
        with log.open("wb") as output:
            container = Container(image, {}, command=("python", "-c", f"open({place!r}, 'w')"), output=output)
            status = container.wait(60)
            container.close()

        assert status == 1
        assert "Read-only file system" in log.read_text()

    def test_writes_to_shared_memory_as_a_user_who_is_nobody(self, image: Path, log: Path) -> None:
        script = "import os; open('/dev/shm/x', 'w'); print(os.getuid(), os.getgid(), os.getgroups())"
        with log.open("wb") as output:
            container = Container(image, {}, command=("python", "-c", script), output=output)
            status = container.wait(60)
            container.close()

        assert status == 0, log.read_text()
        if os.getuid() == 0:
            assert log.read_text().split() == ["10001", "10001", "[]"]

    def test_takes_a_companys_mirror_as_its_base(self, artefact: build.Artefact, tmp_path: Path) -> None:
        digest = context.make(artefact, tmp_path / "mirrored", base="registry.example.co.jp/python:3.13-slim")

        assert dockerfile.read(tmp_path / "mirrored" / "Dockerfile").base == "registry.example.co.jp/python:3.13-slim"
        assert len(digest) == 64


class TestADockerfile:
    def test_of_ours_is_read(self) -> None:
        found = dockerfile.read(context.DOCKERFILE)

        assert found.command == ("python", "/var/task")
        assert (found.user, found.group) == (10001, 10001)

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("RUN pip install gunicorn", ":6: RUN"),
            ("USER root", "write FROM, USER and CMD once each"),
            ("CMD python /var/task", "write FROM, USER and CMD once each"),
        ],
    )
    def test_with_more_is_refused(self, tmp_path: Path, line: str, problem: str) -> None:
        path = tmp_path / "Dockerfile"
        path.write_text(context.DOCKERFILE.read_text().partition("\n")[2] + line + "\n")

        with pytest.raises(Failure) as error:
            dockerfile.read(path)
        assert problem in str(error.value)

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("USER 10001:10001", "USER 0:0", "is root"),
            ("USER 10001:10001", "USER app", "is root"),
            ('CMD ["python", "/var/task"]', "CMD python /var/task", "as a JSON list"),
        ],
    )
    def test_with_root_or_a_shell_is_refused(self, tmp_path: Path, old: str, new: str, problem: str) -> None:
        path = tmp_path / "Dockerfile"
        path.write_text(context.DOCKERFILE.read_text().replace(old, new))

        with pytest.raises(Failure) as error:
            dockerfile.read(path)
        assert problem in str(error.value)
