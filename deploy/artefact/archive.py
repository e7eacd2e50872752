"""Pack a folder into a zip whose bytes depend on nothing but the folder's contents."""

import hashlib
import zipfile
from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold; nothing here reads dates
_UNIX = 3


def pack(folder: Path, archive: Path) -> None:
    """Write all files under the folder, sorted by name, as `archive`."""
    with zipfile.ZipFile(archive, "w") as opened:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _DATE)
            entry.create_system = _UNIX
            # Readable by everybody: Lambda runs the function as another user than the one who unpacked it.
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(entry, file.read_bytes(), compresslevel=9)


def unpack(archive: Path, folder: Path, *, read_only: bool = True) -> None:
    """Unpack as Lambda does: below /var/task nothing can be written, and no date is kept."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    if read_only:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.chmod(0o555 if path.is_dir() else 0o444)
        folder.chmod(0o555)


def digest(archive: Path) -> str:
    """Return the file's SHA-256 in hexadecimal, the name under which a stage keeps it."""
    return hashlib.sha256(archive.read_bytes()).hexdigest()
