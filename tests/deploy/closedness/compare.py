"""`make compare`: the same holes before other scanners. Writes docs/closedness-compared.md; not part of the suites.

    python -m tests.deploy.closedness.compare CHECKOV_PROGRAM [GUARD_PROGRAM GUARD_RULES]

Each scanner sees the templates with and without the hole; it caught a hole when it says something that it did not say
of the untouched ones. checkov is installed apart (`make compare`), since it brings 268 MB along; cfn-guard is no Python
package and is taken where the machine has it.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from deploy import blueprint
from deploy.closedness import subject
from deploy.closedness.judgement import judge
from tests.deploy.closedness.mutations import COMPLETENESS, EXPOSURE, GRAPH, MUTATIONS, POLICY, Mutation
from tests.deploy.paths import ROOT

Said = set[tuple[str, ...]]
DOCUMENT = ROOT / "docs" / "closedness-compared.md"
GROUPS = {
    "ways to the internet": GRAPH,
    "what answers to whom": EXPOSURE,
    "who may do what": POLICY,
    "nothing missing, nothing idle": COMPLETENESS,
}


def checkov(program: str) -> Callable[[dict[str, str]], Said]:
    """Ask checkov about several files; give (file, check, resource) of what failed."""

    def ask(files: dict[str, str]) -> Said:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            command = [program, "-d", folder, "--framework", "cloudformation", "--compact", "--quiet", "-o", "json"]
            done = subprocess.run([*command, "--skip-download"], capture_output=True, text=True, check=False)
            answer = json.loads(done.stdout)
            failed = answer["results"]["failed_checks"] if isinstance(answer, dict) else []
            return {(Path(one["file_path"]).name, one["check_id"], one["resource"]) for one in failed}

    return ask


def guard(program: str, rules: str) -> Callable[[dict[str, str]], Said]:
    """Ask cfn-guard about several files with a folder of rules; give (file, rule) of what failed."""

    def ask(files: dict[str, str]) -> Said:
        with tempfile.TemporaryDirectory() as folder:
            found: Said = set()
            for name, text in files.items():
                path = Path(folder) / name
                path.write_text(text, encoding="utf-8")
                command = [program, "validate", "-r", rules, "-d", str(path), "--show-summary", "none", "-o", "json"]
                done = subprocess.run([*command, "--structured"], capture_output=True, text=True, check=False)
                for report in json.loads(done.stdout or "[]"):
                    found |= {(name, one["Rule"]["name"]) for one in report.get("not_compliant", [])}
            return found

    return ask


def compare(ask: Callable[[dict[str, str]], Said]) -> dict[str, bool]:
    """Say of each hole whether a scanner says something new about it; all holes go in one call."""
    clean = {f"{noun}.yaml": blueprint.template(noun).text for noun in blueprint.ORDER}
    before = {(name.partition(".")[0], *rest) for name, *rest in ask(clean)}
    holes = {f"{number:03}--{hole.template}.yaml": hole for number, hole in enumerate(MUTATIONS)}
    after: dict[str, set[tuple[str, ...]]] = {}
    for name, *rest in ask({name: hole.text() for name, hole in holes.items()}):
        after.setdefault(name, set()).add((name.partition("--")[2].removesuffix(".yaml"), *rest))
    return {hole.name: bool(after.get(name, set()) - before) for name, hole in holes.items()}


def _ours(hole: Mutation) -> bool:
    judgement = judge(hole.world())
    found = {one.key for one in (*judgement.findings, *judgement.nature)}
    return hole.found <= found - {one.key for one in judge(subject.of_stage(hole.stage)).nature}


def document(results: dict[str, dict[str, bool]]) -> str:
    """Write the table."""
    lines = [
        "# The same holes before other scanners",
        "",
        "Written by `make compare`. Each hole is one change of our own templates "
        "(`tests/deploy/closedness/mutations/`). A scanner",
        "caught it when it said something that it does not say of the untouched templates, whatever that was; `prove` "
        "only when it was",
        "the right rule on the right resource and nothing else. The others look for more than closedness, and are "
        "good at that.",
        "",
        f"| | {' | '.join(results)} |",
        f"|---|{'---|' * len(results)}",
    ]
    for title, held in GROUPS.items():
        cells = [f"{sum(caught[hole.name] for hole in held)} of {len(held)}" for caught in results.values()]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    every = [hole for held in GROUPS.values() for hole in held]
    cells = [f"{sum(caught[hole.name] for hole in every)} of {len(every)}" for caught in results.values()]
    lines += [
        f"| **all** | {' | '.join(cells)} |",
        "",
        f"| hole | {' | '.join(results)} |",
        f"|---|{'---|' * len(results)}",
    ]
    for hole in every:
        lines.append(
            f"| {hole.name} | {' | '.join('yes' if caught[hole.name] else '' for caught in results.values())} |"
        )
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Ask the scanners that are named, and write the table."""
    results = {"prove": {hole.name: _ours(hole) for hole in MUTATIONS}}
    if arguments:
        version = subprocess.run([arguments[0], "--version"], capture_output=True, text=True, check=True).stdout.strip()
        results[f"checkov {version}"] = compare(checkov(arguments[0]))
    if len(arguments) > 2:
        results["cfn-guard"] = compare(guard(arguments[1], arguments[2]))
    DOCUMENT.write_text(document(results), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
