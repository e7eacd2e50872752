"""`python -m deploy init NAME`: write a commented stage file in which every key is explained and has a safe default.

Zappa is told of the stage as well.
"""

import argparse
import json
import textwrap
from pathlib import Path

from deploy.failure import Failure, write
from deploy.keys import DESTINATION_KEYS, EXCEPTION_KEYS, KEYS, SECTIONS, TABLES
from deploy.words import Words, language

EXISTS = Words("{path} exists already; it was left as it is.", "{path} は既にあります。変更していません。")
WRITTEN = Words(
    "{path} is written. Now set corporate.cidrs and network.cidr, then: python -m deploy stacks {name} --plan",
    "{path} を作成しました。corporate.cidrs と network.cidr を設定してから、次を実行してください: "
    "python -m deploy stacks {name} --plan",
)
KNOWN_TO_ZAPPA = Words(
    '{path} has the stage "{name}" now. Its aws_region ({region}) must be the stage file\'s aws.region: change both or '
    "neither.",
    '{path} に "{name}" を追加しました。aws_region（{region}）はステージファイルの aws.region と同じ値にしてください。',
)
NO_SETTINGS = Words(
    "{path} is not JSON ({reason}). Put it right, then add the stage beside the others.",
    "{path} を JSON として読めません（{reason}）。直してから、ほかのステージと同じ形で追加してください。",
)
ZAPPA = Path(__file__).parents[1] / "zappa_settings.json"
HEAD = (
    "# One stage, one file. Every key stands here with its safe default: change what differs, delete what does not.\n"
    "# ステージごとに一つのファイルです。すべてのキーを既定値で載せています。違うものだけ変えてください。\n"
)


EXCEPTION = {
    "rule": '"dns-resolver"',
    "resource": '"network.Vpc"',
    "reason": '"Only functions are in this VPC; DNS Firewall follows in March."',
    "by": '"Hanako Tanaka, information security"',
    "signed": "2026-11-22",
    "until": "2027-03-31",
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("init", help="write a commented stage file", description=__doc__)
    parser.add_argument("stage", metavar="NAME")
    parser.add_argument("--folder", type=Path, default=None, help="where (deploy/stages/)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file; an existing one is never touched."""
    from deploy import stage_file

    name, folder = arguments.stage, arguments.folder or stage_file.STAGES
    if not stage_file.NAME.fullmatch(name):
        raise Failure(f"NAME = {name!r}: {stage_file.NAME_RULE.plain(language())}")
    path = folder / f"{name}.toml"
    if path.exists():
        raise Failure(EXISTS.say(language(), path=path))
    content = text()
    stage = stage_file.parse(content, name=name, path=path)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    print(WRITTEN.say(language(), path=path, name=name))
    if arguments.folder is None and make_known_to_zappa(ZAPPA, name, stage.region):
        print(KNOWN_TO_ZAPPA.say(language(), path=ZAPPA, name=name, region=stage.region))
    return 0


def make_known_to_zappa(path: Path, name: str, region: str) -> bool:
    """Add a stage to Zappa's settings, which every stage needs; say whether it was not there. The rest stays as it is.

    Raises:
        Failure: when the file is no JSON object.

    """
    content = path.read_text(encoding="utf-8")
    try:
        if name in json.loads(content):
            return False
    except ValueError as error:
        raise Failure(NO_SETTINGS.say(language(), path=path, reason=error)) from error
    own = {name: {"extends": "common", "aws_region": region}}
    added = json.dumps(own, indent=4).removeprefix("{").removesuffix("}").rstrip()
    changed = f"{content.rstrip().removesuffix('}').rstrip()},{added}\n}}\n"
    json.loads(changed)
    write(path, changed)
    return True


def text() -> str:
    """Give a stage file with every key at its default, explained in both languages."""
    parts = [HEAD]
    for section, title in SECTIONS.items():
        lines = [f"# ---- {title.en} / {title.ja}"]
        if section:
            lines.append(f"[{section}]")
        for key in (key for key in KEYS if key.section == section):
            lines += _comment(key.why)
            lines += [f"# {key.kind.name}", f"{key.name} = {value(key.default)}", ""]
        if section == "dns":
            lines += [*_comment(TABLES["dns.fixed"]), "# [dns.fixed]", '# "erp.corp.example.co.jp" = ["10.1.2.20"]', ""]
        parts.append("\n".join(lines))
    parts.append(_free_tables())
    return "\n".join(parts)


def _free_tables() -> str:
    lines = [*_comment(TABLES["tags"]), "[tags]", '# cost-center = "1234"', ""]
    lines += [*_comment(TABLES["destinations"]), "# [destinations.erp]"]
    example = {"addresses": ["10.1.2.20"], "ports": [443], "from": ["tasks"]}
    for key, (_, _, why) in DESTINATION_KEYS.items():
        lines.append(f"# {key} = {value(example[key])}  # {why.en} / {why.ja}")
    lines += ["", *_comment(TABLES["exceptions"]), "# [exceptions.names]"]
    for key, (_, _, why) in EXCEPTION_KEYS.items():
        lines.append(f"# {key} = {EXCEPTION[key]}  # {why.en} / {why.ja}")
    return "\n".join(lines) + "\n"


def _comment(words: Words) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(words.en, 108)] + [f"# {words.ja}"]


def value(given: object) -> str:
    """Write a value as TOML."""
    return json.dumps(list(given) if isinstance(given, tuple) else given, ensure_ascii=False)
