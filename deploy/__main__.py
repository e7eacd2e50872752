"""`python -m deploy VERB ...`: everything that builds, checks and deploys a stage."""

import argparse
import importlib
import os
import sys

from deploy.failure import Failure
from deploy.verbs import ALONE, VERBS


def parser(verb: str = "") -> argparse.ArgumentParser:
    """Return the parser of every verb, or of `verb` alone where it is one of `ALONE`."""
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    subparsers = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name in (ALONE[verb],) if verb in ALONE else VERBS:
        importlib.import_module(name).register(subparsers)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the verb that the arguments name and return its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    parsed = parser(next(iter(given), "")).parse_args(given)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # whoever pressed the keys knows; a trace would only hide what was said last
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the output, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
