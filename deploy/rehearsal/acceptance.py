"""`verify` carried out from every side of the rehearsal: the same checks, from the same document, on four hosts."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.failure import Failure
from deploy.rehearsal.doors import BEACON
from deploy.rehearsal.namespaces import HOME, prefix
from deploy.rehearsal.plan import Plan
from deploy.verify.runner.command import PASSWORD, USER
from deploy.words import Language, Words

VANTAGES: Mapping[str, str] = {"corporate": "corporate", "app": "web-1", "db": "db-2", "outside": "outside"}
"""Where a check looks from -> the host of the rehearsal that stands there."""
TIMEOUT = 2.0
"""Seconds for a connection: what is dropped here answers never, and what is not answers within milliseconds."""
COLD, WARM = 8.0, 4.0
"""Seconds for an answer: where another environment may have to start for it, and where it only has to be told."""
OPEN_OUTSIDE = "www.example.com:443"

VERDICTS: Mapping[str, Words] = {
    "proved": Words("proved", "確認"),
    "refuted": Words("REFUTED", "否定"),
    "not proved": Words("not proved", "未確認"),
}
COUNT = Words(
    "{proved} proved, {refuted} refuted, {unproved} not proved.", "確認 {proved}、否定 {refuted}、未確認 {unproved}。"
)
BROKEN = Words("{vantage}: the checks could not be run: {error}", "{vantage}: 確認を実行できませんでした: {error}")


@dataclass(frozen=True)
class Line:
    """One check from one side: its id, the sentence, and what came of it."""

    vantage: str
    id: str
    proves: str
    verdict: str
    detail: str

    def say(self, language: Language) -> str:
        """Give it as a line to read."""
        verdict = VERDICTS.get(self.verdict, Words(self.verdict, self.verdict)).plain(language)
        return f"{verdict:<10} {self.vantage:<9} {self.id}: {self.proves}\n{'':21}{self.detail}"


class Acceptance:
    """The checks of one deployed stage; `document` is what `verify` would carry out there."""

    def __init__(self, document: Mapping[str, Any], plan: Plan, ca: Path, foreign: Sequence[str]) -> None:
        self.document, self.plan, self.ca, self.foreign = document, plan, ca, foreign

    def run(
        self,
        language: Language,
        *,
        vantages: Iterable[str] = VANTAGES,
        credentials: tuple[str, str] | None = None,
        patience: float = COLD,
        silence: float = TIMEOUT,
        tell: Callable[[Line], None] = lambda _line: None,
    ) -> list[Line]:
        """Look from these sides at once, and give every line that belongs to one of them, in order.

        `patience`: seconds for what the company asks of functions; `silence`: for what the other sides ask, mostly
        of what is to be dropped.
        """
        file = HOME / "verify.py"
        self._write(file)
        found: list[Line] = []
        with ThreadPoolExecutor() as threads:
            runs = [
                threads.submit(
                    self._look, file, vantage, language, credentials, patience if vantage == "corporate" else silence
                )
                for vantage in vantages
            ]
            for run in runs:
                for line in run.result():
                    tell(line)
                    found.append(line)
        return found

    def _write(self, file: Path) -> None:
        from deploy.verify.written import text

        file.write_text(text(dict(self.document), file), encoding="utf-8")

    def _look(
        self, file: Path, vantage: str, language: Language, credentials: tuple[str, str] | None, timeout: float
    ) -> list[Line]:
        words = [sys.executable, "-I", str(file), "--from", vantage, "--ca", str(self.ca), "--json",
                 "--timeout", str(timeout), "--language", language]  # fmt: skip
        for host in self.foreign:
            words += ["--foreign-endpoint", host]
        if control := self._control(vantage):
            words += ["--control", control]
        if credentials is None or vantage != "corporate":
            words.append("--no-sign-in")
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
        if credentials:
            environment |= {USER: credentials[0], PASSWORD: credentials[1]}
        done = subprocess.run(
            [*prefix(VANTAGES[vantage]), *words], env=environment, capture_output=True, text=True, check=False
        )
        try:
            told = json.loads(done.stdout)
        except ValueError:
            raise Failure(BROKEN.say(language, vantage=vantage, error=done.stderr.strip()[-500:])) from None
        return [
            Line(vantage, line["id"], line["proves"], line["verdict"], line["detail"])
            for line in told["lines"]
            if not line["elsewhere"]
        ]

    def _control(self, vantage: str) -> str:
        """Name something that is open from a side, so that what is closed there means something."""
        if vantage == "outside":
            return OPEN_OUTSIDE
        if vantage == "db":
            return f"{self.plan.host(VANTAGES['db']).address}:{BEACON}"
        return ""


def count(lines: Sequence[Line], language: Language) -> str:
    """Say how many lines there are of each verdict."""
    many = {verdict: sum(line.verdict == verdict for line in lines) for verdict in VERDICTS}
    return COUNT.say(language, proved=many["proved"], refuted=many["refuted"], unproved=many["not proved"])
