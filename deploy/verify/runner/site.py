"""Every file of the page, as the bucket sends it, held against the record of the release."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deploy.verify.runner.doors import Check
from deploy.verify.runner.network import Answer, Unreached
from deploy.verify.runner.session import AT_ONCE, PROVED, REFUTED, UNPROVED, Outcome, Session

NAMED = 3
"""Files named in a line at most."""
HEADERS = {"type": "content-type", "encoding": "content-encoding", "caching": "cache-control"}
"""Aspect of a file in the record -> the header that carries it; `bytes` is the body's digest."""


_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def look_at_files(check: Check, session: Session) -> Outcome:
    """Say whether one aspect of every file is as recorded; a file that did not come is told of under `bytes`."""
    fetched: Mapping[str, Answer | Unreached] = session.once("files", _fetch)
    recorded = session.document["site"]["files"]
    if not recorded:
        return Outcome(UNPROVED, "no_record")
    wrong = []
    came = 0
    for key, wanted in recorded.items():
        answer = fetched[key]
        if isinstance(answer, Unreached) or answer.status != 200:
            if check["aspect"] == "bytes":
                wrong.append(f"{key}: {answer.reason if isinstance(answer, Unreached) else answer.status}")
            continue
        came += 1
        if check["aspect"] == "bytes":
            if hashlib.sha256(answer.body).hexdigest() != wanted["sha256"]:
                wrong.append(f"{key}: {len(answer.body)} != {wanted['bytes']} bytes, or other ones")
        else:
            found = answer.headers.get(HEADERS[check["aspect"]], "")
            if found != wanted[check["aspect"]]:
                wrong.append(f"{key}: {found or '-'} != {wanted[check['aspect']] or '-'}")
    if wrong:
        more = f" ... +{len(wrong) - NAMED}" if len(wrong) > NAMED else ""
        return Outcome(REFUTED, "files_differ", {"count": len(wrong), "which": "; ".join(wrong[:NAMED]) + more})
    if not came:
        return Outcome(UNPROVED, "no_file_came")
    if came < len(recorded):
        return Outcome(UNPROVED, "not_every_file_came", {"came": came, "count": len(recorded)})
    return Outcome(PROVED, "files_as_recorded", {"count": came})


def look_at_policy(check: Check, session: Session) -> Outcome:
    """Say whether the page lets itself talk to the API and the files' bucket, and to nobody else.

    Nothing here can open brotli: a page that is byte for byte the recorded one has the policy that was recorded of it.
    """
    fetched: Mapping[str, Answer | Unreached] = session.once("files", _fetch)
    answer = fetched.get(check["page"])
    if not isinstance(answer, Answer) or answer.status != 200:
        return Outcome(UNPROVED, "no_file_came")
    policy = _policy(answer, check, session.document["site"]["files"][check["page"]])
    if policy is None:
        return Outcome(UNPROVED, "page_not_readable")
    directives = {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}
    found = directives.get("connect-src", directives.get("default-src", ["*"]))
    values = {"found": " ".join(found), "wanted": " ".join(check["connect"])}
    right = sorted(found) == sorted(check["connect"])
    return Outcome(PROVED, "policy", values) if right else Outcome(REFUTED, "other_policy", values)


def _policy(answer: Answer, check: Check, recorded: Check) -> str | None:
    encoding = answer.headers.get("content-encoding", "")
    if check.get("recorded") is not None and hashlib.sha256(answer.body).hexdigest() == recorded["sha256"]:
        return str(check["recorded"])
    try:
        body = gzip.decompress(answer.body) if encoding == "gzip" else answer.body
        text = body.decode() if encoding in ("", "gzip") else ""
    except (OSError, EOFError, ValueError):
        return None
    found = _POLICY.search(text)
    return found.group(1) if found else ("" if text else None)


def _fetch(session: Session) -> dict[str, Any]:
    """Return what the page's bucket answers for each file of the release."""
    site = session.document["site"]

    def fetch(key: str) -> Answer | Unreached:
        try:
            return session.network.ask("GET", site["base"] + key)
        except Unreached as unreached:
            return unreached

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(site["files"], pool.map(fetch, site["files"])))
