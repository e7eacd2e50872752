"""The command lines that the guide to deployment shows, in the order in which a person comes to them."""

import re
import shlex
from pathlib import Path

from tests.deploy.paths import ROOT

GUIDE = ROOT / "docs/guide/deployment.md"
STAGE = "trial"
_COMMAND = re.compile(rf"^ {{4,}}(\S.*)$|`((?:python|zappa) [^`]*(?:{STAGE}|\.py)[^`]*)`", re.MULTILINE)

LEFT_OUT = {
    "make setup": "CI itself begins with it",
    "aws sso login --profile corp": "opens a browser at the company's own sign-in",
    "zappa tail trial": "goes on until it is interrupted",
    "if (dnsDomainIs(": "a line of the company's PAC file",
}
"""How a line begins -> why no test runs it as a command."""


def lines(page: Path) -> list[str]:
    """Return every command of a page without its comment: those in blocks, and those in a sentence."""
    found = [block or inline for block, inline in _COMMAND.findall(page.read_text(encoding="utf-8"))]
    return [re.sub(r"\s+#\s.*", "", line) for line in found]


def to_run(page: Path) -> list[str]:
    """Return those that a test runs in the clone: what takes the stage down comes last."""
    wanted = [line for line in lines(page) if not is_for_the_shell(line) and not line.startswith(tuple(LEFT_OUT))]
    return sorted(wanted, key=lambda line: shlex.split(line)[:4] == ["python", "-m", "deploy", "down"])


def is_for_the_shell(line: str) -> bool:
    """Say whether a line only changes the shell that it is typed into."""
    return line.startswith(("export ", "source "))
