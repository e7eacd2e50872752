"""`python -m deploy` as a command: what every verb shares."""

import os
import subprocess
import sys

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
