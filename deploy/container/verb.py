"""`python -m deploy image STAGE`: prepare the container image and say how it is built; `--push` does what `up` does."""

import argparse
from pathlib import Path

from deploy.container.engine import ENGINES, PLATFORMS, building
from deploy.stage import Stage
from deploy.words import Words, language

MADE = Words("{folder} is ready: {files} files, {digest}", "{folder} を用意しました（{files} ファイル、{digest}）")
BY_HAND = Words(
    "By hand, on a machine with a container engine ({engines}), in {folder}; signed in to {registry} for the last:",
    "手作業で作る場合は、コンテナエンジン（{engines}）のある環境で {folder} に移って実行してください"
    "（最後の行には {registry} へのサインインが必要です）:",
)
BY_US = Words(
    "Or let it be made and pushed, also without an engine (containers.base): python -m deploy image {name} --push",
    "または、作成と登録を任せます（containers.base があればエンジンは不要）: python -m deploy image {name} --push",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("image", help="build the container image (backend fargate)", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--architecture", choices=tuple(PLATFORMS), default="x86_64")
    parser.add_argument("--base", default="", metavar="IMAGE", help="the company's mirror of the base image")
    parser.add_argument("--folder", type=Path, default=None, help="where to prepare it (build/image-ARCHITECTURE)")
    parser.add_argument("--push", action="store_true", help="the step of `up`: make the image and push it, if missing")
    parser.add_argument("--plan", action="store_true", help="with --push: show what would be done, change nothing")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prepare it and say how it is built, or do the step of `up`."""
    from deploy import stage_file
    from deploy.artefact import build
    from deploy.container import context

    stage = stage_file.read(arguments.stage)
    if arguments.push:
        _push(stage, plan=arguments.plan)
        return 0
    built = build.artefact(arguments.architecture)
    folder: Path = arguments.folder or build.ROOT / "build" / f"image-{arguments.architecture}"
    digest = context.make(built, folder, base=arguments.base)
    files = sum(1 for path in folder.rglob("*") if path.is_file())
    print(MADE.say(language(), folder=folder, files=files, digest=digest[:16]))
    name = f"{repository(stage)}:{context.identity(built, '')[:16]}"  # the name by which `up` looks for it
    registry = repository(stage).partition("/")[0]
    print(BY_HAND.say(language(), engines=", ".join(ENGINES), folder=folder, registry=registry))
    commands = [building(ENGINES[0], name, arguments.architecture), [ENGINES[0], "push", name]]
    print("\n".join(f"  {' '.join(command)}" for command in commands))
    print(BY_US.say(language(), name=stage.name))
    return 0


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
    aws_may_refuse(stage, lambda: print(Images(stage, account, print).of(build.artefact("x86_64"), plan=plan)))
