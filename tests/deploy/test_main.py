"""`python -m deploy` as a command: what every verb shares."""

import os
import subprocess
import sys

import pytest

from deploy.__main__ import parser
from deploy.verbs import ALONE, VERBS
from tests.deploy.paths import ROOT


def test_a_reader_that_closes_early_ends_the_command_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [sys.executable, "-m", "deploy", "request", "poc"],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )

    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("verb", ALONE)
def test_a_verb_registered_by_itself_is_the_one_that_is_registered_among_all(verb: str) -> None:
    assert ALONE[verb] in VERBS
    assert vars(parser(verb).parse_args([verb])) == vars(parser().parse_args([verb]))
