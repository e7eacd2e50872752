"""What a person does, by an account that lives for an hour: the application's own list of requests, in its order."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from deploy.verify.runner.doors import Check
from deploy.verify.runner.network import Answer, Unreached
from deploy.verify.runner.session import PROVED, REFUTED, UNPROVED, Outcome, Session

SENT = b"%PDF-1.4\n% sent by a verification, to be removed with its account: "
"""The beginning of the file that is sent; the rest is random, so that no cache answers for the bucket."""


TRIES, LONGEST_WAIT = 8, 10
"""Times that a step is tried while the answer is 503 with Retry-After, and seconds between two: a database that slept
takes 15 to 30 s."""


class Different(Exception):
    """A step was answered otherwise than the application promises; the message says how."""


def travel(check: Check, session: Session) -> Outcome:
    """Say what came of one line of the journey."""
    if not session.sign_in:
        return Outcome(UNPROVED, "sign_in_off", elsewhere=True)
    if session.credentials is None:
        return Outcome(UNPROVED, "no_credentials")
    outcomes: dict[str, Outcome] = session.once("journey", _travel)
    return outcomes[check["line"]]


def _travel(session: Session) -> dict[str, Outcome]:
    """Make every step; after one that fails only those of the last line, which ends what was begun, are tried."""
    steps = session.document["journey"]
    content = SENT + secrets.token_hex(32).encode()
    username, password = session.credentials or ("", "")
    kept: dict[str, Any] = {
        "username": username,
        "password": password,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    outcomes: dict[str, Outcome] = {}
    failed = ""
    for step in steps:
        line = step["line"]
        if line in outcomes and outcomes[line].verdict != PROVED:
            continue
        if failed and line != steps[-1]["line"]:
            outcomes[line] = Outcome(UNPROVED, "after_failure", {"line": failed})
            continue
        try:
            _take(step, kept, content, session)
            outcomes[line] = Outcome(PROVED, "done")
        except KeyError as missing:  # what an earlier step did not bring
            outcomes[line] = Outcome(UNPROVED, "after_failure", {"line": failed or str(missing)})
        except (Different, Unreached) as error:
            failed = failed or line
            values = {"method": step["method"], "path": step["path"], "reason": error}
            outcomes[line] = Outcome(REFUTED, "step_failed", values)
    return outcomes


def _take(step: Check, kept: dict[str, Any], content: bytes, session: Session) -> None:
    """Make one step, and keep what later ones need; raises `Different`, `Unreached`, `KeyError`."""
    path = str(_filled(step["path"], kept))
    url = session.document["api"] + path if path.startswith("/") else path
    headers = {name: str(_filled(value, kept)) for name, value in step["headers"].items()}
    body = b""
    if step["form"]:
        body, headers["Content-Type"] = _form(kept[step["form"]], content)
    elif step["body"]:
        body = json.dumps(_filled(step["body"], kept)).encode()
        headers["Content-Type"] = "application/json"
    answer = _ask(session, step["method"], url, headers, body)
    if answer.status != step["status"]:
        raise Different(f"HTTP {answer.status}{_problem(answer)}")
    if step["same_bytes"] and answer.body != content:
        raise Different(f"{len(answer.body)} bytes != {len(content)} bytes")
    if not step["keep"] and not step["expect"]:
        return
    try:
        told = json.loads(answer.body)
        kept.update({name: _at(told, place) for name, place in step["keep"].items()})
        found = {place: _at(told, place) for place in step["expect"]}
    except (ValueError, LookupError, TypeError) as error:
        raise Different(f"{type(error).__name__}: {error}") from error
    if found != dict(step["expect"]):
        raise Different(f"{found} != {step['expect']}")


def _ask(session: Session, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Ask as the page does: again after the time that a database asks for which is only waking up.

    HTTP has nothing that tells when it is awake: a 503 names a time to ask again (RFC 9110, "Retry-After"). At most
    TRIES answers are asked for, LONGEST_WAIT apart.
    """
    for _ in range(TRIES):
        answer = session.network.ask(method, url, headers, body)
        again = answer.headers.get("retry-after", "")
        if answer.status != 503 or not again.isdigit():
            break
        time.sleep(min(int(again), LONGEST_WAIT))
    return answer


def _filled(value: Any, kept: Mapping[str, Any]) -> Any:
    """Put what was kept into the places `{name}`; a text that is one place becomes the value itself."""
    if isinstance(value, Mapping):
        return {key: _filled(each, kept) for key, each in value.items()}
    if not isinstance(value, str) or "{" not in value:
        return value
    if value[0] == "{" and value[-1] == "}" and value.count("{") == 1:
        return kept[value[1:-1]]
    return value.format_map(kept)


def _at(told: Any, place: str) -> Any:
    """Return what lies at a place such as `person.posts.0.id`."""
    for part in place.split("."):
        told = told[int(part)] if isinstance(told, list) else told[part]
    return told


def _form(fields: Mapping[str, str], content: bytes) -> tuple[bytes, str]:
    """Return a multipart/form-data body (RFC 7578), the file last as S3 wants it, and its content type."""
    boundary = f"verify-{secrets.token_hex(16)}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="verify.pdf"\r\n\r\n'
    body = b"".join([*parts, head.encode(), content, f"\r\n--{boundary}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={boundary}"


def _problem(answer: Answer) -> str:
    """Return the `code` of a problem document (RFC 9457), or of S3's, never more: an answer may hold secrets."""
    try:
        told = json.loads(answer.body)
        return f" ({told['code']})" if isinstance(told, dict) and "code" in told else ""
    except ValueError:
        _, found, rest = answer.body.partition(b"<Code>")
        return f" ({rest.partition(b'</Code>')[0].decode(errors='replace')[:60]})" if found else ""
