"""Which AWS services the application's code signs calls to: the code says it where it makes a signer."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("api", "project")
SIGNED = re.compile(r"\bservice=\"([a-z0-9-]+)\"")
"""The application has no AWS library: whoever calls a service signs for it by this name (api/integrations/aws)."""


@dataclass(frozen=True)
class Call:
    """One place where a service is called."""

    service: str
    file: str
    line: int


@cache
def calls(root: Path = ROOT) -> tuple[Call, ...]:
    """Give the first place of each service, in the order of files."""
    found: dict[str, Call] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            for match in SIGNED.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                found.setdefault(match[1], Call(match[1], str(path.relative_to(root)), line))
    return tuple(found.values())
