"""What the local cloud's S3 keeps lies on a disk of its own, which can be full."""

import contextlib
import functools
import os
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path

import moto.s3.models

from deploy.rehearsal.namespaces import run

SIZE = 512 * 2**20  # bytes
_ALL = 1  # byte; objects that are larger lie on the disk


@contextlib.contextmanager
def on_a_disk(folder: Path) -> Iterator[None]:
    """Have objects kept on a disk in memory, mounted at a folder."""
    folder.mkdir(parents=True)
    run("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder))
    # moto keeps 16 MB of each object in memory, and the rest where temporary files are.
    made = functools.partial(tempfile.SpooledTemporaryFile, dir=str(folder))
    files = types.SimpleNamespace(SpooledTemporaryFile=lambda *_, **__: made(_ALL))
    before = vars(moto.s3.models)["tempfile"]
    vars(moto.s3.models)["tempfile"] = files
    try:
        yield
    finally:
        vars(moto.s3.models)["tempfile"] = before
        with contextlib.suppress(RuntimeError):  # what is still open lies on it; it goes with the namespace
            run("umount", str(folder))


class Full:
    """The disk takes nothing more, until it is mended: it is as large as what lies on it (tmpfs(5), remounting)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        told = os.statvfs(folder)
        used = (told.f_blocks - told.f_bfree) * told.f_frsize
        self._resize(max(used, told.f_frsize))

    def _resize(self, size: int) -> None:
        run("mount", "-o", f"remount,size={size}", str(self._folder))

    def mend(self) -> bool:
        """Make room again."""
        self._resize(SIZE)
        return True
