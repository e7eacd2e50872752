"""What the application's code calls has a way in."""

from dataclasses import replace
from pathlib import Path

from deploy.closedness import subject
from deploy.closedness.code import Call, calls
from deploy.closedness.judgement import judge
from tests.deploy.closedness.mutations import MUTATIONS

STAGE = MUTATIONS[0].stage


def test_the_application_calls_s3_and_is_seen_to(tmp_path: Path) -> None:
    assert "s3" in {call.service for call in calls()}

    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "letters.py").write_text('\n\nsigner = Signer(service="sqs")\n', encoding="utf-8")
    assert calls(tmp_path) == (Call("sqs", "api/letters.py", 3),)


def test_a_call_without_an_endpoint_is_found_at_its_line() -> None:
    world = subject.of_stage(STAGE)
    (finding,) = judge(replace(world, calls=(*world.calls, Call("sqs", "api/letters.py", 3)))).findings

    assert (finding.rule.id, finding.place) == ("missing-endpoint", "api/letters.py:3")


def test_signing_in_to_the_database_calls_nobody() -> None:
    world = subject.of_stage(STAGE)

    assert judge(replace(world, calls=(Call("rds-db", "api/database.py", 1),))).findings == ()
