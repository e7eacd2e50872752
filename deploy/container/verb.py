"""`python -m deploy image STAGE`: prepare the container image, and build and push it where an engine can be had."""

import argparse
import shutil
import subprocess
from pathlib import Path

from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

ENGINES = ("docker", "podman", "buildah")
PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}
MADE = Words("{folder} is ready: {files} files, {digest}", "{folder} を用意しました（{files} ファイル、{digest}）")
NO_ENGINE = Words(
    "No container engine is here ({engines}). On a machine that has one, run in {folder}:",
    "コンテナエンジン（{engines}）がありません。ある環境で、{folder} に移って次を実行してください。",
)
BY_HAND = Words("To push it, signed in to {registry}:", "{registry} にサインインしてから登録するには:")
FAILED = Words(
    "{command} failed with status {status}; what it said stands above.",
    "{command} が終了コード {status} で失敗しました。理由は上の出力にあります。",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("image", help="build the container image (backend fargate)", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--architecture", choices=tuple(PLATFORMS), default="x86_64")
    parser.add_argument("--base", default="", metavar="IMAGE", help="the company's mirror of the base image")
    parser.add_argument("--folder", type=Path, default=None, help="where to prepare it (build/image-ARCHITECTURE)")
    parser.add_argument("--no-build", action="store_true", help="prepare the folder, build nothing")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prepare it, then build it or say how."""
    from deploy import stage_file
    from deploy.artefact import build
    from deploy.container import context

    stage = stage_file.read(arguments.stage)
    folder: Path = arguments.folder or build.ROOT / "build" / f"image-{arguments.architecture}"
    digest = context.make(build.artefact(arguments.architecture), folder, base=arguments.base)
    files = sum(1 for path in folder.rglob("*") if path.is_file())
    print(MADE.say(language(), folder=folder, files=files, digest=digest[:16]))
    name = f"{repository(stage)}:{digest[:16]}"
    engine = next((found for found in map(shutil.which, ENGINES) if found), None)
    if engine is None or arguments.no_build:
        print(NO_ENGINE.say(language(), engines=", ".join(ENGINES), folder=folder))
        engine = "docker"
    else:
        _run(building(engine, name, arguments.architecture), folder)
    commands = [building(engine, name, arguments.architecture), [engine, "push", name]]
    print(BY_HAND.say(language(), registry=repository(stage).partition("/")[0]))
    print("\n".join(f"  {' '.join(command)}" for command in commands))
    return 0


def repository(stage: Stage) -> str:
    """Name the stage's repository as an engine does; the account is filled in where the stage file does not say it."""
    account = stage.text("aws.account") or "ACCOUNT"
    return f"{account}.dkr.ecr.{stage.region}.amazonaws.com/{stage.prefix}"


def building(engine: str, name: str, architecture: str) -> list[str]:
    """Give the command that builds the image in its folder."""
    verb = ["bud"] if engine.endswith("buildah") else ["build"]
    return [engine, *verb, "--platform", PLATFORMS[architecture], "--tag", name, "."]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, check=False)
    if done.returncode:
        raise Failure(FAILED.say(language(), command=" ".join(command), status=done.returncode))
