"""What must be refused from here, each beside something that is not: a probe that never succeeds proves nothing."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from deploy.verify.runner.doors import Check
from deploy.verify.runner.network import Unreached
from deploy.verify.runner.session import PROVED, REFUTED, UNPROVED, Outcome, Session

_ENDPOINT = re.compile(r"vpce-[0-9a-z]+")


def be_refused(check: Check, session: Session) -> Outcome:
    """Say whether a request is refused, by whatever stands in the way; the same through our own door must succeed."""
    if "{foreign}" not in check["request"]["url"]:
        return _be_refused(check["request"], check, session, foreign=False)
    hosts = [host for host in session.foreign if f".{check['service']}." in host]
    if not hosts:
        return Outcome(UNPROVED, "no_foreign", {"service": check["service"]}, elsewhere=True)
    ours = {name for control in check["control"].values() for name in _ENDPOINT.findall(str(control))}
    for host in hosts:
        if ours.intersection(_ENDPOINT.findall(host)):
            return Outcome(UNPROVED, "own_endpoint", {"host": host})
        request = {**check["request"], "url": check["request"]["url"].replace("{foreign}", host)}
        outcome = _be_refused(request, check, session, foreign=True)
        if outcome.verdict != PROVED:
            return outcome
    return outcome


def _be_refused(request: Check, check: Check, session: Session, *, foreign: bool) -> Outcome:
    missing = _control(check, session)
    if missing is not None:
        return missing
    url = request["url"]
    values: dict[str, Any] = {"method": request["method"], "url": url}
    body = request.get("body", "").encode()
    try:
        status = session.network.ask(request["method"], url, request.get("headers"), body).status
    except Unreached as unreached:
        values["reason"] = unreached.reason
        status = unreached.status
        # Where nobody asked the other endpoint anything, its name may be mistyped.
        if not status and (not unreached.barred or (foreign and unreached.step in ("name", "connect"))):
            return Outcome(UNPROVED, "not_asked", values)
        if not status:
            return Outcome(PROVED, "no_such_name" if unreached.step == "name" else "no_connection", values)
    values["status"] = status
    if status in check["refusals"]:
        return Outcome(PROVED, "refused", values)
    # A redirection lets nobody in by itself. 401: the application answered.
    if status < 300 or status in (304, 401):
        if "undo" in check:
            values["undone"] = _undo(check["undo"], session)
        return Outcome(REFUTED, "let_in_and_undone" if "undo" in check else "let_in", values)
    return Outcome(UNPROVED, "strange_answer", values)


def be_closed(check: Check, session: Session) -> Outcome:
    """Say whether a port takes no connection, while another one that is known to be open does."""
    host, port = check["host"], check["port"]
    given = session.network.given.get(host.lower(), "")
    # Whoever reads the line must see that DNS was not asked: a mistyped address is closed as well.
    values: dict[str, Any] = {"host": f"{host} ({given})" if given else host, "port": port}
    missing = _control(check, session)
    if missing is not None:
        return missing
    try:
        session.network.connect(host, port).close()
    except Unreached as unreached:
        values["reason"] = unreached.reason
        # A name that nobody knows here says nothing about the address behind it.
        if unreached.step == "name":
            return Outcome(UNPROVED, "unknown_here", values)
        return Outcome(PROVED, "closed", values) if unreached.barred else Outcome(UNPROVED, "not_tried", values)
    return Outcome(REFUTED, "open", values)


def be_open(check: Check, session: Session) -> Outcome:
    """Say whether a port takes a connection: what the same probe must not find elsewhere."""
    host, port = check["host"], check["port"]
    try:
        session.network.connect(host, port).close()
    except Unreached as unreached:
        return Outcome(REFUTED, "unreached", {"host": f"{host}:{port}", "reason": unreached.reason})
    return Outcome(PROVED, "connected", {"host": host, "port": port})


def _control(check: Check, session: Session) -> Outcome | None:
    """Return why being refused would prove nothing here, or None where something of the kind is let in.

    The document names for a vantage a request that is answered, or a port (`HOST:PORT`) that takes connections; the
    person at this host may name a port.
    """
    control = check["control"].get(session.vantage) or session.control
    if not control:
        return Outcome(UNPROVED, "no_control")
    if isinstance(control, str):
        host, _, port = control.rpartition(":")
        try:
            session.network.connect(host, int(port)).close()
        except Unreached as unreached:
            return Outcome(UNPROVED, "control_failed", {"control": control, "reason": unreached.reason})
        return None
    host = urlsplit(control["url"]).netloc
    try:
        answer = session.network.ask(control["method"], control["url"], control.get("headers"))
    except Unreached as unreached:
        return Outcome(UNPROVED, "control_failed", {"control": host, "reason": unreached.reason})
    if answer.status not in control["status"]:
        return Outcome(UNPROVED, "control_failed", {"control": host, "reason": f"HTTP {answer.status}"})
    return None


def _undo(request: Check, session: Session) -> str:
    try:
        return str(session.network.ask(request["method"], request["url"]).status)
    except Unreached as unreached:
        return unreached.reason
