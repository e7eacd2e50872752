"""The guide to deployment, typed line by line into a clone by somebody who answers every question by yes."""

import datetime as dt
import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.deploy.surroundings import client
from tests.deploy.up import shown
from tests.deploy.up.rig import STAGE, Clone

LINES = shown.to_run(shown.GUIDE)
REFUTED = 1
"""What `verify` answers here: no name of AWS's leads to the stage on this machine."""
ENDS_WITH = {"python -m deploy verify trial": REFUTED, "python check.py": REFUTED}
"""Line -> its exit status, where it is not 0."""
SAYS = {
    "init": 'has the stage "trial" now',
    "request": "execute-api",
    "up": "The page: https://",
    "admin": "#/",
    "status": "release",
    "rollback": "serves again",
    "rotate": "Nobody was signed out",
    "restore-check": "A restore of trial works",
    "restore": "The database of before is kept as",
}
"""Verb -> what it says when it has done its work: a question answered by no ends with 0 as well."""


def edited(clone: Clone) -> None:
    """Fill in the stage file, as section 2 asks."""
    path = clone.folder / "deploy" / "stages" / "trial.toml"
    assert "[corporate]" in path.read_text(encoding="utf-8")
    path.write_text(STAGE, encoding="utf-8")


def remove_the_database_of_before() -> None:
    """Do by AWS's API what `down` asks for after a restore by its command line."""
    rds = client("rds")
    names = [found["DBInstanceIdentifier"] for found in rds.describe_db_instances()["DBInstances"]]
    (old,) = (name for name in names if name.startswith("cloister-trial-before-"))
    rds.modify_db_instance(DBInstanceIdentifier=old, DeletionProtection=False, ApplyImmediately=True)
    rds.delete_db_instance(DBInstanceIdentifier=old, FinalDBSnapshotIdentifier=old)


class Typed:
    """What has been typed so far."""

    def __init__(self) -> None:
        self.ups = 0
        self.moment = ""


@pytest.fixture(scope="module")
def typed() -> Typed:
    return Typed()


@pytest.mark.parametrize("line", LINES)
def test_each_line_does_what_it_shows(clone: Clone, typed: Typed, line: str) -> None:
    words = shlex.split(line)
    if line == "python -m deploy up trial":
        typed.ups += 1
        if typed.ups == 2:
            clone.change_everything()  # "a new release"
    if words[3:4] == ["restore-check"]:
        typed.moment = dt.datetime.now(dt.UTC).isoformat()
    if words[3:4] == ["restore"]:
        words = [re.sub(r"^\d{4}-\d\d-\d\dT.*", typed.moment, word) for word in words]  # a moment that it has seen

    if words[3:4] == ["down"]:
        assert clone.type([f"{sys.prefix}/bin/{words[0]}", *words[1:]]) == 1
        assert "aws rds delete-db-instance --db-instance-identifier cloister-trial-before-" in clone.said
        remove_the_database_of_before()

    status = clone.type([f"{sys.prefix}/bin/{words[0]}", *words[1:]])

    assert status == ENDS_WITH.get(line, 0), clone.said
    if "--plan" not in words:
        assert SAYS.get(words[3] if words[1] == "-m" else "", "") in clone.said
    if line == "python -m deploy init trial":
        edited(clone)


def test_what_is_for_the_shell_is_understood_by_it(clone: Clone) -> None:
    (clone.folder / ".venv").symlink_to(sys.prefix)
    lines = [line for line in shown.lines(shown.GUIDE) if shown.is_for_the_shell(line)]
    assert lines[0].startswith("export HTTPS_PROXY=")
    assert clone.run(["bash", "-euc", "\n".join([*lines, "python -c 'import deploy'", "env"])]) == 0, clone.said
    for line in lines:
        for name, value in re.findall(r"(\w+)=(\S+)", line):
            assert f"{name}={value}" in clone.said.splitlines()


def test_both_languages_show_the_same_lines() -> None:
    assert shown.lines(shown.GUIDE.with_suffix(".ja.md")) == shown.lines(shown.GUIDE)


def test_nothing_is_left_out_that_the_guide_does_not_show() -> None:
    for beginning, reason in shown.LEFT_OUT.items():
        assert reason
        assert any(line.startswith(beginning) for line in shown.lines(shown.GUIDE)), beginning


def test_a_new_line_of_the_guide_would_be_typed_too(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    text = shown.GUIDE.read_text(encoding="utf-8")
    page.write_text(f"{text}\n    python -m deploy levitate trial  # up\n\nor `zappa rise trial`.\n", encoding="utf-8")
    assert set(shown.to_run(page)) - set(LINES) == {"python -m deploy levitate trial", "zappa rise trial"}
