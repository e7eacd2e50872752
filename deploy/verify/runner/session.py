"""One run over one document: what all probes share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.verify.runner.network import Network

PROVED, REFUTED, UNPROVED = "proved", "refuted", "not proved"
AT_ONCE = 4
"""Checks under way, and files fetched: a company's firewall may count connections."""


@dataclass(frozen=True)
class Outcome:
    """What a probe found. `said` is a key of the document's sentences, `values` fill its places.

    `elsewhere` marks what nobody could prove here, or was asked not to: it is listed and is no failure.
    """

    verdict: str
    said: str
    values: dict[str, Any] = field(default_factory=dict)
    elsewhere: bool = False


@dataclass
class Session:
    """The document, the way to others, and what the person at this host has given."""

    document: Mapping[str, Any]
    network: Network
    vantage: str = "corporate"
    foreign: tuple[str, ...] = ()
    """DNS names of VPC endpoints that are not the stage's."""
    control: str = ""
    """`HOST:PORT` that is known to be open from here; where empty, what the document names for this vantage."""
    credentials: tuple[str, str] | None = None
    """User name and password of a short-lived account."""
    sign_in: bool = True
    _made: dict[str, Any] = field(default_factory=dict)
    _making: Any = field(default_factory=threading.Lock)

    def once(self, name: str, make: Callable[[Session], Any]) -> Any:
        """Return what `make` gives, asked for the first time only: several lines look at one answer."""
        with self._making:
            if name not in self._made:
                self._made[name] = make(self)
            return self._made[name]
