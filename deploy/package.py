"""`python -m deploy package`: build the zip that Lambda runs, with its bill of materials and licences."""

import argparse
from pathlib import Path


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("package", help="build the zip that Lambda runs", description=__doc__)
    parser.add_argument("--architecture", choices=("x86_64", "arm64"), default="x86_64")
    parser.add_argument("--folder", type=Path, default=None, help="where to put it (build/)")
    parser.add_argument("--fresh", action="store_true", help="build it even if nothing has changed")

    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build it and say what it is."""
    from deploy.artefact import build

    built = build.artefact(
        arguments.architecture, *([arguments.folder] if arguments.folder else []), fresh=arguments.fresh
    )
    print(f"{built.archive}  {built.zipped / 2**20:.1f} MiB zipped, {built.unzipped / 2**20:.1f} MiB unzipped")
    print(f"  {built.architecture}, {built.modules} modules compiled, SHA-256 {built.sha256}")
    print(f"  {built.bill_of_materials.name}, {built.licences.name}")
    return 0
