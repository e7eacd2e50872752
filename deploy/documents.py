"""`python -m deploy documents`: write the documents that are made from this package; `--check` only compares."""

import argparse
from pathlib import Path

from deploy.words import Words, language

ROOT = Path(__file__).parents[1]
STALE = Words(
    "{path} is out of date; write it again with: python -m deploy documents",
    "{path} が古くなっています。次のコマンドで作り直してください: python -m deploy documents",
)
WRITTEN = Words("{path} is written.", "{path} を作成しました。")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("documents", help="write the documents made from code", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which are out of date")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write or compare; 1 when a document is out of date."""
    status = 0
    for name, content in documents().items():
        path = ROOT / name
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        if arguments.check:
            print(STALE.say(language(), path=name))
            status = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            print(WRITTEN.say(language(), path=name))
    return status


def documents() -> dict[str, str]:
    """Path in the tree -> content."""
    from datetime import date

    from deploy import doors, reasons, stage_file
    from deploy.closedness import cases, guide, report
    from deploy.cost import chart, model, prices
    from deploy.cost.verb import DEFAULT_REQUESTS
    from deploy.map import draw, picture
    from deploy.verify import guide as verify

    example = stage_file.read("poc")
    tokyo = prices.read("ap-northeast-1")
    bills = [
        model.stage_bill(example, tokyo, DEFAULT_REQUESTS),
        *model.alternatives(tokyo, DEFAULT_REQUESTS, example),
    ]
    drawn = picture.picture(example)
    return {
        "docs/network.svg": draw.svg(drawn, "en"),
        "docs/network.ja.svg": draw.svg(drawn, "ja"),
        "docs/cost.svg": chart.svg(bills, name=tokyo.name, requests=DEFAULT_REQUESTS, language="en"),
        "docs/cost.ja.svg": chart.svg(bills, name=tokyo.name, requests=DEFAULT_REQUESTS, language="ja"),
        "docs/guide/doors.md": doors.document("en", tokyo),
        "docs/guide/doors.ja.md": doors.document("ja", tokyo),
        "docs/why.md": reasons.document("en"),
        "docs/why.ja.md": reasons.document("ja"),
        "docs/stage.md": _stage_document(),
        "docs/closedness.md": guide.document("en"),
        "docs/closedness.ja.md": guide.document("ja"),
        "docs/verify.md": verify.document("en"),
        "docs/verify.ja.md": verify.document("ja"),
        # Without a day: it changes when what it judges does.
        "docs/closedness-poc.html": report.page(cases.of_example(example, date.min)),
    }


def _stage_document() -> str:
    """The table of every key of a stage file."""
    from deploy.init import value
    from deploy.keys import KEYS, TABLES

    lines = [
        "# Every key of a stage file / ステージファイルの全項目",
        "",
        "Made by `python -m deploy documents` from `deploy/keys/`. `python -m deploy init NAME` writes a file "
        "with all of",
        "them at their defaults. `deploy/keys/` から作成しています。",
        "",
        "| key | takes | default | why | 説明 |",
        "|---|---|---|---|---|",
    ]
    for key in KEYS:
        takes = key.kind.name.replace("|", "\\|")
        lines.append(f"| `{key.path}` | {takes} | `{value(key.default)}` | {key.why.en} | {key.why.ja} |")
    for table, why in TABLES.items():
        lines.append(f"| `[{table}]` | table | | {why.en} | {why.ja} |")
    return "\n".join(lines) + "\n"
