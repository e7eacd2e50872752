"""The resolver that every host has: the plan's names, as each side sees them, and nothing else exists.

Only what a stub resolver asks of one: questions for A records over UDP (RFC 1035); other types have no records.
"""

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from deploy.rehearsal.namespaces import RESOLVER, on
from deploy.rehearsal.plan import CORPORATE, OUTSIDE, Host, Name

_A, _IN = 1, 1
_NO_ERROR, _NO_SUCH_NAME = 0x8180, 0x8183  # an answer, recursion desired and available
_SECONDS = 5


def look_up(names: Iterable[Name], asked: str, view: str) -> tuple[str, ...] | None:
    """Give the addresses of a name, or None where there is no such name; the most exact entry counts.

    A star stands for one label or more, as in a zone (RFC 4592). Names without a view of their own are public.
    """
    asked = asked.lower().rstrip(".")
    found: tuple[tuple[int, bool], tuple[str, ...]] | None = None
    for name in names:
        if view not in name.views:
            continue
        star, _, rest = name.name.partition("*")
        below = name.name.startswith("*")
        matches = (asked.endswith(rest) and len(asked) > len(rest)) if below else asked == star
        # Of two equal names the one with fewer views is the private zone's, which comes first.
        rank = (len(name.name), len(name.views) == 1)
        if matches and (found is None or rank > found[0]):
            found = (rank, name.addresses)
    return found[1] if found else None


@dataclass(frozen=True)
class Question:
    """What a stub resolver asks: its number, a name, a kind of record, and the question as it was sent."""

    identifier: int
    name: str
    kind: int
    text: bytes


def read(message: bytes) -> Question:
    """Read a question from the wire; raises ValueError where it is none."""
    try:
        identifier, _, count = struct.unpack_from("!HHH", message)
        labels, place = [], 12
        while length := message[place]:
            labels.append(message[place + 1 : place + 1 + length].decode("ascii"))
            place += 1 + length
        (kind,) = struct.unpack_from("!H", message, place + 1)
    except (struct.error, IndexError) as error:
        raise ValueError("not a question of DNS") from error
    if count != 1:
        raise ValueError("not one question")
    return Question(identifier, ".".join(labels).lower(), kind, message[12 : place + 5])


def answer(question: Question, addresses: Sequence[str] | None) -> bytes:
    """Write the answer: addresses, none, or (None) that there is no such name."""
    told = addresses if addresses and question.kind == _A else ()
    flags = _NO_SUCH_NAME if addresses is None else _NO_ERROR
    head = struct.pack("!HHHHHH", question.identifier, flags, 1, len(told), 0, 0)
    records = b"".join(
        struct.pack("!HHHIH", 0xC00C, _A, _IN, _SECONDS, 4) + socket.inet_aton(address) for address in told
    )
    return head + question.text + records


def view(kind: str) -> str:
    """Give whose names a host of a kind sees."""
    return kind if kind in (CORPORATE, OUTSIDE) else "vpc"


class Resolvers:
    """The resolvers of hosts; `names` may be replaced, and hosts added, while they run."""

    def __init__(self) -> None:
        self.names: tuple[Name, ...] = ()
        self.asked: list[tuple[str, str]] = []
        """Who asked for what: (view, name), in order."""
        self._selector = selectors.DefaultSelector()
        self._ends, self._end = socket.socketpair()
        self._selector.register(self._ends, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.send(b"end")
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._end.close()

    def add(self, hosts: Iterable[Host]) -> None:
        """Give hosts their resolver."""
        for host in hosts:
            with on(host.name):
                here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            here.bind((RESOLVER, 53))
            here.setblocking(False)
            # A selector that is waiting takes it at once, as epoll does.
            self._selector.register(here, selectors.EVENT_READ, (here, view(host.kind)))

    def _serve(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._ends:
                    return
                here, side = key.data
                message, whom = here.recvfrom(4096)
                with contextlib.suppress(ValueError):  # whoever asks that way is not answered
                    question = read(message)
                    self.asked.append((side, question.name))
                    here.sendto(answer(question, look_up(self.names, question.name, side)), whom)
