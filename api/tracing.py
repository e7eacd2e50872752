"""One id that leads from a request, or a run of the timers, to all that it caused: logs, audit events, messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_trace: ContextVar[str] = ContextVar("trace", default="")


def current() -> str:
    """Return the id of what is being done, "" outside of any."""
    return _trace.get()


@contextmanager
def following(id_: str) -> Iterator[None]:
    """Write `id_` beside everything that is recorded inside; "" changes nothing."""
    if not id_:
        yield
        return
    token = _trace.set(id_)
    try:
        yield
    finally:
        _trace.reset(token)
