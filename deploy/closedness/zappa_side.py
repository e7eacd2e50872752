"""What Zappa makes of a stage: the private API with its policy, and the web function's settings.

Zappa itself can be asked (`Zappa.ask`), which takes seconds and a stage whose endpoints are written in
`zappa_settings.json`; otherwise the API is put together from the same settings and the same policy that
`deploy/zappa/api.py` gives Zappa.
"""

import inspect
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from deploy.blueprint import ACCOUNT_UNKNOWN
from deploy.closedness.world import Thing
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.zappa import api as policies

ROOT = Path(__file__).parents[2]
SETTINGS = "zappa_settings.json"
ENDPOINT = "endpoints.ExecuteApi"
POLICY_FILE = "deploy/zappa/api.py"
API_ID = "privateapi"
OPENING = {
    "function_url_enabled": "AWS::Lambda::Url",
    "alb_enabled": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "domain": "AWS::ApiGateway::DomainName",
}
"""Keys by which Zappa makes a way around the private API, and what it makes."""


@dataclass(frozen=True)
class Zappa:
    """A tree with `zappa_settings.json` in it."""

    folder: Path = ROOT

    def settings(self, name: str) -> dict[str, Any]:
        """Give a stage's keys as Zappa reads them: its own over those of what it extends."""
        document = _document(self.folder)
        held: dict[str, Any] = document.get(name, document["common"])
        return {**document.get(held.get("extends", ""), {}), **held}

    def line(self, key: str) -> Callable[..., int]:
        """Give the line of the first key of this name in the settings, 0 without one; whatever the path."""
        return lambda *_: _line(self.folder, key)

    def things(
        self, stage: Stage, templates: list[Thing], *, api: Thing | None, policy: Mapping[str, Any] | None
    ) -> Iterator[Thing]:
        """Yield the API and the web function of a stage that has them, and whatever its keys would open."""
        if stage.in_containers:
            return
        keys = self.settings(stage.name)
        endpoint = stage.text("endpoints.execute_api") or next(
            (thing.token for thing in templates if thing.name == ENDPOINT), ""
        )
        if stage.has_api:
            yield api or self._api(keys, endpoint, policy)
        yield self._function(stage, templates)
        for key, kind in OPENING.items():
            if keys.get(key):
                yield Thing(kind, f"{SETTINGS}.{key}", key, {}, SETTINGS, self.line(key), source="zappa")

    def _api(self, keys: Mapping[str, Any], endpoint: str, policy: Mapping[str, Any] | None) -> Thing:
        properties = {
            "EndpointConfiguration": {"Types": list(keys["endpoint_configuration"]), "VpcEndpointIds": [endpoint]},
            "Policy": dict(policy) if policy is not None else policies.policy([endpoint] if endpoint else []),
        }
        return self._made(properties)

    def _made(self, properties: dict[str, Any]) -> Thing:
        def line(*path: str | int) -> int:
            if path[:1] == ("Policy",):
                return inspect.getsourcelines(policies.policy)[1]
            return _line(self.folder, "endpoint_configuration")

        return Thing("AWS::ApiGateway::RestApi", "zappa.Api", API_ID, properties, POLICY_FILE, line, source="zappa")

    def _function(self, stage: Stage, templates: list[Thing]) -> Thing:
        """The web function stands beside the tasks function: the same subnets, its own group and role."""

        def made(name: str) -> str:
            return next((thing.token for thing in templates if thing.name == name), "")

        subnets = stage.several("network.app_subnets") or (made("network.AppSubnet1"), made("network.AppSubnet2"))
        role = stage.text("roles.web") or next(
            (thing.attributes["Arn"] for thing in templates if thing.name == "roles.WebRole"), ""
        )
        group = stage.text("network.web_group") or made("network.WebGroup")
        properties = {
            "FunctionName": stage.prefix,
            "VpcConfig": {"SubnetIds": list(subnets), "SecurityGroupIds": [group]},
            "Role": role,
        }
        return Thing(
            "AWS::Lambda::Function",
            "zappa.Function",
            stage.prefix,
            properties,
            SETTINGS,
            self.line("vpc_config"),
            source="zappa",
        )

    def endpoints(self, stage: Stage, api: Thing | None) -> tuple[str, list[str]]:
        """Divide the settings' endpoints, once Zappa was asked: the one that our template makes, and strange ones."""
        held = list(self.settings(stage.name).get("vpc_endpoint_ids", [])) if api is not None else []
        given = stage.text("endpoints.execute_api")
        ours = next((token for token in held if not given), "")
        return ours, [token for token in held if token not in (ours, given)]

    def is_filled(self, stage: Stage) -> bool:
        """Whether the stage's endpoints are in the settings, so that Zappa itself can be asked."""
        return stage.has_api and bool(self.settings(stage.name).get("vpc_endpoint_ids"))

    def ask(self, stage: Stage) -> Thing:
        """Have Zappa write the template of the stage's API, and read the API from it; nothing asks AWS.

        Raises:
            Failure: Zappa refuses; with what it said.

        """
        role = stage.text("roles.web") or f"arn:aws:iam::{ACCOUNT_UNKNOWN}:role/{stage.prefix}-web"
        function = f"arn:aws:lambda:{stage.region}:{ACCOUNT_UNKNOWN}:function:{stage.prefix}"
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "api.json"
            command = [str(Path(sys.executable).parent / "zappa"), "template", stage.name, "--lambda-arn", function]
            command += ["--role-arn", role, "--json", "--output", str(target)]
            environment = {**os.environ, "VIRTUAL_ENV": sys.prefix}
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode != 0 or not target.exists():
                raise Failure(f"zappa template {stage.name}: {(done.stderr or done.stdout).strip()[-1000:]}")
            template = json.loads(target.read_text(encoding="utf-8"))
        properties: dict[str, Any] = template["Resources"]["Api"]["Properties"]
        return self._made(properties)


@cache
def _document(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    return document


@cache
def _line(folder: Path, key: str) -> int:
    for number, line in enumerate((folder / SETTINGS).read_text(encoding="utf-8").splitlines(), start=1):
        if f'"{key}":' in line:
            return number
    return 0
