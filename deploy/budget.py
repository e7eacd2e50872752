"""`python -m deploy budget`: what the function imports at start, against the committed list.

Each module costs its share of every cold start, and one import can bring a hundred. The list is what there was
when somebody last looked; a new name in it is a decision, made by `--write`. The application's own modules are
free, what they bring is not.
"""

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

LIST = Path(__file__).parent / "artefact" / "start_modules.txt"
# Started without a database, so that it is the same everywhere; PostgreSQL's modules are imported all the same.
VARIABLES = {
    "CLOISTER_STAGE": "budget",
    "CLOISTER_SECRET_KEY": "a key that signs nothing, because this process only starts and ends",
    "CLOISTER_ALLOWED_HOSTS": "localhost",
    "CLOISTER_DATABASE_HOST": "127.0.0.1",
    "CLOISTER_DATABASE_PORT": "1",
    "CLOISTER_DATABASE_USER": "nobody",
    "CLOISTER_DATABASE_PASSWORD": "none",
    "CLOISTER_DATABASE_ROOT_CERTIFICATE": "/nowhere/ca.pem",
}
_SCRIPT = """
import sys, awslambdaric.bootstrap, awslambdaric.lambda_runtime_client
before = set(sys.modules)
import project.lambda_handler
print(*sorted(set(sys.modules) - before), sep="\\n")
"""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("budget", help="compare what a start imports with the list", description=__doc__)
    parser.add_argument("--write", action="store_true", help="make this the list")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare, or write; the exit status says whether the list holds."""
    from deploy.artefact import archive, build

    with tempfile.TemporaryDirectory(prefix="cloister-budget-") as work:
        archive.unpack(build.artefact("x86_64").archive, Path(work), read_only=False)
        found = imported(Path(work))
    if arguments.write:
        LIST.write_text("\n".join(sorted(found)) + "\n")
        print(f"{len(found)} modules written to {LIST.name}")
        return 0
    added, gone = sorted(found - listed()), sorted(listed() - found)
    for name in added:
        print(f"+ {name}")
    for name in gone:
        print(f"- {name}")
    print(f"{len(found)} modules at start, {len(added)} new and {len(gone)} gone. `--write` accepts that.")
    return 1 if added else 0


def listed() -> set[str]:
    """Return the committed list."""
    return set(LIST.read_text().split())


def imported(task_root: Path) -> set[str]:
    """Return the modules that a start of the unpacked artefact imports, beyond the runtime's and its own."""
    from deploy.artefact.build import OWN
    from deploy.rehearsal import runtime

    done = subprocess.run(
        [runtime.INTERPRETER, "-S", "-c", _SCRIPT],
        cwd=task_root,
        env={"PATH": os.defpath, "PYTHONPATH": str(runtime.folder()), "PYTHONTZPATH": "", **VARIABLES},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name for name in done.stdout.split() if name.partition(".")[0] not in OWN}
