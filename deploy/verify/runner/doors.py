"""Names, certificates, single requests: what must be open from here."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Mapping
from typing import Any

from deploy.verify.runner.network import Answer, Unreached
from deploy.verify.runner.session import PROVED, REFUTED, UNPROVED, Outcome, Session

SOON = 30
"""Days: a certificate that ends earlier is pointed out."""
NAMES = 4
"""Names of a certificate that are told; AWS's have many."""

Check = Mapping[str, Any]


def look_up_name(check: Check, session: Session) -> Outcome:
    """Say whether a name leads to private addresses only."""
    host = check["host"]
    if host.lower() in session.network.given:
        address = session.network.given[host.lower()]
        return Outcome(UNPROVED, "name_given", {"host": host, "address": address}, elsewhere=True)
    try:
        found = session.network.addresses(host)
    except Unreached as unreached:
        return Outcome(REFUTED, "name_unknown", {"host": host, "reason": unreached.reason})
    inside = [ipaddress.ip_network(each) for each in check["within"]]
    strange = [each for each in found if not any(ipaddress.ip_address(each) in network for network in inside)]
    values = {"host": host, "addresses": ", ".join(strange or found)}
    return Outcome(REFUTED, "name_public", values) if strange else Outcome(PROVED, "name_private", values)


def look_at_certificate(check: Check, session: Session) -> Outcome:
    """Say whether TLS stands with a certificate that is right for the name, and how long it lasts."""
    host, port = check["host"], check["port"]
    try:
        with session.network.secure(host, port) as connection:
            held: dict[str, Any] = connection.getpeercert() or {}
    except Unreached as unreached:
        # A host that hangs or does not speak TLS has shown no certificate.
        shown = isinstance(unreached.__cause__, ssl.SSLCertVerificationError)
        said = "certificate_bad" if shown else "unreached"
        return Outcome(REFUTED, said, {"host": host, "reason": unreached.reason})
    ends = dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(held["notAfter"]), tz=dt.timezone.utc)
    days = (ends - dt.datetime.now(dt.timezone.utc)).days
    names = [value for kind, value in held.get("subjectAltName", ()) if kind == "DNS"]
    issuer = dict(pair for part in held.get("issuer", ()) for pair in part)
    by = issuer.get("organizationName") or issuer.get("commonName") or "?"
    more = f" (+{len(names) - NAMES})" if len(names) > NAMES else ""
    values = {"names": ", ".join(names[:NAMES]) + more, "issuer": by, "days": days, "ends": f"{ends:%Y-%m-%d}"}
    return Outcome(PROVED, "certificate_ends_soon" if days < SOON else "certificate_good", values)


def ask_one(check: Check, session: Session) -> Outcome:
    """Say whether one request is answered as it must be, with these headers."""
    wanted = check["request"]
    try:
        answer = session.network.ask(wanted["method"], wanted["url"], wanted.get("headers"))
    except Unreached as unreached:
        # That something is not allowed is neither true nor false where nobody answers.
        negative = any("not" in header for header in check.get("headers", ()))
        said = {"host": wanted["url"], "reason": unreached.reason}
        return Outcome(UNPROVED if negative else REFUTED, "unreached", said)
    values: dict[str, Any] = {"method": wanted["method"], "url": wanted["url"], "status": answer.status}
    if answer.status not in check["status"]:
        return Outcome(REFUTED, "other_status", {**values, "wanted": _or(check["status"])})
    for header in check.get("headers", ()):
        if not _holds(header, answer):
            found = answer.headers.get(header["name"], "-")
            return Outcome(REFUTED, "other_header", {**values, "header": header["name"], "found": found})
    return Outcome(PROVED, "answered", values)


def _holds(header: Check, answer: Answer) -> bool:
    """`is`: exactly this; `has`: among others; `not`: neither this nor everything (`*`)."""
    found = answer.headers.get(header["name"])
    if "not" in header:
        return found not in (header["not"], "*")
    if found is None:
        return False
    if "is" in header:
        return bool(found == header["is"])
    return str(header["has"]).lower() in [each.strip().lower() for each in found.split(",")]


def _or(statuses: list[int]) -> str:
    return " / ".join(str(status) for status in statuses)
