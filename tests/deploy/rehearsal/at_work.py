"""Somebody who saves drafts as the page does, whatever fails meanwhile, and says at the end what became of them.

    python -m tests.deploy.rehearsal.at_work API CA DRAFTS FILE [STOP]

Each draft has a key of its own and is sent again until it is answered. FILE then has JSON: what was wanted, what the
list shows, and how often something failed on the way. Once there is a file STOP, no further draft is begun.
"""

import http.client
import json
import ssl
import sys
import threading
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.deploy.rehearsal.patience import ANSWER

PERSON, PASSWORD = "koyama.yukio", "cloister-demo"
TRIES, PAUSE = 120, 0.5  # a minute and more for each draft, seconds
_FAILURES = (OSError, http.client.HTTPException)


class Desk:
    """One person's API, and how often it did not answer as it should."""

    def __init__(self, base: str, ca: str) -> None:
        self.parts, self.tls = urlsplit(base), ssl.create_default_context(cafile=ca)
        self.token = ""
        self.failures = 0
        self._clock = threading.Event()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask until there is an answer that is none of a failing server."""
        for _ in range(TRIES):
            try:
                status, answer = self._once(method, path, body)
            except _FAILURES:
                status, answer = 0, None
            if 200 <= status < 300:
                return answer
            if status and status < 500:
                raise SystemExit(f"{method} {path}: {status} {answer}")
            self.failures += 1
            self._clock.wait(PAUSE)
        raise SystemExit(f"{method} {path} was never answered")

    def _once(self, method: str, path: str, body: object) -> tuple[int, Any]:
        connection = http.client.HTTPSConnection(self.parts.netloc, context=self.tls, timeout=ANSWER)
        try:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
            if not self.token:
                headers.pop("Authorization")
            text = None if body is None else json.dumps(body)
            connection.request(method, f"{self.parts.path.rstrip('/')}{path}", body=text, headers=headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        finally:
            connection.close()


def main(base: str, ca: str, drafts: str, file: str, stop: str = "") -> None:
    """Work, and tell."""
    desk = Desk(base, ca)
    signed_in = desk.ask("POST", "/session", {"username": PERSON, "password": PASSWORD})
    desk.token = signed_in["token"]
    post = signed_in["person"]["posts"][0]["id"]
    run = uuid.uuid4().hex[:8]
    wanted: list[str] = []
    for number in range(int(drafts)):
        if stop and Path(stop).exists():
            break
        title = f"work {run} {number}"
        wanted.append(title)
        draft = {"type": "general", "post": post, "title": title, "content": {}, "key": str(uuid.uuid4())}
        desk.ask("POST", "/proposals", draft)
    found, page = list[str](), "/proposals?scope=mine&limit=100"
    cursor: str | None = ""
    while cursor is not None:
        answer = desk.ask("GET", page + (f"&cursor={cursor}" if cursor else ""))
        found += [row["title"] for row in answer["results"]]
        cursor = answer["next"] if any(run in row["title"] for row in answer["results"]) else None
    told = {"wanted": wanted, "found": sorted(title for title in found if run in title), "failures": desk.failures}
    Path(f"{file}.part").write_text(json.dumps(told))
    Path(f"{file}.part").rename(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
