"""`python -m deploy prove`: is this network closed? From templates or an inventory alone, without asking AWS.

Exit status: 0 closed, 1 findings, 2 cannot tell. Without STAGE or files: every option of ours alone, and pairwise.
"""

import argparse
import gc
import ipaddress
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.failure import Failure, write
from deploy.words import Language, Words, language

if TYPE_CHECKING:
    from deploy.cfn import TemplateError
    from deploy.closedness.cases import Case
    from deploy.closedness.world import Network

BAD_CIDR = Words(
    "--corporate-cidr {value}: write an address range, for example 10.1.0.0/16",
    "--corporate-cidr {value}: 10.1.0.0/16 のようなアドレス範囲を書いてください",
)
WIDE_CIDR = Words(
    "--corporate-cidr {value}: this holds most of the internet, so that everything would count as the company;"
    " name the company's own ranges, for example 10.1.0.0/16",
    "--corporate-cidr {value}: インターネットの大部分を含み、すべてが社内とみなされてしまいます。"
    "10.1.0.0/16 のように社内の範囲だけを書いてください",
)
WIDEST = {4: 8, 6: 7}
"""IP version -> the shortest prefix that a company can have: a whole class A (10.0.0.0/8), or fc00::/7."""
UNREADABLE = Words(
    "--template {place}: {problem}. Give the path of a template in YAML or JSON, saved as UTF-8.",
    "--template {place}: {problem}。UTF-8 で保存した YAML か JSON のテンプレートのパスを指定してください。",
)
BAD_PARAMETER = Words("--parameter {value}: write NAME=VALUE", "--parameter {value}: 名前=値 の形で書いてください")
ONE_SUBJECT = Words(
    "Give a STAGE, or --template files, not both; --inventory may stand beside either.",
    "STAGE か --template のどちらか一方を指定してください（--inventory はどちらにも添えられます）。",
)
UNJUDGED = Words(
    "This cannot be judged, so nothing was proved ({problem}). Check the files with CloudFormation's own validation.",
    "判定できないため、何も証明されていません（{problem}）。CloudFormation の検証機能でファイルを確かめてください。",
)
ONLY_WITH = Words(
    "--report needs a STAGE, --template or --inventory.",
    "--report には STAGE・--template・--inventory のいずれかが必要です。",
)

OF_TEMPLATES = Words(
    "--parameter {value} belongs to --template: a stage's values stand in its file.",
    "--parameter {value} は --template と一緒に指定してください。ステージの値はステージファイルに書きます。",
)
OF_FILES = Words(
    "--corporate-cidr {value} belongs to --template or --inventory: a stage's ranges stand in its file, as"
    " corporate.cidrs.",
    "--corporate-cidr {value} は --template か --inventory と一緒に指定してください。"
    "ステージの社内の範囲は、ステージファイルの corporate.cidrs に書きます。",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("prove", help="is this network closed?", description=__doc__)
    parser.add_argument("stage", metavar="STAGE", nargs="?", help="a stage file's name")
    parser.add_argument(
        "--template", type=Path, nargs="+", action="extend", default=[], metavar="FILE", help="anybody's templates"
    )
    parser.add_argument("--inventory", type=Path, metavar="FILE", help="what `python -m deploy inventory` saved")
    parser.add_argument("--parameter", action="append", default=[], metavar="K=V", help="of the templates")
    parser.add_argument("--corporate-cidr", nargs="+", action="extend", default=[], metavar="C", help="where users sit")
    parser.add_argument("--folder", type=Path, help="where stage files are (deploy/stages/)")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--report", type=Path, metavar="F.html", help="write a report that a reviewer can sign")
    parser.add_argument("--language", choices=("ja", "en"), help="of what is printed (the terminal's)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge what was asked for; `Failure` and unreadable input are told as 2, since nothing was proved."""
    from deploy.cfn import TemplateError

    try:
        return _run(arguments)
    except Failure as error:
        print(error, file=sys.stderr)
        return 2
    except TemplateError as error:
        print(_unread(error, arguments), file=sys.stderr)
        return 2
    except (RecursionError, TypeError, ValueError, LookupError, AttributeError) as error:
        # A stranger's template may hold anything; Python's own status would be that of findings.
        chosen: Language = arguments.language or language()
        print(UNJUDGED.say(chosen, problem=f"{type(error).__name__}: {error}"), file=sys.stderr)
        return 2


def _unread(error: "TemplateError", arguments: argparse.Namespace) -> str:
    """Say which file is no template, where in it, and why."""
    from deploy.closedness import cases, doubts

    chosen: Language = arguments.language or language()
    paths: list[Path] = arguments.template
    path = next((str(one) for one in paths if cases.name(one, paths) == error.template), error.template)
    place = f"{path}:{error.line}" if error.line else path
    return UNREADABLE.say(chosen, place=place, problem=doubts.told(error.problem, chosen))


def _run(arguments: argparse.Namespace) -> int:
    from deploy.closedness import told

    chosen: Language = arguments.language or language()
    if arguments.stage and arguments.template:
        raise Failure(ONE_SUBJECT.plain(chosen))
    _belongs(arguments, chosen)
    today = datetime.now(UTC).date()
    if not (arguments.stage or arguments.template or arguments.inventory):
        if arguments.report:
            raise Failure(ONLY_WITH.plain(chosen))
        return _every_combination(chosen, as_json=arguments.json)
    case = _case(arguments, chosen, today)
    if arguments.json:
        print(json.dumps(told.document(case), ensure_ascii=False, indent=1))
    else:
        print("\n".join(told.lines(case, chosen)))
    if arguments.report:
        from deploy.closedness import report

        write(arguments.report, report.page(case))
        print(told.WRITTEN.say(chosen, path=arguments.report), file=sys.stderr)
    return case.judgement.status


def _belongs(arguments: argparse.Namespace, chosen: Language) -> None:
    """Refuse what would be passed over in silence: the answer would be about something else."""
    if arguments.parameter and not arguments.template:
        raise Failure(OF_TEMPLATES.say(chosen, value=arguments.parameter[0]))
    if arguments.corporate_cidr and (arguments.stage or not (arguments.template or arguments.inventory)):
        raise Failure(OF_FILES.say(chosen, value=arguments.corporate_cidr[0]))


def _case(arguments: argparse.Namespace, chosen: Language, today: date) -> "Case":
    from deploy.closedness import cases

    corporate = _corporate(arguments.corporate_cidr, chosen)
    if arguments.stage:
        return cases.of_stage(arguments.stage, arguments.inventory, today, folder=arguments.folder)
    return cases.of_files(
        arguments.template, _parameters(arguments.parameter, chosen), corporate, arguments.inventory, today
    )


def _corporate(texts: list[str], chosen: Language) -> "tuple[Network, ...] | None":
    found = tuple(_read(ipaddress.ip_network, text, BAD_CIDR, chosen) for text in texts)
    for network in found:
        if network.prefixlen < WIDEST[network.version]:
            raise Failure(WIDE_CIDR.say(chosen, value=network))
    return found or None


def _parameters(texts: list[str], chosen: Language) -> dict[str, str]:
    def pair(text: str) -> tuple[str, str]:
        name, sign, value = text.partition("=")
        if not (name and sign):
            raise ValueError(text)
        return name, value

    return dict(_read(pair, text, BAD_PARAMETER, chosen) for text in texts)


def _read[T](reader: Callable[[str], T], text: str, problem: Words, chosen: Language) -> T:
    try:
        return reader(text)
    except ValueError:
        raise Failure(problem.say(chosen, value=text)) from None


def _every_combination(chosen: Language, *, as_json: bool) -> int:
    from deploy.closedness import cases, told
    from deploy.closedness.judgement import CANNOT_TELL, CLOSED, OPEN

    begin = time.monotonic()
    # Nearly all that is made here is kept: looking for what could be thrown away takes a seventh of the time (16 MB).
    gc.disable()
    try:
        held = list(cases.of_combinations())
    finally:
        gc.enable()
    seconds = time.monotonic() - begin
    if as_json:
        print(json.dumps([told.document(case) for case in held], ensure_ascii=False, indent=1))
    else:
        print("\n".join(told.summary(held, seconds, chosen)))
    found = {case.judgement.status for case in held}
    return next((status for status in (OPEN, CANNOT_TELL) if status in found), CLOSED)
