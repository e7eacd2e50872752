"""The command: the same options as a verb and as a single file."""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from deploy.verify.runner.network import Network
from deploy.verify.runner.report import NOT_RUN, Line, as_json, look, notes, status, summary
from deploy.verify.runner.session import Session

VANTAGES = ("corporate", "app", "db", "outside")
USER, PASSWORD = "CLOISTER_VERIFY_USER", "CLOISTER_VERIFY_PASSWORD"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what every form of the command takes."""
    parser.add_argument("--from", dest="vantage", choices=VANTAGES, default="corporate", help="where this host stands")
    parser.add_argument("--ca", metavar="FILE", help="certificates (PEM) to trust beside the system's")
    parser.add_argument(
        "--resolve",
        metavar="HOST:ADDRESS",
        action="append",
        default=[],
        type=pair,
        help="use this address for a name; again for others",
    )
    parser.add_argument("--timeout", metavar="SECONDS", type=seconds, default=5.0, help="for each connection (5)")
    parser.add_argument(
        "--foreign-endpoint",
        metavar="HOST",
        action="append",
        default=[],
        type=endpoint,
        help="DNS name of a VPC endpoint that is not this stage's; again for others",
    )
    parser.add_argument("--control", metavar="HOST:PORT", type=open_port, help="what is open from here")
    parser.add_argument("--no-sign-in", action="store_true", help="do not sign in, send or fetch files")
    parser.add_argument(
        "--credentials-from-stdin", action="store_true", help=f"user and password as two lines, else {USER}, {PASSWORD}"
    )
    parser.add_argument("--language", choices=("en", "ja"), help="of what is printed")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def pair(text: str) -> tuple[str, str]:
    """Read `HOST:ADDRESS`; an IPv6 address may stand in brackets."""
    host, _, address = text.partition(":")
    try:
        return host.lower(), str(ipaddress.ip_address(address.strip("[]")))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:ADDRESS, for example db.example:10.0.0.5") from None


def seconds(text: str) -> float:
    """Read a time in which something far away can answer: with less, everything would look closed."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 1 <= value <= 300:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds between 1 and 300")
    return value


def endpoint(text: str) -> str:
    """Read an endpoint's DNS name as AWS's console shows it (`*.vpce-...`), or as part of an address."""
    host = text.lower().partition("://")[2] or text.lower()
    host = host.partition("/")[0].removeprefix("*.").removeprefix("bucket.")
    if not re.fullmatch(r"[a-z0-9-]+\.(s3|execute-api)(\.[a-z0-9-]+)+", host):
        example = "vpce-0123abcd-abcd.s3.ap-northeast-1.vpce.amazonaws.com"
        raise argparse.ArgumentTypeError(f"{text!r} is no endpoint for s3 or execute-api, for example {example}")
    return host


def open_port(text: str) -> str:
    """Read `HOST:PORT`."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, for example intranet.example:443")
    return text


def reader_language(given: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Choose the reader's language: as asked, by CLOISTER_LANGUAGE, by the terminal's locale."""
    for name in ("CLOISTER_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if not given and environment.get(name):
            given = environment[name]
    return "ja" if (given or "").lower().startswith("ja") else "en"


def credentials(options: argparse.Namespace) -> tuple[str, str] | None:
    """Take user and password of the short-lived account from where nobody else reads them."""
    if options.no_sign_in:
        return None
    if options.credentials_from_stdin:
        # It is None where a service starts this without one.
        user, password = (sys.stdin.readline().rstrip("\r\n") if sys.stdin else "" for _ in range(2))
    else:
        user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    return (user, password) if user and password else None


def carry_out(document: Mapping[str, Any], options: argparse.Namespace, signed_in: tuple[str, str] | None) -> int:
    """Look, print as it is found, and return the exit code."""
    language = reader_language(options.language)
    words = document["words"]
    if options.credentials_from_stdin and not options.no_sign_in and not signed_in:
        print(words["nothing_from_stdin"][language], file=sys.stderr)
        return NOT_RUN
    try:
        network = Network(timeout=options.timeout, ca=options.ca, given=dict(options.resolve))
    except OSError as error:  # also what ssl raises
        print(words["no_ca"][language].format(file=options.ca, reason=error), file=sys.stderr)
        return NOT_RUN
    session = Session(
        document=document,
        network=network,
        vantage=options.vantage,
        foreign=tuple(options.foreign_endpoint),
        control=options.control or "",
        credentials=signed_in,
        sign_in=not options.no_sign_in,
    )
    try:
        return _look_and_tell(session, language, as_document=options.json)
    except KeyboardInterrupt:
        print(words["interrupted"][language], file=sys.stderr)
        return NOT_RUN


def _look_and_tell(session: Session, language: str, *, as_document: bool) -> int:
    words = session.document["words"]
    lines: list[Line] = []
    if as_document:
        lines += look(session)
        print(as_json(lines, session, language))
        return status(lines)
    print(*notes(session, language), sep="\n")
    for line in look(session):
        lines.append(line)
        print(line.say(words, language), flush=True)
    print(summary(lines, words, language))
    return status(lines)


def main(document: Mapping[str, Any], arguments: Sequence[str] | None = None) -> int:
    """Run as a file of its own."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console of another code page would stop the run at the first Japanese letter.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    parser = argparse.ArgumentParser(description=document["words"]["about"][reader_language(None)])
    add_options(parser)
    options = parser.parse_args(arguments)
    return carry_out(document, options, credentials(options))
