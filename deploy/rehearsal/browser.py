"""A person's own browser in the company's network: a profile that ends with the rehearsal, and nothing of theirs in it.

It runs on the corporate host, whose resolver gives the stage's names, and trusts the rehearsal's authority by what an
administrator's policy says (`Trust.tell_browsers`). Windows are shown by the person's own screen, which is reached by
a socket file and not by a network.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.failure import Failure
from deploy.rehearsal import namespaces
from deploy.words import Words, language

NO_SCREEN = Words(
    "There is no screen here for a browser (DISPLAY and WAYLAND_DISPLAY are empty). Run it in a desktop's terminal, or "
    "without --browser: --shell corporate gives a shell that reaches the page, with curl for example.",
    "ブラウザーを表示する画面がありません（DISPLAY と WAYLAND_DISPLAY が空です）。デスクトップの端末から実行するか、"
    "--browser を付けずに実行してください。--shell corporate のシェルからは curl などで画面に接続できます。",
)
NO_BROWSER = Words(
    "No browser was found that can run here: {known}. One that comes as a snap, as Ubuntu's do, cannot. Install one as "
    "a package, for example the .deb of Google Chrome or Microsoft Edge.",
    "ここで動かせるブラウザーが見つかりません（{known}）。Ubuntu 標準のような snap 版は使えません。Google Chrome や "
    "Microsoft Edge の .deb などのパッケージをインストールしてください。",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "firefox")
_OF_CHROMIUM = ("--no-sandbox", "--test-type", "--no-first-run", "--no-default-browser-check",
                "--disable-background-networking", "--disable-features=Translate")  # fmt: skip
"""It refuses to run as uid 0, which everybody is in here, with its sandbox; `--test-type` spares the warning of it."""


def find() -> str:
    """Give the path of a browser that can be shown here.

    Raises:
        Failure: there is no screen, or no browser.

    """
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise Failure(NO_SCREEN.plain(language()))
    for path in filter(None, map(shutil.which, BROWSERS)):
        if not _is_snap(Path(path)):
            return path
    raise Failure(NO_BROWSER.say(language(), known=", ".join(BROWSERS)))


def _is_snap(program: Path) -> bool:
    """Say whether a program only asks for a snap: by a link to its launcher, or by a script as Ubuntu's packages."""
    with program.open("rb") as opened:
        return program.resolve().name == "snap" or b"/snap/bin/" in opened.read(4096)


def show(program: str, prefix: Sequence[str], address: str) -> "subprocess.Popen[bytes]":
    """Open an address in a window; `prefix` are the words before a command of the host that it stands on."""
    home = namespaces.HOME / "browser"
    home.mkdir(exist_ok=True)
    profile = home / "profile"
    profile.mkdir(exist_ok=True)
    words = (
        ["--no-remote", "--profile", str(profile)]
        if Path(program).name.startswith("firefox")
        else [*_OF_CHROMIUM, f"--user-data-dir={profile}"]
    )
    return subprocess.Popen(
        [*prefix, program, *words, address],
        env=_environment(os.environ, home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,  # an interrupt at the terminal is not for it
    )


def _environment(given: Mapping[str, str], home: Path) -> dict[str, str]:
    """Give the person's environment with another home, but the key to their screen, which lies in their own."""
    kept = {name: value for name, value in given.items() if name not in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    key = given.get("XAUTHORITY") or str(Path(given.get("HOME", "/")) / ".Xauthority")
    return {**kept, "HOME": str(home), "XAUTHORITY": key}
