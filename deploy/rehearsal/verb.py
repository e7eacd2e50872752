"""`python -m deploy rehearse [STAGE]`: the stage's whole closed network on this machine, and the acceptance in it.

Exit code: 0 everything that can be seen is proved, 1 something is refuted or could not be proved, 3 this machine
cannot hold a rehearsal, and the message says what to change.
"""

import argparse
import contextlib
import importlib
import os
import platform
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from deploy.failure import Failure
from deploy.rehearsal import namespaces
from deploy.words import Words, language

if TYPE_CHECKING:
    from deploy.stage import Stage

NOT_POSSIBLE, INTERRUPTED = 3, 130

BUILDING = Words("Building what will run (outside the rehearsal, where packages can be fetched) ...",
                 "実行するものをビルドしています（パッケージを取得できるリハーサルの外側で）...")  # fmt: skip
UP = Words("[{seconds:.0f} s] The stage comes up in the local cloud: python -m deploy up {name}",
           "[{seconds:.0f} 秒] ローカルクラウドにステージを立ち上げます: python -m deploy up {name}")  # fmt: skip
NOT_UP = Words(
    "The stage did not come up; the lines above say why.",
    "ステージを立ち上げられませんでした。理由は上の出力を見てください。",
)
READY = Words("[{seconds:.0f} s] What stands where:", "[{seconds:.0f} 秒] 構成:")
LOOKING = Words("[{seconds:.0f} s] The acceptance, from every side:", "[{seconds:.0f} 秒] 四方向からの受け入れ確認:")
STAYS = Words("It stands. Type a command; help lists them, quit ends the rehearsal.",
              "リハーサルは動いています。コマンドを入力してください。help で一覧、quit で終了します。")  # fmt: skip
CLOSING = Words("Closing the browser ends the rehearsal.", "ブラウザーを閉じるとリハーサルを終了します。")
ENDED = Words("\nThe rehearsal has ended; nothing of it is left.", "\nリハーサルを終了しました。何も残っていません。")
NO_SERVER = Words(
    "There are no PostgreSQL server programs (initdb, postgres) on this machine. Install them, for example: "
    "sudo apt-get install postgresql",
    "このマシンに PostgreSQL のサーバー（initdb、postgres）がありません。インストールしてください。例: "
    "sudo apt-get install postgresql",
)
OTHER_PROCESSOR = Words(
    "The stage's code is for {wanted} (`architecture` in zappa_settings.json; containers: x86_64), and this machine is "
    "{here}. Rehearse on a machine with {wanted}.",
    "このステージのコードは {wanted} 用です（zappa_settings.json の `architecture`。コンテナは x86_64）。"
    "このマシンは {here} です。{wanted} のマシンでリハーサルしてください。",
)
PROMPT = "rehearsal> "


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("rehearse", help="the whole closed network on this machine", description=__doc__)
    parser.add_argument("stage", metavar="STAGE", nargs="?", default="poc")
    parser.add_argument("--door", choices=("endpoints", "load-balancer", "api"), default="", help="by another door")
    parser.add_argument("--backend", choices=("lambda", "fargate"), default="", help="with another backend")
    parser.add_argument("--stay", action="store_true", help="take commands afterwards: help lists them")
    parser.add_argument("--shell", metavar="HOST", help="open a shell on a host: corporate, app, db, outside, ...")
    parser.add_argument("--browser", action="store_true", help="open a browser in the company's network")
    parser.add_argument("--break", dest="breakage", metavar="RULE", help="open a wall; its line must then be refuted")
    parser.add_argument("--no-acceptance", action="store_true", help="only stand it up")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Go into namespaces and rehearse there."""
    _, stage = _stage(arguments)  # what is wrong with it is said before anything begins
    if namespaces.inside():
        return _inside(arguments)
    _hold_words(arguments, stage)
    try:
        namespaces.check()
        hold_programs()
        processor = hold_processor(stage)
        print(BUILDING.plain(language()), flush=True)
        from deploy.artefact import build

        built = build.artefact(processor)
        if stage.in_containers:
            from deploy.container import context

            context.installed(built.architecture)
        namespaces.enter([sys.executable, "-m", "deploy", *sys.argv[1:]])
    except namespaces.Impossible as impossible:
        print(impossible, file=sys.stderr)
        return NOT_POSSIBLE
    return 0


def _stage(arguments: argparse.Namespace) -> tuple[str, "Stage"]:
    """Give the stage file's text with what the command line asks for in its place, and what it says."""
    from deploy import stage_file
    from deploy.rehearsal import company, granted

    path, text = stage_file.written(arguments.stage)
    stage_file.parse(text, name=arguments.stage, path=path)  # what is wrong with the file itself, by its own lines
    text = company.asked(text, door=arguments.door, backend=arguments.backend)
    text = granted.here(text, stage_file.parse(text, name=arguments.stage, path=path))
    return text, stage_file.parse(text, name=arguments.stage, path=path)


def _hold_words(arguments: argparse.Namespace, stage: "Stage") -> None:
    """Refuse what cannot be done afterwards either. Raises `Failure`."""
    from deploy.site import files

    if not (files.BUILT / files.PAGE).is_file():
        raise Failure(files.NOT_BUILT.say(language(), folder=files.BUILT))
    if arguments.breakage:
        from deploy.rehearsal import breakages, door_walls

        breakages.find(arguments.breakage, door_walls.DOORS[stage.text("door")])
    if arguments.browser:
        from deploy.rehearsal import browser

        browser.find()


def hold_programs() -> None:
    """Raise `Impossible` where there is no PostgreSQL to be the stage's database."""
    from deploy.rehearsal.databases import programs

    try:
        programs.find()
    except programs.NoServer as error:
        raise namespaces.Impossible(NO_SERVER.plain(language())) from error


def hold_processor(stage: "Stage") -> str:
    """Give the processor that the stage's code is for; raises `Impossible` where this machine has another."""
    from deploy.up import artefact

    wanted = artefact.architecture(stage)
    here = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    if wanted != here:
        raise namespaces.Impossible(OTHER_PROCESSOR.say(language(), wanted=wanted, here=here))
    return wanted


@contextlib.contextmanager
def _leaving() -> Iterator[None]:
    """End at an interrupt without tidying up: the kernel forgets all that this process made when it ends."""
    try:
        yield
    except KeyboardInterrupt:
        print(ENDED.plain(language()), flush=True)
        os._exit(INTERRUPTED)


def _inside(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    namespaces.furnish()
    from deploy.rehearsal import picture
    from deploy.rehearsal.console import Console
    from deploy.rehearsal.rig import Rig

    (text, stage), say = _stage(arguments), partial(print, flush=True)

    def seconds() -> float:
        return time.monotonic() - began

    with _leaving(), Rig(stage) as rig, _leaving():
        rig.prepare(text)
        say(UP.say(language(), seconds=seconds(), name=stage.name))
        if rig.deploy("up", stage.name, "--yes", "--no-verify"):  # the acceptance looks from every side
            raise Failure(NOT_UP.plain(language()))
        plan = rig.refresh()
        say(READY.say(language(), seconds=seconds()))
        say(picture.draw(rig.stage, plan, language()))
        console = Console(rig, language(), say)
        if arguments.shell:
            console.command(arguments.shell)  # a host that there is not is said before all that takes its time
        status = 0
        if not arguments.no_acceptance:
            say(LOOKING.say(language(), seconds=seconds()))
            status = console.acceptance()
        if arguments.breakage:
            status = max(status, console.break_wall(arguments.breakage))
        window = console.browser() if arguments.browser else None
        if arguments.shell:
            console.shell(arguments.shell)
        if arguments.stay:
            say(STAYS.plain(language()))
            console.listen(_typed(), person=sys.stdin.isatty())
        elif window and not arguments.shell:
            say(CLOSING.plain(language()))
            window.wait()
    return status


def _typed() -> Iterator[str]:
    """Yield lines as they come: a person's with a prompt and a line editor's keys, a program's as they are."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    with contextlib.suppress(ImportError):  # `input` edits by it where it is there
        importlib.import_module("readline")
    with contextlib.suppress(EOFError):
        while True:
            yield input(PROMPT)
