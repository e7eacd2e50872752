"""A container engine of this machine, where one works: it builds the image and pushes it."""

import base64
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.failure import Failure
from deploy.words import Words, language

ENGINES = ("docker", "podman", "buildah")
PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}
FAILED = Words(
    "{command} failed with status {status}; what it said stands above.",
    "{command} が終了コード {status} で失敗しました。理由は上の出力にあります。",
)


def found() -> str:
    """Return the first engine that answers; empty where none does. A client without its daemon is none."""
    for name in ENGINES:
        path = shutil.which(name)
        if path and subprocess.run([path, "info"], capture_output=True, check=False).returncode == 0:
            return path
    return ""


def building(engine: str, name: str, architecture: str) -> list[str]:
    """Give the command that builds the image in its folder."""
    verb = ["bud"] if engine.endswith("buildah") else ["build"]
    return [engine, *verb, "--platform", PLATFORMS[architecture], "--tag", name, "."]


def sign_in(engine: str, registry: str, client: Any) -> None:
    """Sign the engine in to ECR; the password goes by its input, where no list of processes shows it."""
    token = client.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, _, password = base64.b64decode(token).decode().partition(":")
    run([engine, "login", "--username", user, "--password-stdin", registry], Path.cwd(), given=password)


def run(command: list[str], folder: Path, *, given: str = "", say: Callable[[str], None] = print) -> None:
    """Run a command of the engine in a folder, its output told; raises `Failure` where it fails."""
    done = subprocess.run(
        command, cwd=folder, check=False, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    for line in done.stdout.splitlines():
        say(f"  {line}")
    if done.returncode:
        raise Failure(FAILED.say(language(), command=" ".join(command), status=done.returncode))
