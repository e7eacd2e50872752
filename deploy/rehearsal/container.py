"""A container without an engine: an image's tree in a mount namespace, its own user and command, a read-only root.

What a real engine adds and this does not: a network namespace (the rehearsal's own), limits of memory and processor,
seccomp. Where the caller is not root, a user namespace stands in for the image's user: nothing outside can be written,
but inside it is called root.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from deploy.container import dockerfile

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64")
_FILES = ("/etc/ld.so.cache", "/etc/nsswitch.conf", "/etc/hosts", "/etc/resolv.conf", "/etc/ssl")
# A folder that anybody may write to invites others' links; here a file system of the container's own is mounted there.
_SHARED = "/dev/shm"  # noqa: S108  see above
_FOUND = "PATH=/usr/local/bin:/usr/bin:/bin LD_LIBRARY_PATH=/usr/local/lib"
"""What the official image's own settings say: this machine's python knows its library by another place."""
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


class Container:
    """A running image; `folders` are mounted at the same place, to be read (a database's socket, for example).

    `prefix`: words before the command that put it into another network.
    """

    def __init__(
        self,
        image: Path,
        environment: Mapping[str, str],
        *,
        folders: Sequence[Path] = (),
        command: Sequence[str] = (),
        output: IO[bytes] | None = None,
        prefix: Sequence[str] = (),
    ) -> None:
        self.image = dockerfile.read(image / "Dockerfile")
        self._root = tempfile.TemporaryDirectory(prefix="cloister-container-")
        namespaces = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--user", "--map-root-user"])]
        script = self._script(image, folders, command or self.image.command)
        self.process = subprocess.Popen(
            [*prefix, *namespaces, "sh", "-euc", script],
            env={"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    def _script(self, image: Path, folders: Sequence[Path], command: Sequence[str]) -> str:
        root = self._root.name
        lines = ["mount --make-rprivate /", f"mount -t tmpfs -o mode=755 none {shlex.quote(root)}", "umask 022"]
        python = Path(sys.base_prefix)
        # As in the official image, python is found in /usr/local/bin.
        shown = [(Path(path), path) for path in _SYSTEM] + [(python, "/usr/local")]
        shown += [(folder, str(folder)) for folder in folders]
        for source, target in shown:
            if source.is_symlink() and target in _SYSTEM:
                lines.append(f"ln -s {shlex.quote(str(source.readlink()))} {shlex.quote(root + target)}")
            elif source.is_dir():
                lines += self._bound(source, target)
        for file in (*_FILES, *_DEVICES):
            lines += self._bound(Path(file), file) if Path(file).exists() else []
        lines += [f"mkdir -p {root}{_SHARED} {root}/proc"]
        lines.append(f"mount -t tmpfs -o mode=1777,size=64m none {root}{_SHARED}")
        lines.append(f"mount --rbind /proc {root}/proc")
        targets = [target for _, target in self.image.copies]
        for copied, target in self.image.copies:
            if targets.count(target) == 1:  # nothing is put over it: no need to copy
                lines += self._bound(image / copied, target.rstrip("/"))
                continue
            held = shlex.quote(f"{root}{target}")
            lines += [f"mkdir -p {held}", f"cp -R --no-preserve=ownership {shlex.quote(str(image / copied))}/. {held}"]
        lines.append(f"mount -o remount,ro,mode=755 {shlex.quote(root)}")
        known = os.getuid() == 0 and _is_known(self.image.user) and _is_known(self.image.group, "gid_map")
        user = f"--userspec={self.image.user}:{self.image.group} --groups= " if known else ""
        lines.append(f"exec chroot {user}{shlex.quote(root)} env {_FOUND} {shlex.join(command)}")
        return "\n".join(lines)

    def _bound(self, source: Path, target: str) -> list[str]:
        there, here = shlex.quote(f"{self._root.name}{target}"), shlex.quote(str(source))
        point = f"mkdir -p {there}" if source.is_dir() else f"mkdir -p $(dirname {there}) && : > {there}"
        # Devices are written to; everything else is there to be read.
        closed = [] if target.startswith("/dev/") else [f"mount -o remount,bind,ro {there}"]
        return [point, f"mount --bind {here} {there}", *closed]

    def terminate(self) -> None:
        """Ask it to end, as ECS does first."""
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End every process of it at once, as ECS does after its patience; nothing where it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> int:
        """Wait for its end; answer its status.

        Raises:
            subprocess.TimeoutExpired: it did not end.

        """
        return self.process.wait(seconds)

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            self.kill()
            self.process.wait()
        self._root.cleanup()


def _is_known(number: int, kind: str = "uid_map") -> bool:
    """Say whether a user or group exists here: in a user namespace often only its root does (user_namespaces(7))."""
    held = [[int(part) for part in line.split()] for line in Path("/proc/self", kind).read_text().splitlines()]
    return any(first <= number < first + many for first, _, many in held)
