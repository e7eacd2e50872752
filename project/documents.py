"""Files of the repository that are made from code: `python -m project.documents [--check] [FILE...]`.

`make check` fails where one is not what the code says.
"""

import argparse
import difflib
import os
import sys

from project.application import APPLICATION
from project.bootstrap import ROOT
from project.environment import STAGE, VARIABLES, Variable

DOCUMENTS: dict[str, str] = {"docs/settings.md": "project.documents.settings", **APPLICATION.documents}
"""File, from the root of the repository -> dotted path of the function of no arguments that returns its text."""

_DIFFERENCE = 40  # lines shown of it


def settings() -> str:
    """Return docs/settings.md: every variable of `project.environment`."""
    lines = [
        "<!-- Made from project/environment.py by `make documents`; do not edit. -->",
        "# Settings",
        "",
        "Everything is set by environment variables, which `project/settings.py` alone reads. A process whose",
        f"`{STAGE.name}` is `local` runs with the defaults of the column *local*; `manage.py` sets that when it is",
        "not set. Every other value names a deployed stage: what is marked **required** must be set there, or the",
        "process does not start and says which variable is missing.",
        "",
        "A stage's file gives most of them. The others are written in `zappa_settings.json`, as",
        "`aws_environment_variables` of the stage; the next `up` gives them to all that runs the code.",
        "",
        "| variable | meaning | local | stage | example |",
        "|---|---|---|---|---|",
        *(_row(variable) for variable in VARIABLES.values()),
        "",
    ]
    return "\n".join(lines)


def _row(variable: Variable) -> str:
    def default(value: str | None) -> str:
        if value is None:
            return "**required**"
        return f"`{value}`" if value else "(empty)"

    meaning = variable.purpose + (" **Secret.**" if variable.secret else "")
    local = "set by `manage.py`" if variable is STAGE else default(variable.local)
    return f"| `{variable.name}` | {meaning} | {local} | {default(variable.deployed)} | `{variable.example}` |"


def difference(file: str) -> list[str]:
    """Return the lines by which a file differs from what the code says; none when it is up to date."""
    path = ROOT / file
    present = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return list(difflib.unified_diff(present, text_of(file).splitlines(), file, "the code", lineterm=""))


def text_of(file: str) -> str:
    """Return what the code says a document is."""
    from django.utils.module_loading import import_string

    made: str = import_string(DOCUMENTS[file])()
    return made


def main(arguments: list[str]) -> int:
    """Write the documents, or with `--check` say which are out of date; return an exit code."""
    parser = argparse.ArgumentParser(prog="python -m project.documents", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if a file is out of date")
    parser.add_argument("files", nargs="*", metavar="FILE", help=", ".join(DOCUMENTS))
    options = parser.parse_args(arguments)
    if unknown := [file for file in options.files if file not in DOCUMENTS]:
        parser.error(f"{unknown[0]} is not a generated file; these are: {', '.join(DOCUMENTS)}")

    os.environ.setdefault(STAGE.name, "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    code = 0
    for file in options.files or DOCUMENTS:
        lines = difference(file)
        if not lines:
            continue
        if options.check:
            code = 1
            print(*lines[:_DIFFERENCE], sep="\n")
            print(f"{file} is not what the code says: run `make documents` and commit the result.")
        else:
            (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / file).write_text(text_of(file), encoding="utf-8")
            print(f"wrote {file}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
