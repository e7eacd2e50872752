"""Fifty people for a minute in a rehearsal of the whole network, against one of them alone; any error is a failure."""

import statistics
import tempfile
from pathlib import Path

from bench.measure import Ratio
from deploy.artefact import build
from tests.deploy.rehearsal.standing import crowd, founded

PEOPLE, SECONDS = 50, 60


def run() -> list[Ratio]:
    """Stand a rehearsal up, and let them work."""
    build.artefact("x86_64")
    with founded() as rehearsal, tempfile.TemporaryDirectory() as folder:
        told = crowd(rehearsal, Path(folder), people=PEOPLE, seconds=SECONDS)
    if told["errors"]:
        raise RuntimeError(f"{len(told['errors'])} errors, the first: {told['errors'][0]}")
    alone, together = (statistics.quantiles(told[name], n=20)[-1] for name in ("alone", "together"))
    than = "p95 of one person alone"
    return [Ratio(bench="people", name=f"p95 of {PEOPLE} people at once", than=than, value=together / alone)]
