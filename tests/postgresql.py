"""A PostgreSQL server of one's own, for as long as one needs it.

`running()` starts it from the server programs found on this machine. The tests use it, and so does
`python -m tests.postgresql COMMAND...`, which runs a command with `CLOISTER_DATABASE_*` naming such a server.

A supervisor process owns the server and its folder and waits for the end of a pipe. The operating system
closes that pipe when the asking process ends, whatever ended it; so no server and no folder stays behind.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from project.bootstrap import VENV, find_postgresql

DATABASE = "cloister"
_READY = "database system is ready to accept connections"
# Speed before durability: the data is thrown away. The socket lies in a folder that only its owner can enter.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    # Containers often have 64 MB of shared memory; parallel workers would need more.
    "max_parallel_workers_per_gather": "0",
}


class ServerUnavailable(Exception):
    """No PostgreSQL server could be started; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a running server is reached: the folder of its socket, and its superuser (no password)."""

    folder: str
    user: str

    def environment(self) -> dict[str, str]:
        """Return the variables of project/environment.py that make Django use this server."""
        return {
            "CLOISTER_DATABASE_HOST": self.folder,
            "CLOISTER_DATABASE_PORT": "5432",
            "CLOISTER_DATABASE_NAME": DATABASE,
            "CLOISTER_DATABASE_USER": self.user,
            "CLOISTER_DATABASE_PASSWORD": "",
        }


@contextmanager
def running() -> Iterator[Server]:
    """Run a PostgreSQL server until the block ends. Raises `ServerUnavailable`."""
    programs = find_postgresql()
    if programs is None:
        raise ServerUnavailable(
            "No PostgreSQL server programs (initdb, postgres) were found on this machine. "
            "Install them (Debian: apt-get install postgresql), or let `make test` fetch them from PyPI."
        )
    folder = Path(tempfile.mkdtemp(prefix="cloister-pg-"))
    with subprocess.Popen(
        [sys.executable, "-m", "tests.postgresql", "--supervise", str(folder), str(programs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # an interrupt at the terminal must not reach it before the pipe ends
        cwd=Path(__file__).parent.parent,
    ) as supervisor:
        assert supervisor.stdin is not None
        assert supervisor.stdout is not None
        try:
            answer = supervisor.stdout.readline().strip()
            if not answer.startswith("user="):
                raise ServerUnavailable(f"PostgreSQL did not start: {answer}\n{supervisor.stdout.read()}")
            yield Server(folder=str(folder), user=answer.removeprefix("user="))
        finally:
            supervisor.stdin.close()
            supervisor.wait()


def _owner() -> pwd.struct_passwd:
    """Return who runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _within_reach(programs: Path, folder: Path, owner: pwd.struct_passwd) -> Path:
    """Return programs that `owner` may run: a copy in `folder` where they lie in root's own environment."""
    if os.geteuid() == owner.pw_uid or not programs.is_relative_to(VENV):
        return programs
    package = programs.parent.parent
    copy = folder / "programs"
    for part in package.parent.glob(f"{package.name}*"):  # the package, and beside it the libraries it is linked to
        if part.suffix in ("", ".libs"):
            shutil.copytree(part, copy / part.name, symlinks=True)
    return copy / programs.relative_to(package.parent)


def _spawn(owner: pwd.struct_passwd, folder: Path, *words: str | Path) -> subprocess.Popen[str]:
    """Start a program as `owner` with `folder` as its home; its output is one pipe, in English."""
    root = os.geteuid() == 0
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(folder)},
        cwd=folder,
        user=owner.pw_uid if root else None,
        group=owner.pw_gid if root else None,
        extra_groups=[] if root else None,
    )


def _run(owner: pwd.struct_passwd, folder: Path, *words: str | Path) -> None:
    with _spawn(owner, folder, *words) as process:
        output, _ = process.communicate()
    if process.returncode != 0:
        raise ServerUnavailable(f"{words[0]} failed:\n{output}")


def _supervise(folder: Path, programs: Path) -> None:
    """Run the server until the standard input ends; write `user=NAME` once it answers."""
    owner = _owner()
    try:
        programs = _within_reach(programs, folder, owner)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        # A managed server sorts by a real locale; C.UTF-8 knows letters as one does. macOS has no such locale.
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        data = folder / "data"
        quick = ("--auth=trust", "--no-sync")
        _run(owner, folder, programs / "initdb", "-D", data, "--encoding=UTF8", f"--locale={locale}", *quick)
        settings = _SETTINGS | {"unix_socket_directories": str(folder)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with _spawn(owner, folder, programs / "postgres", "-D", data, *options) as server:
            assert server.stdout is not None
            log: list[str] = []
            for line in server.stdout:
                log.append(line)
                if _READY in line:
                    break
            else:
                raise ServerUnavailable("the server ended:\n" + "".join(log))
            # Nobody reads the rest of the log, but a full pipe would stop the server.
            threading.Thread(target=server.stdout.read, daemon=True).start()
            try:
                _run(owner, folder, programs / "createdb", "-h", folder, DATABASE)
                print(f"user={owner.pw_name}", flush=True)
                sys.stdin.read()
            finally:
                server.send_signal(signal.SIGQUIT)  # "immediate shutdown": nothing is to be kept
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run a command with a PostgreSQL server of its own, and return the command's exit code."""
    if not arguments:
        print("usage: python -m tests.postgresql COMMAND [ARGUMENT...]", file=sys.stderr)
        return 2
    try:
        if arguments[0] == "--supervise":
            _supervise(Path(arguments[1]), Path(arguments[2]))
            return 0
        with running() as server:
            return subprocess.run(arguments, env=os.environ | server.environment(), check=False).returncode
    except ServerUnavailable as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
