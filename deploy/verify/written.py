"""One self-contained file from the runner and a document: Python that any 3.9 runs, PowerShell, or the document."""

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.failure import Failure
from deploy.words import Words, language

RUNNER = Path(__file__).parent / "runner"
MODULES = ("network", "session", "doors", "walls", "site", "journey", "report", "command")
"""In the order in which they use each other."""
POWERSHELL = Path(__file__).with_name("verify.ps1")

UNKNOWN_FORM = Words(
    "{path}: name a file that ends in .py, .ps1 or .json.",
    "{path}: .py、.ps1、.json のいずれかで終わるファイル名を指定してください。",
)


def text(document: Mapping[str, Any], path: Path) -> str:
    """Return the content of a file that carries out `document`, of the form that the path's ending names."""
    forms = {".py": python, ".ps1": powershell, ".json": _json}
    if path.suffix not in forms:
        raise Failure(UNKNOWN_FORM.say(language(), path=path))
    return forms[path.suffix](document)


def python(document: Mapping[str, Any]) -> str:
    """Return the runner's modules as one, each import once, and the document as a string of JSON."""
    imports: dict[str, set[str]] = {}
    bodies = []
    for name in MODULES:
        source = (RUNNER / f"{name}.py").read_text(encoding="utf-8")
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            span = slice(node.lineno - 1, node.end_lineno)
            if not _is_ours(node) and not _is_future(node):
                source_module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                imports.setdefault(source_module, set()).update(ast.unparse(alias) for alias in node.names)
            lines[span] = [""] * len(lines[span])
        bodies.append(f"# --- {name} ---\n" + re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines).strip()))
    head = [
        "#!/usr/bin/env python3",
        f'"""Look at the stage {document["stage"]}: python FILE --help. Python 3.9 or later, nothing to install."""',
        "",
        "from __future__ import annotations",
        "",
        *(f"import {name}" for name in sorted(imports.pop("", set()))),
        *(f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(imports.items())),
    ]
    tail = [
        # JSON never has three quotes in a row, and in a raw string its backslashes stay what they are.
        f'DOCUMENT = r"""{_json(document)}"""',
        "",
        'if __name__ == "__main__":',
        "    sys.exit(main(json.loads(DOCUMENT)))",
        "",
    ]
    return "\n".join([*head, "", *(f"\n{body}\n" for body in bodies), "", *tail])


def powershell(document: Mapping[str, Any]) -> str:
    """Return the PowerShell form. It begins with a byte order mark: 5.1 takes anything else for the old code page."""
    source = POWERSHELL.read_text(encoding="utf-8")
    # In a here-string of single quotes nothing is special but a line that begins with '@.
    return "\ufeff" + source.replace("@@DOCUMENT@@", _json(document).rstrip()).replace("\n", "\r\n")


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _is_ours(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("deploy.")


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
