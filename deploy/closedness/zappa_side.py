"""What Zappa makes of a stage: the private API with its policy, and the web function's settings.

Zappa itself can be asked (`ask`), which takes seconds and a stage whose endpoints are written in `zappa_settings.json`;
otherwise the API is put together from the same settings and the same policy that `deploy/zappa/api.py` gives Zappa.
"""

import inspect
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from deploy.closedness.world import Thing
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.zappa import api as policies

ROOT = Path(__file__).parents[2]
SETTINGS = "zappa_settings.json"
ENDPOINT = "endpoints.ExecuteApi"
POLICY_FILE = "deploy/zappa/api.py"


@cache
def settings(name: str) -> dict[str, Any]:
    """Give a stage's keys as Zappa reads them: its own over those of what it extends."""
    document = json.loads((ROOT / SETTINGS).read_text(encoding="utf-8"))
    held: dict[str, Any] = document.get(name, document["common"])
    base = document.get(held.get("extends", ""), {})
    return {**base, **held}


@cache
def _line(key: str) -> int:
    """Give the line of the first key of this name in zappa_settings.json, 0 without one."""
    for number, line in enumerate((ROOT / SETTINGS).read_text(encoding="utf-8").splitlines(), start=1):
        if f'"{key}":' in line:
            return number
    return 0


def things(
    stage: Stage, templates: list[Thing], *, api: Thing | None, policy: Mapping[str, Any] | None
) -> Iterator[Thing]:
    """Yield the API and the web function of a stage, and whatever its keys would open."""
    keys = settings(stage.name)
    endpoint = stage.text("endpoints.execute_api") or _token(templates, "ExecuteApi")
    yield api or _api(keys, endpoint, policy)
    yield _function(stage, templates)
    if keys.get("function_url_enabled"):
        yield Thing(
            "AWS::Lambda::Url", f"{SETTINGS}.function_url_enabled", "url", {}, SETTINGS, _at("function_url_enabled")
        )
    if keys.get("alb_enabled"):
        yield Thing(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            f"{SETTINGS}.alb_enabled",
            "alb",
            {},
            SETTINGS,
            _at("alb_enabled"),
        )
    if keys.get("domain"):
        yield Thing("AWS::ApiGateway::DomainName", f"{SETTINGS}.domain", "domain", {}, SETTINGS, _at("domain"))


def _at(key: str) -> Any:
    return lambda *_: _line(key)


def _token(templates: list[Thing], logical_id: str) -> str:
    return next((thing.token for thing in templates if thing.name == f"endpoints.{logical_id}"), "")


def _api(keys: Mapping[str, Any], endpoint: str, policy: Mapping[str, Any] | None) -> Thing:
    def line(*path: str | int) -> int:
        if path[:1] == ("Policy",):
            return inspect.getsourcelines(policies.policy)[1]
        return _line("endpoint_configuration")

    return Thing(
        type="AWS::ApiGateway::RestApi",
        name="zappa.Api",
        token="privateapi",  # noqa: S106  an API's id
        properties={
            "EndpointConfiguration": {"Types": list(keys["endpoint_configuration"]), "VpcEndpointIds": [endpoint]},
            "Policy": dict(policy) if policy is not None else policies.policy([endpoint] if endpoint else []),
        },
        file=POLICY_FILE,
        line=line,
        source="zappa",
    )


def _function(stage: Stage, templates: list[Thing]) -> Thing:
    """The web function stands beside the tasks function: the same subnets, its own group and role."""

    def made(name: str) -> str:
        return next((thing.token for thing in templates if thing.name == name), "")

    subnets = stage.several("network.app_subnets") or (made("network.AppSubnet1"), made("network.AppSubnet2"))
    role = stage.text("roles.web") or next(
        (thing.attributes["Arn"] for thing in templates if thing.name == "roles.WebRole"), ""
    )
    return Thing(
        type="AWS::Lambda::Function",
        name="zappa.Function",
        token=stage.prefix,
        properties={
            "FunctionName": stage.prefix,
            "VpcConfig": {
                "SubnetIds": list(subnets),
                "SecurityGroupIds": [stage.text("network.web_group") or made("network.WebGroup")],
            },
            "Role": role,
        },
        file=SETTINGS,
        line=_at("vpc_config"),
        source="zappa",
    )


def endpoints(stage: Stage, api: Thing | None) -> tuple[str, list[str]]:
    """Divide the endpoints of the settings, once Zappa was asked: the one that our template makes, and strange ones."""
    held = list(settings(stage.name).get("vpc_endpoint_ids", [])) if api is not None else []
    given = stage.text("endpoints.execute_api")
    ours = next((token for token in held if not given), "")
    return ours, [token for token in held if token not in (ours, given)]


def is_filled(stage: Stage) -> bool:
    """Whether the stage's endpoints are in zappa_settings.json, so that Zappa itself can be asked."""
    return bool(settings(stage.name).get("vpc_endpoint_ids"))


def ask(stage: Stage) -> Thing:
    """Have Zappa write the template of the stage's API, and read the API from it.

    Raises:
        Failure: Zappa refuses; with what it said.

    """
    role = stage.text("roles.web") or f"arn:aws:iam::000000000000:role/{stage.prefix}-web"
    function = f"arn:aws:lambda:{stage.region}:000000000000:function:{stage.prefix}"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "api.json"
        command = [str(Path(sys.executable).parent / "zappa"), "template", stage.name, "--lambda-arn", function]
        command += ["--role-arn", role, "--json", "--output", str(target)]
        environment = {**os.environ, "VIRTUAL_ENV": sys.prefix}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0 or not target.exists():
            raise Failure(f"zappa template {stage.name}: {(done.stderr or done.stdout).strip()[-1000:]}")
        template = json.loads(target.read_text(encoding="utf-8"))
    properties = template["Resources"]["Api"]["Properties"]
    return Thing(
        "AWS::ApiGateway::RestApi",
        "zappa.Api",
        "privateapi",
        properties,
        POLICY_FILE,
        lambda *path: (
            inspect.getsourcelines(policies.policy)[1] if path[:1] == ("Policy",) else _line("endpoint_configuration")
        ),
        source="zappa",
    )
