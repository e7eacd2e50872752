"""Single parts of the way up and back, where the whole way does not lead past."""

import argparse
import datetime as dt
import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy import logs
from deploy.artefact.build import Artefact
from deploy.aws import Account
from deploy.failure import Failure
from deploy.problems import StageError
from deploy.rehearsal.cloud import local_cloud
from deploy.release import Release, Releases
from deploy.rollback import choose
from deploy.stage import Stage
from deploy.stage_file import parse
from deploy.up import bootstrap, door, migrate, prove, tasks, web
from deploy.up.deployment import Deployment
from tests.deploy import cloud
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import REGION, client

SMALL, NEXT, LATEST = {"people": "0001"}, {"people": "0002"}, {"people": "0003"}
BUCKET = "cloister-poc-artefacts-123456789012"
BUILT = Artefact(
    archive=Path("a.zip"), architecture="x86_64", sha256="a" * 64, zipped=1, unzipped=1, modules=1, trimmed={}
)


@pytest.fixture
def aws() -> Iterator[None]:
    with local_cloud():
        yield


def stage(text: str = "") -> Stage:
    return parse(text, name="poc", path=STAGE_FILE)


def release(number: int, schema: dict[str, str], *, code: str = "", back_to: int = 0) -> Release:
    return Release(
        number=number,
        time="2026-11-22T09:00:00+00:00",
        commit="",
        artefact={"key": f"{code or number}.zip", "sha256": "0" * 64},
        site=str(code or number),
        schema=schema,
        settings={},
        stage="",
        versions={},
        back_to=back_to,
    )


class TestTheReleaseToGoBackTo:
    def test_is_the_one_before(self) -> None:
        releases = [release(1, SMALL), release(2, SMALL), release(3, NEXT)]

        assert [one.number for one in choose(releases, 0, "poc")] == [2, 3]

    def test_is_the_one_before_that_where_it_was_gone_back_already(self) -> None:
        releases = [release(1, SMALL), release(2, SMALL), release(3, NEXT), release(4, NEXT, code="2", back_to=2)]

        assert choose(releases, 0, "poc")[0].number == 1

    def test_may_be_named_across_one_change_of_the_tables(self) -> None:
        releases = [release(1, SMALL), release(2, NEXT), release(3, NEXT)]

        assert choose(releases, 1, "poc")[0].number == 1

    def test_is_refused_across_two_and_those_that_may_be_are_named(self) -> None:
        releases = [release(1, SMALL), release(2, NEXT), release(3, LATEST)]

        with pytest.raises(Failure, match=r"Release 1 is 2 changes .* one of 2, or restore the database"):
            choose(releases, 1, "poc")

    def test_that_never_was_is_told_with_those_that_were(self) -> None:
        with pytest.raises(Failure, match=r"no release 9; it has 1, 2"):
            choose([release(1, SMALL), release(2, SMALL)], 9, "poc")


class Forgetful(http.server.BaseHTTPRequestHandler):
    """A function whose first answer never arrives."""

    asked: list[object]

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(event)
        self.close_connection = True
        if len(self.asked) > 1:
            listing = "people\n [X] 0001_initial\n [X] 0002_more (2 squashed migrations)\n [ ] 0003_later\nempty\n"
            body = json.dumps({"output": listing if "show" in str(event) else "No migrations to apply."}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of single requests."""


@pytest.mark.usefixtures("aws")
class TestAMigrationWhoseAnswerIsLost:
    def test_is_asked_for_again_and_what_the_tables_are_is_noted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        Forgetful.asked, said = [], list[str]()
        with http.server.HTTPServer(("127.0.0.1", 0), Forgetful) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{server.server_port}")
            known, account = stage(), Account(stage())
            outputs = {"DatabaseResourceId": "db-1", "ArtefactsBucketName": BUCKET}
            up = Deployment(known, account, "en", said.append, cloud.stacks(known), lambda _: None, outputs)

            assert migrate.run(up, BUILT) is True
            assert migrate.run(up, BUILT) is False
            server.shutdown()

        asked = [{"manage": "migrate --noinput"}] * 2 + [
            {"manage": "publish_proposal_types"},
            {"manage": "showmigrations"},
        ]
        assert Forgetful.asked == asked
        assert any("The answer was lost" in line for line in said)
        assert migrate.known(up) == {"people": "0002_more"}


class Failing(Forgetful):
    """A function whose migration cannot be done."""

    def do_POST(self) -> None:
        body = json.dumps({"errorMessage": "canceling statement due to lock timeout"}).encode()
        self.send_response(200)
        self.send_header("X-Amz-Function-Error", "Unhandled")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("released", [True, False])
def test_a_migration_that_fails_names_what_runs_now_and_the_ways_on(
    monkeypatch: pytest.MonkeyPatch, *, released: bool
) -> None:
    client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    if released:
        Releases(client("s3"), BUCKET).write(release(7, SMALL))
    with http.server.HTTPServer(("127.0.0.1", 0), Failing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{server.server_port}")
        known, outputs = stage(), {"DatabaseResourceId": "db-1", "ArtefactsBucketName": BUCKET}
        up = Deployment(known, Account(known), "en", print, cloud.stacks(known), lambda _: None, outputs)

        with pytest.raises(Failure) as error:
            migrate.run(up, BUILT)
        server.shutdown()

    assert "canceling statement due to lock timeout" in str(error.value)
    assert "whatever migrates has this one already" in str(error.value)
    assert ("python -m deploy rollback poc --to 7" in str(error.value)) is released
    assert up.journal.read("migrate") == {}


@pytest.mark.usefixtures("aws")
class TestAStepBeforeItsTime:
    @pytest.mark.parametrize(
        ("step", "says"),
        [
            (
                bootstrap.run,
                r"cloister-poc-tasks of poc does not stand yet\. First: python -m deploy up",
            ),
            (lambda up: web.run(up, BUILT), r"cloister-poc-tasks of poc does not stand yet"),
            (lambda up: migrate.run(up, BUILT), r"cloister-poc-data of poc does not stand yet"),
            (lambda up: tasks.run(up, BUILT), r"does not stand yet"),
            (door.run, r"The API cloister-poc does not exist yet"),
        ],
    )
    def test_names_what_comes_first(self, step: Callable[[Deployment], object], says: str) -> None:
        known = stage()
        up = Deployment(known, Account(known), "en", print, cloud.stacks(known), lambda _: None)

        with pytest.raises(Failure, match=says):
            step(up)


@pytest.mark.usefixtures("aws")
class TestLogs:
    SINCE = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)

    def test_are_told_with_their_time_and_followed(self) -> None:
        written = client("logs")
        group = "/aws/lambda/cloister-poc-tasks"
        written.create_log_group(logGroupName=group)
        written.create_log_stream(logGroupName=group, logStreamName="a")
        now = dt.datetime.now(dt.UTC)

        def write(message: str) -> None:
            event = {"timestamp": int(now.timestamp() * 1000), "message": message}
            written.put_log_events(logGroupName=group, logStreamName="a", logEvents=[event])

        write("first\n")
        since = now - dt.timedelta(minutes=1)
        log = logs.Log(stage(), Account(stage()), "tasks", since)

        assert list(log.news()) == [f"{now:%Y-%m-%d %H:%M:%S} first"]
        write("second")
        assert list(log.news()) == [f"{now:%Y-%m-%d %H:%M:%S} second"]

    def test_of_a_function_that_never_ran_say_so(self) -> None:
        (line,) = logs.Log(stage(), Account(stage()), "web", self.SINCE).news()

        assert line.endswith("/aws/lambda/cloister-poc does not exist yet: nothing that writes into it has run.")

    def test_that_say_nothing_are_told_of(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("CLOISTER_LANGUAGE", "en")
        client("logs").create_log_group(logGroupName="/aws/lambda/cloister-poc")

        asked = argparse.Namespace(stage="poc", function="web", since=15, follow=False)
        assert logs.run(asked) == 0
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith("Nothing was written into /aws/lambda/cloister-poc since 20")


class TestWhereThisHostStands:
    def test_is_inside_where_a_private_address_answers(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            assert prove.hindrance("127.0.0.1", port) == ""

        assert "refused" in prove.hindrance("127.0.0.1", port)

    def test_is_outside_where_the_name_leads_to_a_public_address(self) -> None:
        assert prove.hindrance("1.1.1.1") == "1.1.1.1 = 1.1.1.1"


class TestMail:
    RELAY = '[mail]\nhost = "mail.corp.example.co.jp"\n'
    SENDER = 'sender = "ringi@corp.example.co.jp"\n'
    WAY = '[destinations.mail]\naddresses = ["10.1.3.1"]\nports = [587]\n'

    def test_with_a_sender_and_a_way_is_right(self) -> None:
        assert stage(self.RELAY + self.SENDER + self.WAY).text("mail.host") == "mail.corp.example.co.jp"

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (RELAY + WAY, "Write mail.sender"),
            (RELAY + SENDER, "No destination lets the tasks function reach port 587"),
            (RELAY + SENDER + WAY.replace("587", "25"), "reach port 587"),
        ],
    )
    def test_without_one_of_them_is_refused_with_what_is_missing(self, text: str, says: str) -> None:
        with pytest.raises(StageError, match=says):
            stage(text)
