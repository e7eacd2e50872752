"""What a company hands out, made in the local cloud before anything else: what a stage file names and nobody here has.

The local cloud gives ids of its own. They take the place of the handed-out ones in a copy of the stage file, which lies
over the real one inside the rehearsal's own mounts and nowhere else.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy import stage_file
from deploy.aws import Account
from deploy.failure import Failure
from deploy.rehearsal.namespaces import HOME, run
from deploy.stage import Stage
from deploy.words import Words, language

HOST = "ringi.corp.example.co.jp"
"""The company's name that is rehearsed with where the stage file has none."""
CERTIFICATE = "arn:aws:acm:{region}:123456789012:certificate/00000000-0000-4000-8000-000000000000"
"""Stands in the stage file until there is one."""
SECTION = re.compile(r"^\[(?P<name>[\w.]+)\]\s*$")


def chosen(text: str, changes: Mapping[str, str]) -> str:
    """Write other values for keys into a stage file's text: `{"door": "api", "balancer.host": "..."}`."""
    for path, value in changes.items():
        section, _, key = path.rpartition(".")
        text = _changed(text, section, key, f'{key} = "{value}"')
    return text


def _changed(text: str, section: str, key: str, line: str) -> str:
    lines, here = text.splitlines(), ""
    for place, held in enumerate(lines):
        found = SECTION.match(held)
        here = found["name"] if found else here
        if here == section and re.match(rf"{key}\s*=", held):
            lines[place] = line
            return "\n".join([*lines, ""])
    if not section:
        return "\n".join([line, *lines, ""])
    heading = f"[{section}]"
    if heading in lines:
        lines.insert(lines.index(heading) + 1, line)
        return "\n".join([*lines, ""])
    return "\n".join([*lines, heading, line, ""])
