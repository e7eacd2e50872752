"""Heads of the audit trail in files of this machine: the same as a locked bucket, but for the lock."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from api.proposals.ports import AlreadyKept, Kept, StoreUnavailable


class LocalHeadStore:
    """Keeps heads below a folder. Files are made read-only; whoever owns the folder could still remove them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, content: bytes) -> None:
        file = self._folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as opened:  # never over an older one
                opened.write(content)
            file.chmod(0o400)
        except FileExistsError as error:
            raise AlreadyKept(name) from error
        except OSError as error:
            raise StoreUnavailable(f"{file}: {error}") from error

    def names(self) -> Iterator[Kept]:
        for file in sorted(self._folder.rglob("*.json")):
            yield Kept(name=file.relative_to(self._folder).as_posix())

    def read(self, kept: Kept) -> bytes:
        try:
            return (self._folder / kept.name).read_bytes()
        except OSError as error:
            raise StoreUnavailable(f"{kept.name}: {error}") from error


def from_settings() -> LocalHeadStore:
    return LocalHeadStore(Path(settings.AUDIT_FOLDER))
