"""`python -m deploy map STAGE`: the network that a stage's templates make, as an SVG for a design review."""

import argparse
from pathlib import Path

from deploy.failure import write
from deploy.words import Words, language

WRITTEN = Words("{path} is drawn.", "{path} を描きました。")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("map", help="draw a stage's network", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--out", type=Path, metavar="F.svg", help="where (STAGE.svg)")
    parser.add_argument("--language", choices=("ja", "en"), help="of the picture (the terminal's)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Draw it."""
    from deploy import stage_file
    from deploy.map import draw, picture

    stage = stage_file.read(arguments.stage)
    path = arguments.out or Path(f"{stage.name}.svg")
    write(path, draw.svg(picture.picture(stage), arguments.language or language()))
    print(WRITTEN.say(language(), path=path))
    return 0
