"""Everything that can be said about the code without running it: `make check`, or `python -m project.checks [NAME...]`.

Two checks run at a time. Each prints one line when it ends, and its output only when it failed; all are run, so that
one round of mending is enough.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from project.bootstrap import ROOT

_PYTHON = sys.executable
_PROGRAMS = Path(_PYTHON).parent
_HERE = [_PYTHON, "-m", "project.checks"]

CHECKS: dict[str, list[str | Path]] = {
    # The slowest begin first.
    "types": [_PROGRAMS / "mypy", "."],
    "page": [_PYTHON, "project/bootstrap.py", "npm", "run", "check", "--silent"],
    "migrations": [_PYTHON, "-m", "tests.postgresql", *_HERE, "--inside", "migrations"],
    "documents": [_PYTHON, "-m", "project.documents", "--check"],
    "prove": [_PYTHON, "-m", "deploy", "prove"],
    "models": [_PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "django": [_PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "messages": [_PYTHON, "manage.py", "messages", "--check"],
    "imports": [_PROGRAMS / "lint-imports", "--no-cache"],
    "lint": [_PROGRAMS / "ruff", "check", "--output-format", "concise", "."],
    "format": [_PROGRAMS / "ruff", "format", "--check", "."],
    "locks": [*_HERE, "--inside", "locks"],
}


def lint_migrations() -> list[str]:
    """Return what in our migrations would break the code that still runs while they are applied, on PostgreSQL.

    SQLite is left out: nothing but a developer's machine uses it, where code and tables change together.
    """
    import django

    django.setup()
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    ours = [config.label for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT / "api")]
    linter = MigrationLinter(include_apps=ours, no_cache=True, all_warnings_as_errors=True)
    linter.lint_all_migrations()
    if linter.nb_total == 0:
        return ["No migration was looked at."]
    return ["A migration is not safe; see above."] if linter.has_errors else []


def lock_problems(root: Path = ROOT) -> list[str]:
    """Return what is wrong with the lock files: an index's address, or a dependency they do not hold."""
    problems = [
        f"{file.relative_to(root)} names an address: {address}. Lock again with `make lock`."
        for file in [*root.glob("requirements*.txt"), *_npm_locks(root)]
        for address in re.findall(r"(?:https?|file)://\S+|--(?:extra-)?index-url.*", _without_notices(file))
    ]
    declared = tomllib.loads((root / "pyproject.toml").read_text())
    groups = {"requirements.txt": declared["project"]["dependencies"]}
    groups |= {f"requirements-{name}.txt": lines for name, lines in declared["dependency-groups"].items()}
    for file, lines in groups.items():
        locked = dict(re.findall(r"^([\w.-]+)==(\S+)", (root / file).read_text(), re.MULTILINE))
        # A group may also include another one, which has a file of its own.
        for requirement in (Requirement(line) for line in lines if isinstance(line, str)):
            version = locked.get(requirement.name.lower())
            if version is None or Version(version) not in requirement.specifier:
                problems.append(f"{file} has {version or 'no version'} of {requirement}. Lock again with `make lock`.")
    return problems


def _npm_locks(root: Path) -> list[Path]:
    return [root / "spa" / "package-lock.json", *root.glob("tests/deploy/closedness/simulator/package-lock.json")]


def _without_notices(file: Path) -> str:
    """Return the text of a lock file without npm's notes on licences and funding, which hold harmless addresses."""
    if file.suffix != ".json":
        return file.read_text()
    packages = json.loads(file.read_text())["packages"]
    return "\n".join(str(package.get("resolved", "")) for package in packages.values())


_INSIDE: dict[str, Callable[[], list[str]]] = {"migrations": lint_migrations, "locks": lock_problems}


def _run(name: str, environment: dict[str, str]) -> tuple[str, bool, float, str]:
    begin = time.monotonic()
    ended = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return name, ended.returncode == 0, time.monotonic() - begin, ended.stdout


def main(arguments: list[str]) -> int:
    """Run the named checks, all without a name; return an exit code."""
    parser = argparse.ArgumentParser(prog="python -m project.checks", description=__doc__)
    parser.add_argument("--inside", choices=_INSIDE, help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CHECKS))
    options = parser.parse_args(arguments)
    if options.inside:
        problems = _INSIDE[options.inside]()
        print(*problems, sep="\n")
        return 1 if problems else 0
    if unknown := [name for name in options.names if name not in CHECKS]:
        parser.error(f"there is no check {unknown[0]!r}; these are: {', '.join(CHECKS)}")

    failed = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(max_workers=2) as threads:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CLOISTER_")},
            "CLOISTER_STAGE": "local",
            "CLOISTER_SECRET_KEY": "only for checks",
            "CLOISTER_SQLITE_FILE": str(Path(folder, "checks.sqlite3")),
            "DJANGO_SETTINGS_MODULE": "project.settings",
        }
        runs = [threads.submit(_run, name, environment) for name in options.names or CHECKS]
        for run in as_completed(runs):
            name, passed, seconds, output = run.result()
            print(f"{'ok    ' if passed else 'FAILED'} {name:<11} {seconds:6.1f} s", flush=True)
            if not passed:
                failed.append(name)
                print(output)
    if failed:
        print(f"Failed: {', '.join(failed)}. One alone: .venv/bin/python -m project.checks {failed[0]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
