"""A function with as many execution environments as are busy at once, each on a host of the function's subnets."""

import dataclasses
import functools
import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Self

from deploy.rehearsal import namespaces
from deploy.rehearsal.runtime_api import Function, Lambda, Result

MOST = 4
"""Environments of one function; Lambda's own limit is the account's, and this machine's is its processors."""
EXITED = {"errorType": "Runtime.ExitError", "errorMessage": "RequestId: rehearsal Error: Runtime exited"}
"""What an invocation comes to whose process has died (AWS, "Troubleshoot invocation issues in Lambda")."""


class Pool:
    """Answers invocations; `hosts` names where the function's interfaces are, taken in turn."""

    def __init__(self, function: Function, hosts: Callable[[], Sequence[str]], *, most: int = MOST) -> None:
        self.function, self._hosts, self._most = function, hosts, most
        self._turn = itertools.count()
        self._idle: list[Lambda] = []
        self._all: list[Lambda] = []
        self._changed = threading.Condition()
        self.loses: Callable[[object, Result], bool] | None = None
        """Says of an event and its result whether the environment dies before that leaves it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def environments(self) -> int:
        """How many were ever busy at once."""
        return len(self._all)

    def invoke(self, event: object) -> Result:
        """Have an event answered by an environment that is idle, or by a new one."""
        environment = self._take()
        try:
            result = environment.invoke(event)
            if self.loses is not None and self.loses(event, result):
                environment.stop()  # the next invocation is a cold one
                return dataclasses.replace(result, payload=EXITED, function_error="Unhandled")
            return result
        finally:
            with self._changed:
                if environment in self._all:
                    self._idle.append(environment)
                self._changed.notify()

    def _take(self) -> Lambda:
        with self._changed:
            while not self._idle and len(self._all) >= self._most:
                self._changed.wait()
            if self._idle:
                return self._idle.pop()  # the last used: the others may be let go
            environment = Lambda(self._placed())
            self._all.append(environment)
            return environment

    def _placed(self) -> Function:
        hosts = self._hosts()
        host = hosts[next(self._turn) % len(hosts)]
        return dataclasses.replace(
            self.function,
            place=functools.partial(namespaces.on, host),
            prefix=(*namespaces.prefix(host), *self.function.prefix),
        )

    def kill(self) -> None:
        """End every environment as it is, in the middle of whatever it does; the next invocation is a cold one."""
        with self._changed:
            held, self._all, self._idle = self._all, [], []
        for environment in held:
            if environment.environment is not None:
                environment.environment.process.kill()

    def stop(self) -> None:
        """End every environment."""
        with self._changed:
            held, self._all, self._idle = self._all, [], []
        for environment in held:
            environment.stop()
