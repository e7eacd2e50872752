"""How long what we build on is still supported, from a dated table."""

import datetime as dt
import importlib.metadata
import tomllib
from collections.abc import Iterator
from pathlib import Path

from deploy.doctor.finding import Finding, Verdict
from deploy.words import Words

TABLE = Path(__file__).with_name("versions.toml")
SOON = dt.timedelta(days=270)
ZAPPA = "0.63.0"


def findings(today: dt.date) -> Iterator[Finding]:
    """Look at Zappa's version and at every end date."""
    yield zappa(importlib.metadata.version("zappa"))
    yield from ends(today)


def zappa(installed: str) -> Finding:
    """Our callbacks touch Zappa's internals, so that its version is exact."""
    subject = Words("Zappa", "Zappa")
    if installed == ZAPPA:
        return Finding.good(subject, installed)
    return Finding(
        verdict="bad",
        subject=subject,
        found=Words(f"{installed}, but the callbacks are written for {ZAPPA}", f"{installed}（対応は {ZAPPA}）"),
        remedy=Words(
            "pip install -r requirements-deploy.txt", "pip install -r requirements-deploy.txt を実行してください。"
        ),
    )


def ends(today: dt.date) -> Iterator[Finding]:
    """Name what is past its end, or soon will be."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    read = table.pop("read")
    for entry in table.values():
        left = entry["ends"] - today
        subject = Words(entry["name"], entry["name"])
        until = f"{entry['ends']:%Y-%m-%d} ({entry['source']}, {read:%Y-%m-%d})"
        found = Words(f"supported until {until}", f"サポート期限 {until}")
        verdict: Verdict = "bad" if left < dt.timedelta() else "look" if left < SOON else "good"
        remedy = None if verdict == "good" else Words(entry["remedy_en"], entry["remedy_ja"])
        yield Finding(verdict=verdict, subject=subject, found=found, remedy=remedy)
