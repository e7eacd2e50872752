"""`python -m deploy image STAGE`: prepare the container image and say how it is built; `--push` does what `up` does."""

import argparse
from pathlib import Path

from deploy.container.engine import ENGINES, building
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

ARCHITECTURE = "x86_64"
"""Of the containers; `up` looks for an image for no other."""
MADE = Words("{folder} is ready: {files} files, {digest}", "{folder} を用意しました（{files} ファイル、{digest}）")
BY_HAND = Words(
    "By hand, on a machine with a container engine ({engines}), in {folder}:",
    "手作業で登録する場合は、コンテナエンジン（{engines}）のある環境で {folder} に移って実行してください:",
)
BY_US = Words(
    "Or let it be made and pushed, also without an engine (containers.base): python -m deploy image {name} --push",
    "または、作成と登録を任せます（containers.base があればエンジンは不要）: python -m deploy image {name} --push",
)
UPON = Words(
    "containers.base = {base}: `up` puts the image together upon that file and looks for no other. To do it now: "
    "python -m deploy image {name} --push",
    "containers.base = {base} のため、`up` はこのファイルに重ねたイメージだけを使います。今すぐ作るには: "
    "python -m deploy image {name} --push",
)
FUNCTIONS = Words(
    '{name} runs in functions, which need no image (backend = "fargate" would).',
    '{name} は関数で動くため、イメージは不要です（backend = "fargate" の場合に使います）。',
)
NOT_TOGETHER = Words(
    "--push makes the image that `up` would make: {option} has no say in it. Leave it out, or leave --push out.",
    "--push は `up` と同じイメージを作るため、{option} は使えません。どちらかを外してください。",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("image", help="build the container image (backend fargate)", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--base", default="", metavar="IMAGE", help="the company's mirror of the base image")
    parser.add_argument("--folder", type=Path, default=None, help="where to prepare it (build/image)")
    parser.add_argument("--push", action="store_true", help="the step of `up`: make the image and push it, if missing")
    parser.add_argument("--plan", action="store_true", help="with --push: show what would be done, change nothing")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prepare it and say how it is built, or do the step of `up`."""
    from deploy import stage_file
    from deploy.artefact import build
    from deploy.container import context

    stage = stage_file.read(arguments.stage)
    if not stage.in_containers:
        raise Failure(FUNCTIONS.say(language(), name=stage.name))
    if arguments.push:
        for option in ("base", "folder"):
            if getattr(arguments, option):
                raise Failure(NOT_TOGETHER.say(language(), option=f"--{option}"))
        _push(stage, plan=arguments.plan)
        return 0
    built = build.artefact(ARCHITECTURE)
    folder: Path = arguments.folder or build.ROOT / "build" / "image"
    digest = context.make(built, folder, base=arguments.base)
    files = sum(1 for path in folder.rglob("*") if path.is_file())
    print(MADE.say(language(), folder=folder, files=files, digest=digest[:16]))
    if stage.text("containers.base"):
        print(UPON.say(language(), base=stage.text("containers.base"), name=stage.name))
        return 0
    name = f"{repository(stage)}:{context.identity(built, '')[:16]}"  # the name by which `up` looks for it
    print(BY_HAND.say(language(), engines=", ".join(ENGINES), folder=folder))
    print("\n".join(f"  {command}" for command in _commands(stage, name)))
    print(BY_US.say(language(), name=stage.name))
    return 0


def _commands(stage: Stage, name: str) -> tuple[str, ...]:
    """Return what a person types to build the image, sign in, and push it; the first engine stands for each."""
    engine, registry = ENGINES[0], name.partition("/")[0]
    return (
        " ".join(building(engine, name, ARCHITECTURE)),
        f"aws ecr get-login-password --region {stage.region} | "
        f"{engine} login --username AWS --password-stdin {registry}",
        f"{engine} push {name}",
    )


def repository(stage: Stage) -> str:
    """Name the stage's repository as an engine does; the account is filled in where the stage file does not say it."""
    account = stage.text("aws.account") or "ACCOUNT"
    return f"{account}.dkr.ecr.{stage.region}.amazonaws.com/{stage.prefix}"


def _push(stage: Stage, *, plan: bool) -> None:
    from deploy.artefact import build
    from deploy.aws import Account
    from deploy.container.images import Images
    from deploy.up.verb import aws_may_refuse

    account = Account(stage)
    aws_may_refuse(stage, lambda: print(Images(stage, account, print).of(build.artefact(ARCHITECTURE), plan=plan)))
