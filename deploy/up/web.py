"""The web function and its API, by Zappa itself: what `zappa deploy` or `update` is told, and when it is needed."""

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy import lookups
from deploy.artefact import build
from deploy.failure import Failure
from deploy.up.deployment import Deployment
from deploy.up.journal import digest
from deploy.words import Words
from deploy.zappa import environment, filled
from deploy.zappa.artefact import key
from deploy.zappa.entry import written

ROOT = Path(__file__).parents[2]

SAME = Words("The function and its API are as they should be.", "関数と API は最新です。")
WOULD = Words("zappa {command} {name} would be run.", "zappa {command} {name} を実行する予定です。")
RUNS = Words("zappa {command} {name} --zip s3://{bucket}/{key}", "zappa {command} {name} --zip s3://{bucket}/{key}")
NO_LONGER = Words(
    "The API of {stack} is removed: a load balancer calls the function.",
    "{stack} の API を削除します（ロードバランサーが関数を呼び出すため不要です）。",
)
FAILED = Words(
    "zappa {command} {name} failed; its own words are above. When the cause is mended, run this again.",
    "zappa {command} {name} が失敗しました（詳細は上の出力）。原因を解消してから、再度実行してください。",
)


def settings(deployment: Deployment) -> dict[str, Any]:
    """Return the stage's keys as the callbacks complete them; they name sources of secrets, and no secret."""
    keys = written(deployment.stage)
    if keys.get("vpc_endpoint_ids"):
        return keys
    kept = lookups.tasks_variables(deployment.stage, deployment.account)
    return {**keys, **filled.settings(deployment.stage, keys, deployment.outputs, kept)}


def run(deployment: Deployment, built: build.Artefact, *, plan: bool = False) -> bool:
    """Have Zappa bring function and API to this artefact and these settings; answer whether it was needed."""
    name = key(deployment.stage.prefix, built.sha256)
    if plan and not (deployment.outputs.get("TasksFunction") and deployment.has_its_door):
        stands = lookups.function_stands(deployment.stage, deployment.account)
        deployment.tell(WOULD, command="update" if stands else "deploy", name=deployment.stage.name)
        return True
    deployment.output("TasksFunction", "tasks")
    return bring(deployment, settings(deployment), name, built.sha256, plan=plan)


def bring(deployment: Deployment, keys: Mapping[str, Any], name: str, sha256: str, *, plan: bool = False) -> bool:
    """Bring the function to the artefact `name` of the bucket with the hash `sha256`, under these settings."""
    stands = lookups.function_stands(deployment.stage, deployment.account)
    command = "update" if stands else "deploy"
    note = {"artefact": sha256, "settings": digest(keys)}
    if stands and deployment.journal.read("web") == note and _same(deployment, keys, sha256):
        deployment.tell(SAME)
        return False
    if plan:
        deployment.tell(WOULD, command=command, name=deployment.stage.name)
        return True
    deployment.stacks.runner.settle(deployment.stage.prefix)  # Zappa's own stack, of an attempt that was broken off
    deployment.tell(RUNS, command=command, name=deployment.stage.name, bucket=keys["s3_bucket"], key=name)
    status = zappa(
        deployment, command, "--zip", f"s3://{keys['s3_bucket']}/{name}", "--disable_progress", settings=keys
    )
    if status:
        raise Failure(FAILED.say(deployment.language, command=command, name=deployment.stage.name))
    if not has_api(keys) and deployment.stacks.runner.describe(deployment.stage.prefix):
        deployment.tell(NO_LONGER, stack=deployment.stage.prefix)
        deployment.stacks.runner.delete(deployment.stage.prefix)  # the API of a door that the stage had before
    deployment.journal.write("web", note)
    return True


def has_api(keys: Mapping[str, Any]) -> bool:
    """Say whether Zappa makes an API before the function."""
    return bool(keys.get("apigateway_enabled", True))


def zappa(deployment: Deployment, command: str, *words: str, settings: Mapping[str, Any]) -> int:
    """Run a command of Zappa with these settings, its output told line by line, and return its exit status.

    It works in a folder of its own, since it writes files where it runs; what a broken-off run leaves lies there.
    """
    name = deployment.stage.name
    with tempfile.TemporaryDirectory(prefix="cloister-zappa-") as folder:
        (Path(folder) / "deploy").symlink_to(ROOT / "deploy")
        keys = {key: value for key, value in settings.items() if key != "extends"}
        (Path(folder) / "zappa_settings.json").write_text(json.dumps({name: keys}), encoding="utf-8")
        with subprocess.Popen(
            [str(Path(sys.executable).parent / "zappa"), command, name, *words],
            cwd=folder,
            env={**os.environ, "VIRTUAL_ENV": sys.prefix},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                # Zappa asks the public index for a newer Zappa; that nobody answers is no finding here.
                if line.strip() and "/pypi/Zappa/json" not in line:
                    deployment.say(f"  {line.rstrip()}")
        return process.returncode


def _same(deployment: Deployment, keys: Mapping[str, Any], sha256: str) -> bool:
    """Say whether AWS has what the settings say; asked again, since people change things by hand."""
    stage, account = deployment.stage, deployment.account
    held = account.client("lambda").get_function_configuration(FunctionName=stage.prefix)
    network, wanted = held.get("VpcConfig", {}), keys["vpc_config"]
    variables = environment.desired(keys, stage.name, stage.region, account.client)
    function = [
        (held["CodeSha256"], base64.b64encode(bytes.fromhex(sha256)).decode()),
        (held["Handler"], keys["lambda_handler"]),
        (held["Runtime"], keys["runtime"]),
        (held["Role"], keys["role_arn"]),
        (held["MemorySize"], keys["memory_size"]),
        (held["Timeout"], keys["timeout_seconds"]),
        (held.get("KMSKeyArn") or "", keys["aws_kms_key_arn"]),
        (held.get("Environment", {}).get("Variables", {}), variables),
        (set(network.get("SubnetIds", [])), set(wanted["SubnetIds"])),
        (set(network.get("SecurityGroupIds", [])), set(wanted["SecurityGroupIds"])),
    ]
    if not all(actual == right for actual, right in function):
        return False
    return _api_stands(deployment) if has_api(keys) else not deployment.stacks.runner.describe(stage.prefix)


def _api_stands(deployment: Deployment) -> bool:
    """Say whether Zappa's stack is complete and its API has the stage's name deployed."""
    status = deployment.stacks.runner.describe(deployment.stage.prefix).get("StackStatus", "")
    api = lookups.api_id(deployment.stage, deployment.account)
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE") or not api:
        return False
    stages = deployment.account.client("apigateway").get_stages(restApiId=api)["item"]
    return any(held["stageName"] == deployment.stage.name for held in stages)
