"""Lines of a run: on a screen in the reader's language, or as JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from deploy.verify.runner.doors import Check, ask_one, look_at_certificate, look_up_name
from deploy.verify.runner.journey import travel
from deploy.verify.runner.network import proxies
from deploy.verify.runner.session import AT_ONCE, PROVED, REFUTED, UNPROVED, Outcome, Session
from deploy.verify.runner.site import look_at_files, look_at_policy
from deploy.verify.runner.walls import be_closed, be_open, be_refused

PROBES: Mapping[str, Callable[[Check, Session], Outcome]] = {
    "name": look_up_name,
    "certificate": look_at_certificate,
    "request": ask_one,
    "files": look_at_files,
    "policy": look_at_policy,
    "journey": travel,
    "refused": be_refused,
    "closed": be_closed,
    "open": be_open,
}
"""Kind of a check -> what looks."""
ALL_PROVED, ONE_REFUTED, NOT_RUN = 0, 1, 2


@dataclass(frozen=True)
class Line:
    """One check and what came of it."""

    check: Check
    vantage: str
    outcome: Outcome

    def say(self, words: Mapping[str, Any], language: str) -> str:
        """Give it as one line and what was found as another."""
        verdict, found = words[self.outcome.verdict][language], self.found(words, language)
        claim = f" {words['claim'][language]}" if self.check["claim"] else ""
        head = f"{verdict}  {self.check['id']}: {self.check['proves'][language]}{claim}"
        return f"{head}\n        {words[self.vantage][language]}: {found}"

    def found(self, words: Mapping[str, Any], language: str) -> str:
        """Give what was found as a sentence."""
        said: str = words[self.outcome.said][language]
        return said.format(**self.outcome.values)

    def document(self, words: Mapping[str, Any], language: str) -> dict[str, Any]:
        """Give it as JSON holds it."""
        return {
            "id": self.check["id"],
            "proves": self.check["proves"][language],
            "from": self.vantage,
            "verdict": self.outcome.verdict,
            "elsewhere": self.outcome.elsewhere,
            "claim": self.check["claim"],
            "detail": self.found(words, language),
        }


def look(session: Session) -> Iterator[Line]:
    """Make every check that this vantage can make; each of the others is listed with the vantages that can."""

    def look_at(check: Check) -> Line:
        if session.vantage in check["from"]:
            return Line(check, session.vantage, PROBES[check["kind"]](check, session))
        values = {"where": " / ".join(f"--from {vantage}" for vantage in check["from"])}
        return Line(check, session.vantage, Outcome(UNPROVED, "other_vantage", values, elsewhere=True))

    # Side by side: what a firewall drops without a word is told only by the time that passes.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = [(check, pool.submit(look_at, check)) for check in session.document["checks"]]
        try:
            for check, line in begun:
                yield _broken(check, session, line.exception()) or line.result()
        finally:
            for _, line in begun:
                line.cancel()


def _broken(check: Check, session: Session, error: BaseException | None) -> Line | None:
    """Give the line of a check that could not be looked at, whatever the reason: it must not hide the others."""
    if error is None:
        return None
    return Line(check, session.vantage, Outcome(UNPROVED, "broke", {"reason": f"{type(error).__name__}: {error}"}))


def status(lines: list[Line]) -> int:
    """Return the exit code: 1 where something is refuted, 2 where something that belongs here could not be proved."""
    verdicts = {line.outcome.verdict for line in lines if not line.outcome.elsewhere}
    return ONE_REFUTED if REFUTED in verdicts else NOT_RUN if UNPROVED in verdicts else ALL_PROVED


def notes(session: Session, language: str) -> list[str]:
    """Say what the reader must know of this host and this document."""
    words, document = session.document["words"], session.document
    host = document["site"]["host"]
    here = f"{platform.node()} {session.network.own_address(host)}".strip()
    told = [words["heading"][language].format(stage=document["stage"], made=document["made"], here=here)]
    if found := proxies():
        told.append(words["proxy"][language].format(names=", ".join(found)))
    known = json.dumps(document).lower()
    told += [
        words["unused_address"][language].format(host=given)
        for given in session.network.given
        if given not in known and not any(each in given for each in session.foreign)
    ]
    return told


def summary(lines: list[Line], words: Mapping[str, Any], language: str) -> str:
    """Say how many lines there are of each verdict."""
    counts = {
        verdict: sum(line.outcome.verdict == verdict for line in lines) for verdict in (PROVED, REFUTED, UNPROVED)
    }
    text: str = words["summary"][language]
    return text.format(proved=counts[PROVED], refuted=counts[REFUTED], unproved=counts[UNPROVED])


def as_json(lines: list[Line], session: Session, language: str) -> str:
    """Give everything as one JSON document."""
    words = session.document["words"]
    told = {
        "stage": session.document["stage"],
        "made": session.document["made"],
        "release": session.document["release"],
        "from": session.vantage,
        "exit": status(lines),
        "notes": notes(session, language),
        "lines": [line.document(words, language) for line in lines],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)
