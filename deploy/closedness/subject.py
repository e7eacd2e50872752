"""From a stage, or from templates of anybody, to the world that is judged."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from deploy import blueprint
from deploy.blueprint import Found
from deploy.cfn import Assembly, Evaluated, Evaluation, Template, assemble, astray
from deploy.cfn.source import line_of, walk
from deploy.closedness import code, declared
from deploy.closedness.findings import Question
from deploy.closedness.world import Bounds, Network, Thing, World
from deploy.closedness.zappa_side import ENDPOINT, Zappa
from deploy.stage import Stage
from deploy.words import Words

FOLDER = "deploy/templates"
PROVED = Found(
    artefact_key="artefact.zip",
    secret_key="x" * 50,
    image=f"image@sha256:{'0' * 64}",
    web_environment="environment/web.env",
    tasks_environment="environment/tasks.env",
)
"""Everything that a stage will have: its functions or containers are there."""

STAND_INS: Mapping[str, str] = {
    "AccountId": blueprint.ACCOUNT_UNKNOWN,
    "Region": "ap-northeast-1",
    "StackName": "stack",
    "StackId": "arn:aws:cloudformation:ap-northeast-1:000000000000:stack/stack/0",
    "URLSuffix": "amazonaws.com",
    "Partition": "aws",
}
"""Pseudo parameters of a stranger's template: which account and region it will be is no matter for its closedness."""


def of_stage(
    stage: Stage,
    *,
    templates: Mapping[str, Template] | None = None,
    more: Iterable[Thing] = (),
    lists: Mapping[str, str] | None = None,
    api: Thing | None = None,
    policy: Mapping[str, Any] | None = None,
    zappa: Zappa | None = None,
    account: str = "",
) -> World:
    """Give the world of a stage: its templates, its API, its functions.

    `templates` take the place of ours by noun; `more` are things that others made, from an inventory, with the
    prefix `lists` that AWS keeps there; `api` is the API as Zappa makes it, where that was asked; `policy` its policy
    otherwise. `account` is where all of this is, where the stage file does not say.
    """
    account = stage.text("aws.account") or account or blueprint.ACCOUNT_UNKNOWN
    found = Found(**{**vars(PROVED), "account": account, "web_function": stage.prefix})
    nouns = blueprint.nouns(stage, found)
    chosen = [(templates or {}).get(noun) or blueprint.template(noun) for noun in nouns]
    pseudo = {**STAND_INS, "AccountId": account, "Region": stage.region}
    assembly = assemble(chosen, blueprint.parameters(stage, found), pseudo, kept=_kept)
    files = {template.name: f"{FOLDER}/{template.name}.yaml" for template in chosen}
    things = list(declared.things(assembly.parts, files, account=account, region=stage.region))
    settings = zappa or Zappa()
    named, strange = settings.endpoints(stage, api)
    things = [_alias(thing, named) if thing.name == ENDPOINT else thing for thing in things]
    things += settings.things(stage, things, api=api, policy=policy)
    here = {thing.token for thing in things}
    # A bucket that the stage made is judged by its template, its policy too.
    things += [thing for thing in more if here.isdisjoint({thing.token, str(thing.properties.get("Bucket", ""))})]
    return World(
        things=tuple(things),
        bounds=_bounds(stage),
        account=account,
        region=stage.region,
        given={**_given(stage), **dict.fromkeys(strange, _EXECUTE_API)},
        lists={found.s3_prefix_list: "s3", **(lists or {})},
        pages=frozenset({stage.bucket("site", account)}),
        needed=tuple(endpoint.service for endpoint in stage.endpoints),
        calls=code.calls(),
        staged=True,
    )


_kept: dict[tuple[str, str, str], Evaluation] = {}
"""Our templates as they were evaluated: many stages have most of their values in common."""
_EXECUTE_API = Words("execute-api", "execute-api")


def _alias(endpoint: Thing, token: str) -> Thing:
    """Have the endpoint that our template makes answer to the id by which Zappa's settings know it too."""
    return replace(endpoint, attributes={**endpoint.attributes, "Id": token}) if token else endpoint


def _bounds(stage: Stage) -> Bounds:
    def ranges(texts: Iterable[str]) -> tuple[Network, ...]:
        return tuple(ipaddress.ip_network(text) for text in texts)

    vpc = [stage.text("network.cidr")] if stage.text("network.vpc") else []
    return Bounds(
        corporate=ranges(stage.several("corporate.cidrs")),
        destinations=ranges(stage.inside_addresses),
        vpc=ranges(vpc),
    )


_GIVEN = {
    "network.vpc": Words("existing VPC", "既存の VPC"),
    "network.app_subnets": Words("existing app subnet", "既存の関数用サブネット"),
    "network.lb_subnets": Words("existing lb subnet", "既存の入口用サブネット"),
    "network.db_subnets": Words("existing db subnet", "既存のデータベース用サブネット"),
    "network.app_route_tables": Words("existing route table", "既存のルートテーブル"),
    "network.web_group": Words("existing security group", "既存のセキュリティグループ"),
    "network.tasks_group": Words("existing security group", "既存のセキュリティグループ"),
    "network.endpoint_group": Words("existing security group", "既存のセキュリティグループ"),
    "network.database_group": Words("existing security group", "既存のセキュリティグループ"),
    "network.balancer_group": Words("existing security group", "既存のセキュリティグループ"),
    "roles.web": Words("existing role", "既存のロール"),
    "roles.tasks": Words("existing role", "既存のロール"),
    "roles.deployer": Words("existing role", "既存のロール"),
    "roles.execution": Words("existing role", "既存のロール"),
    "roles.scheduler": Words("existing role", "既存のロール"),
}


def _given(stage: Stage) -> dict[str, Words]:
    """Name what others made; an endpoint is called by its service."""
    found: dict[str, Words] = {}
    for path, words in _GIVEN.items():
        value = stage.values[path]
        for token in value if isinstance(value, tuple) else (value,):
            if token:
                found[str(token)] = words
    for endpoint in stage.endpoints:
        token = stage.text(f"endpoints.{endpoint.key}")
        if token:
            found[token] = Words(endpoint.service, endpoint.service)
    return found


def of_templates(
    templates: list[Template],
    files: Mapping[str, str],
    parameters: Mapping[str, Any],
    corporate: tuple[Network, ...] | None,
) -> tuple[World, list[Question]]:
    """Give the world of anybody's templates, and what could not be read: macros change a template as it is deployed."""
    pseudo = {**STAND_INS, **{name: value for name, value in parameters.items() if name in STAND_INS}}
    assembly = assemble(_ordered(templates, parameters), parameters, pseudo)
    things = declared.things(assembly.parts, files, account=pseudo["AccountId"], region=pseudo["Region"])
    world = World(
        things=tuple(things), bounds=Bounds(corporate=corporate), account=pseudo["AccountId"], region=pseudo["Region"]
    )
    return world, list(_unread(assembly, files))


def _ordered(templates: list[Template], parameters: Mapping[str, Any]) -> list[Template]:
    """Put templates whose outputs others take as parameters before those, in whatever order they were named."""
    left, ordered = list(templates), list[Template]()
    while left:
        waiting = {
            template.name: {
                name
                for other in left
                if other is not template
                for name in other.outputs
                if name in template.parameters and name not in parameters
            }
            for template in left
        }
        ready = next((template for template in left if not waiting[template.name]), left[0])
        left.remove(ready)
        ordered.append(ready)
    return ordered


FROM_MACRO = "part of it comes from a macro or function that is not computed here"


def _unread(assembly: Assembly, files: Mapping[str, str]) -> Iterator[Question]:
    for name, part in assembly.parts.items():
        for key in part.template.body:
            if key.startswith("Fn::"):
                yield Question(name, key, FROM_MACRO, files.get(name, name), part.template.body.lines.get(key, 0))
        for macro in part.template.transforms:
            reason = f"it runs the macro {macro}, whose result is not known"
            yield Question(
                name, "Transform", reason, files.get(name, name), part.template.body.lines.get("Transform", 0)
            )
        for resource in part.template.resources.values():
            written = [key for inner in walk(resource.properties) if isinstance(inner, dict) for key in inner]
            if "Fn::Transform" in written or any(key.startswith("Fn::") for key in resource.properties):
                file = files.get(name, name)
                yield Question(f"{name}.{resource.logical_id}", "", FROM_MACRO, file, resource.line)
        for found in part.resources():
            yield from _astray(found, files.get(name, name))
        for key in part.template.body.get("Resources", {}):
            if key.startswith("Fn::"):
                line = line_of(part.template.body, "Resources", key)
                yield Question(name, key, f"{key} makes resources that are not known", files.get(name, name), line)


def _astray(found: Evaluated, file: str) -> Iterator[Question]:
    """Name what cannot be computed, also where no rule reads: nobody knows what it would be."""
    resource = found.resource
    for key, value in found.properties.items():
        reasons = [one.reason for one in astray(value)] if key != "Tags" else []
        halves = (inner for inner in walk(resource.properties.get(key)) if isinstance(inner, dict) and len(inner) > 1)
        reasons += [HALF for half in halves if "Ref" in half or any(name.startswith("Fn::") for name in half)]
        for reason in dict.fromkeys(reasons):
            yield Question(f"{resource.template}.{resource.logical_id}", key, reason, file, resource.line_of(key))


HALF = "a function stands there beside other keys, which CloudFormation does not take"


def relative(path: Path) -> str:
    """Write a path as it is shown: from where the reader stands."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
