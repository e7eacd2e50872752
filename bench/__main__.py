"""Run the benches: `make bench`, or `python -m bench [NAME...] [--json FILE]` inside `python -m tests.postgresql`.

Prints a table and the same figures as JSON. Exit code 1 if a figure is over its limit.
"""

import argparse
import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.measure import Ratio

BENCHES = {
    "adapters": "bench.adapters",
    "cold": "bench.cold",
    "inbox": "bench.inbox",
    "pages": "bench.pages",
    "people": "bench.people",
    "rehearsal": "bench.rehearsal",
    "site": "bench.site",
    "warm": "bench.warm",
}
"""Name -> module with `run() -> list[Ratio]`."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in BENCHES]:
        parser.error(f"there is no bench {unknown[0]}; there are {', '.join(BENCHES)}")
    ratios: list[Ratio] = []
    for name in options.names or BENCHES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        ratios += importlib.import_module(BENCHES[name]).run()
    figures = json.dumps([asdict(ratio) for ratio in ratios], ensure_ascii=False, indent=1)
    print(_table(ratios))
    print(figures)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(figures + "\n", encoding="utf-8")
    return 0 if all(ratio.is_kept for ratio in ratios) else 1


def _table(ratios: list[Ratio]) -> str:
    lines = ["| bench | what | times as much as | ratio | limit |", "|---|---|---|---|---|"]
    for ratio in ratios:
        limit = "" if ratio.limit is None else f"{ratio.limit:g}"
        over = "" if ratio.is_kept else " (over)"
        lines.append(f"| {ratio.bench} | {ratio.name} | {ratio.than} | {ratio.value:.2f}{over} | {limit} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
