"""What the domain asks of outside systems. No Django here; adapters are in `api/integrations`."""

from collections.abc import Iterator
from typing import Protocol


class HeadStore(Protocol):
    """A place that keeps what it was given: versioned and locked, out of reach of whoever can write the database."""

    def keep(self, name: str, content: bytes) -> None:
        """Store `content` for good under a new name, such as 2026/11/22/031500000000-42.json."""

    def all(self) -> Iterator[bytes]:
        """Yield everything that was kept, in the order of the names."""
