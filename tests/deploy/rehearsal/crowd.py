"""Many people at work at once, from the company's network: they look, open, write, and pause as people do.

    python -m tests.deploy.rehearsal.crowd API CA TOKENS SECONDS

TOKENS is a file with JSON, `[[token, post], ...]`, one for each person. First one of them works alone, without pauses;
then all for SECONDS. The last line is JSON: the times of answers in ms, alone and together, and what went wrong.
"""

import http.client
import json
import random
import ssl
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.deploy.rehearsal.patience import ANSWER

ALONE = 60
"""Requests of the one who works alone."""
PAUSE = (3.0, 7.0)
"""Seconds between two things that a person does."""


class Person:
    """One person's connection, and the times their answers took."""

    def __init__(self, base: str, tls: ssl.SSLContext, token: str, post: int, seed: int) -> None:
        self.parts, self.tls, self.token, self.post = urlsplit(base), tls, token, post
        self.milliseconds: list[float] = []
        self.errors: list[str] = []
        # Nothing secret: pauses and titles. Runs are compared, so chance that cannot be foreseen would be wrong here.
        self._chance = random.Random(seed)  # noqa: S311
        self._connection: http.client.HTTPSConnection | None = None

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask once; a browser keeps its connection, and opens another where the server has closed it."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        text = None if body is None else json.dumps(body)
        began = time.perf_counter()
        try:
            if self._connection is None:
                self._connection = http.client.HTTPSConnection(self.parts.netloc, context=self.tls, timeout=ANSWER)
            self._connection.request(method, f"{self.parts.path.rstrip('/')}{path}", body=text, headers=headers)
            response = self._connection.getresponse()
            answer, status = response.read(), response.status
        except (OSError, http.client.HTTPException) as error:
            self._connection = None
            self.errors.append(f"{method} {path}: {error!r}")
            return None
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        if status >= 400:
            self.errors.append(f"{method} {path}: {status} {answer[:200]!r}")
            return None
        return json.loads(answer)

    def day(self) -> Iterator[None]:
        """Do one thing after the other, without end."""
        while True:
            self.ask("GET", "/inbox?limit=20")
            yield
            mine = self.ask("GET", "/proposals?scope=mine&limit=20")
            yield
            for row in (mine or {"results": []})["results"][:1]:
                self.ask("GET", f"/proposals/{row['id']}")
                yield
            title = f"crowd {self._chance.random():.12f}"
            draft = {"post": self.post, "title": title, "content": {}}
            made = self.ask("POST", "/proposals", {**draft, "type": "general", "key": str(uuid.uuid4())})
            yield
            if made:
                self.ask("PATCH", f"/proposals/{made['id']}", {**draft, "version": made["version"]})
                yield

    def pause(self) -> float:
        """Seconds until the next thing."""
        return self._chance.uniform(*PAUSE)


def main(base: str, ca: str, tokens: str, seconds: str) -> None:
    """Work, and tell."""
    tls = ssl.create_default_context(cafile=ca)
    held = json.loads(Path(tokens).read_text())
    people = [Person(base, tls, token, post, seed) for seed, (token, post) in enumerate(held)]
    first = people[0]
    for _ in zip(range(ALONE), first.day(), strict=False):
        pass
    alone, first.milliseconds = first.milliseconds, []
    over = threading.Event()

    def work(person: Person) -> None:
        over.wait(person.pause() - PAUSE[0])  # nobody begins at the same moment
        for _ in person.day():
            if over.wait(person.pause()):
                return

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    over.wait(float(seconds))
    over.set()
    for thread in threads:
        thread.join()
    together = [each for person in people for each in person.milliseconds]
    errors = [error for person in people for error in person.errors]
    sys.stdout.write(json.dumps({"alone": alone, "together": together, "errors": errors}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
