"""The artefact as it is shipped, run by the real runtime client with nothing of the repository on its path."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import application
from deploy.rehearsal.events import (
    REST_HOST,
    Call,
    alb_event,
    answer_of,
    health_check_event,
    rest_event,
    scheduled_event,
)
from tests.deploy.conftest import OBEY_PERMISSIONS, Start

ROOT = Path(__file__).parent.parent.parent.parent
# What Python writes under PYTHONVERBOSE for a module that it had to compile.
COMPILED = re.compile(r"code object from '?([^'\n]+\.py)'?$", re.MULTILINE)


class TestTheShippedFunction:
    def test_answers_what_the_application_promises(self, start: Start) -> None:
        function = start()
        migrated = function.invoke({"manage": "migrate --noinput"})
        assert migrated.function_error is None, migrated.log

        for request in application.read()["acceptance"]:
            result = function.invoke(rest_event(Call(method=request["method"], path=request["path"])))
            answer = answer_of(result.payload)
            assert answer.status == request["status"], result.log
            kind = "application/problem+json" if request["status"] >= 400 else "application/json"
            assert answer.header("content-type") == [kind]

    def test_signs_in_and_shows_the_inbox(self, start: Start, variables: dict[str, str]) -> None:
        function = start()
        function.invoke({"manage": "migrate --noinput"})
        _hire(variables)
        body = json.dumps({"username": "tanaka", "password": "correct horse battery"}).encode()
        headers = (("Content-Type", "application/json"), ("Origin", "https://site.example"))

        session = answer_of(
            function.invoke(rest_event(Call(method="POST", path="/api/session", body=body, headers=headers))).payload
        )
        token = (("Authorization", f"Bearer {session.json()['token']}"), ("Origin", "https://site.example"))
        inbox = answer_of(function.invoke(rest_event(Call(path="/api/inbox", headers=token))).payload)

        assert session.status == 201
        assert inbox.status == 200
        assert inbox.json()["results"] == []
        assert inbox.header("access-control-allow-origin") == ["https://site.example"]

    def test_passes_djangos_own_check(self, start: Start) -> None:
        result = start().invoke({"manage": "check"})

        assert result.function_error is None, result.log
        assert "no issues" in result.payload["output"]

    def test_answers_behind_a_load_balancer(self, start: Start) -> None:
        function = start()
        call = Call(path="/api/me", headers=(("Host", REST_HOST),))

        assert answer_of(function.invoke(alb_event(call)).payload).status == 401
        assert answer_of(function.invoke(health_check_event()).payload).status < 500

    def test_logs_one_line_of_json_for_each_request_with_the_invocations_id(self, start: Start) -> None:
        function = start()
        logs = [function.invoke(rest_event(Call(path="/nowhere"))).log for _ in range(2)]

        for log, is_cold in zip(logs, (True, False), strict=True):
            (line,) = [json.loads(row) for row in log.splitlines() if row.startswith("{") and '"request"' in row]
            assert re.fullmatch(r"[0-9a-f-]{36}", line["invocation"])
            assert (line["route"], line["status"], line["cold_start"]) == ("(none)", 404, is_cold)
            assert "nowhere" not in log


class TestATimer:
    def test_runs_when_its_rule_says_so(self, start: Start, task_root: Path, tmp_path: Path) -> None:
        """In a copy whose application has a timer: which ones the shipped one has is not this test's matter."""
        copy = tmp_path / "task"
        shutil.copytree(task_root, copy)
        listed = copy / "project" / "application.py"
        for path in (listed.parent, listed, listed.parent / "__pycache__"):
            path.chmod(0o755)
        listed.write_text(listed.read_text() + '\nAPPLICATION.timers["wipe"] = "gc.collect"\n')
        (listed.parent / "__pycache__" / "application.cpython-313.pyc").unlink()
        function = start(task_root=copy)

        result = function.invoke(scheduled_event("cloister-poc-wipe"))
        other = function.invoke(scheduled_event("cloister-poc-drain"))

        assert result.payload == {"timer": "wipe"}, result.log
        assert "wipe. project/application.py" in other.payload["errorMessage"]


class TestAnEventThatIsNotServed:
    @pytest.mark.parametrize(
        "event",
        [
            {"raw_command": "print(open('/etc/passwd').read())"},
            {"manage": "shell"},
            scheduled_event("cloister-poc-zappa-keep-warm-handler.keep_warm_callback"),
            {"Records": []},
        ],
    )
    def test_fails_with_what_is(self, start: Start, event: object) -> None:
        result = start().invoke(event)

        assert result.function_error == "Unhandled"
        assert result.payload["errorType"] == "EventRefused"
        assert "migrate" in result.payload["errorMessage"]

    def test_leaves_the_function_running(self, start: Start) -> None:
        function = start()
        function.invoke({"raw_command": "1"})

        after = function.invoke(rest_event(Call(path="/api/me")))

        assert after.init_milliseconds is None
        assert answer_of(after.payload).status == 401


class TestAFailure:
    def test_of_the_database_is_a_503_and_not_an_ended_function(self, start: Start) -> None:
        function = start({"CLOISTER_DATABASE_HOST": "127.0.0.1", "CLOISTER_DATABASE_PORT": "1"})

        result = function.invoke(rest_event(Call(path="/api/me", headers=(("Authorization", "Bearer nobody"),))))

        answer = answer_of(result.payload)
        assert answer.status == 503
        assert answer.header("retry-after")
        assert answer.header("content-type") == ["application/problem+json"]
        assert b"127.0.0.1" not in answer.body
        assert result.init_milliseconds is not None
        assert result.init_milliseconds < 10_000

    def test_of_a_setting_stops_the_start_and_names_it(self, start: Start) -> None:
        result = start({"CLOISTER_SECRET_KEY": "short"}).invoke(rest_event(Call()))

        assert result.function_error == "Unhandled"
        assert "CLOISTER_SECRET_KEY" in result.payload["errorMessage"]

    def test_to_end_in_time_is_told_and_the_next_event_finds_a_new_process(self, start: Start) -> None:
        function = start(timeout=0.002)

        late = function.invoke({"manage": "migrate --noinput"})
        function.function = start().function
        after = function.invoke(rest_event(Call(path="/api/me")))

        assert late.payload["errorType"] == "Sandbox.Timedout"
        assert "timed out after" in late.payload["errorMessage"]
        assert after.init_milliseconds is not None


class TestASnapshot:
    def test_is_taken_and_woken_by_the_runtimes_own_hooks(self, start: Start) -> None:
        function = start(snap_start=True)

        result = function.invoke(rest_event(Call(path="/api/me")))

        assert function.environment is not None
        assert function.environment.restores == 1
        assert answer_of(result.payload).status == 401, result.log


class TestTheBytecode:
    def test_is_never_compiled_again(self, start: Start, task_root: Path) -> None:
        """The proof: a tree that cannot be written to, and Python's own word on where each module came from."""
        function = start({"PYTHONVERBOSE": "1"}, prefix=OBEY_PERMISSIONS)

        result = function.invoke(rest_event(Call(path="/api/me")))

        assert answer_of(result.payload).status == 401
        assert "PYTHONDONTWRITEBYTECODE" not in function.function.environment
        assert f"code object from '{task_root}/project/__pycache__/lambda_handler.cpython-313.pyc'" in result.log
        assert [name for name in COMPILED.findall(result.log) if name.startswith(str(task_root))] == []

    def test_would_be_seen_to_be_compiled(self, start: Start, task_root: Path, tmp_path: Path) -> None:
        """The control: the same run tells of the one module whose bytecode was taken away, and cannot write it."""
        copy = tmp_path / "task"
        shutil.copytree(task_root, copy)
        folder = copy / "project" / "__pycache__"
        folder.chmod(0o755)
        (folder / "application.cpython-313.pyc").unlink()
        folder.chmod(0o555)

        result = start({"PYTHONVERBOSE": "1"}, task_root=copy, prefix=OBEY_PERMISSIONS).invoke(rest_event(Call()))

        assert [name for name in COMPILED.findall(result.log) if name.startswith(str(copy))] == [
            f"{copy}/project/application.py"
        ]
        assert not (folder / "application.cpython-313.pyc").exists()


def _hire(variables: dict[str, str]) -> None:
    """Put one person into the stage's database, from the repository."""
    script = (
        "from api.organization.models import Person; "
        "Person.objects.create_user('tanaka', 'correct horse battery', employee_number='1', "
        "family_name='田中', given_name='一郎')"
    )
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "shell", "-c", script],
        check=True,
        cwd=ROOT,
        env=variables,
        capture_output=True,
    )
