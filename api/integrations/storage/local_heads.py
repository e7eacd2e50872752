"""Heads of the audit trail in files of this machine: the same as a locked bucket, but for the lock."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


class LocalHeadStore:
    """Keeps heads below a folder. Files are made read-only; whoever owns the folder could still remove them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, content: bytes) -> None:
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as opened:  # never over an older one
            opened.write(content)
        file.chmod(0o400)

    def all(self) -> Iterator[bytes]:
        for file in sorted(self._folder.rglob("*.json")):
            yield file.read_bytes()


def from_settings() -> LocalHeadStore:
    return LocalHeadStore(Path(settings.AUDIT_FOLDER))
