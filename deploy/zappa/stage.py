"""One stage's keys in zappa_settings.json: complete, well-formed, and all of one region."""

import contextlib
import os
import re
from collections.abc import Iterator
from typing import Any

from deploy.failure import Failure

# Commands that make or change something, and so need the whole stage.
_MAKING = ("deploy", "update")
_PATTERNS = {
    "vpc_endpoint_ids": (r"vpce-[0-9a-f]{8,17}", "the ids of the execute-api interface endpoints, vpce-..."),
    "vpc_config.SubnetIds": (r"subnet-[0-9a-f]{8,17}", "the isolated subnets of the function, subnet-..."),
    "vpc_config.SecurityGroupIds": (r"sg-[0-9a-f]{8,17}", "the security groups of the function, sg-..."),
    "role_arn": (r"arn:aws[a-z-]*:iam::\d{12}:role/.+", "the role made for the function, arn:aws:iam::...:role/..."),
    "s3_bucket": (r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", "an existing private bucket for artefacts"),
}
# Key -> the only value that is safe here, and why.
_FIXED: dict[str, tuple[object, str]] = {
    "endpoint_configuration": (["PRIVATE"], "the API must not be reachable from the internet"),
    "manage_roles": (False, "Zappa's own role may do almost everything; the stage has one of its own"),
    "keep_warm": (False, "the function refuses such events, and an open connection keeps a sleeping database awake"),
    "slim_handler": (False, "the whole artefact is the function's code"),
    "payload_compression": (False, "an API that declares all types binary cannot be compressed by the gateway"),
    "lambda_handler": ("project.lambda_handler.handler", "Zappa's own handler runs code that an event brings"),
    "runtime": ("python3.13", "the artefact's bytecode is Python 3.13's"),
}
# Keys that open a way around the private API.
_FORBIDDEN = ("function_url_enabled", "alb_enabled", "domain", "websocket_handler_module", "environment_variables")


def check(cli: Any) -> None:
    """Raise `Failure` naming everything in the stage's keys that would go wrong, before anything is made."""
    problems = [*regions(cli), *_fixed(cli.stage_config), *_ways_around(cli)]
    if cli.command in (*_MAKING, "template"):
        names = ["vpc_endpoint_ids"] if cli.command == "template" else list(_PATTERNS)
        if not cli.stage_config.get("apigateway_enabled", True):  # a load balancer calls the function
            names.remove("vpc_endpoint_ids")
        problems += _ids(cli.stage_config, names)
    if cli.command in _MAKING and not problems:
        problems += _bucket(cli)
    if problems:
        raise Failure(f"Stage {cli.api_stage!r} in zappa_settings.json:\n" + "\n".join(f"  - {p}" for p in problems))


def regions(cli: Any) -> Iterator[str]:
    """Yield every disagreement about the region: Zappa would put the function in one and the API in another."""
    region = cli.stage_config.get("aws_region")
    if not region:
        yield "aws_region is missing: name the region, for example ap-northeast-1."
        return
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        if os.environ.get(name, region) != region:
            yield (
                f"aws_region is {region}, but the environment says {name}={os.environ[name]}: "
                f"unset {name}, or set it to {region}."
            )
    session = getattr(cli.zappa, "boto_session", None)
    if session is not None and session.region_name != region:
        yield f"aws_region is {region}, but the AWS profile's region is {session.region_name}: make them the same."
    for name, arn in _arns(cli.stage_config):
        place = arn.split(":")[3]
        if place and place != region:
            yield f"aws_region is {region}, but {name} is in {place} ({arn})."


def _arns(config: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield (key, ARN) for every ARN anywhere in the stage's values."""
    if isinstance(config, dict):
        for key, value in config.items():
            yield from _arns(value, f"{name}.{key}" if name else key)
    elif isinstance(config, list):
        for value in config:
            yield from _arns(value, name)
    elif isinstance(config, str) and config.startswith("arn:") and config.count(":") >= 5:
        yield name, config


def _fixed(config: dict[str, Any]) -> Iterator[str]:
    for key, (value, reason) in _FIXED.items():
        if config.get(key) != value:
            yield f"{key} is {config.get(key)!r} and must be {value!r}: {reason}."
    for key in _FORBIDDEN:
        if config.get(key):
            yield f"{key} may not be used: it makes a way around the private API, or is ignored by our handler."


def _ways_around(cli: Any) -> Iterator[str]:
    """Yield what would make an API of the kinds that can only be public, also where no key of the stage says so."""
    if cli.apigateway_version != "v1":
        yield f"apigateway_version is {cli.apigateway_version!r} and must be 'v1': an HTTP API cannot be private."
    if cli.use_websocket:  # also found by Zappa itself, in any file of this folder that imports zappa.websocket
        yield f"{cli.use_websocket} handles WebSockets, and their API cannot be private: remove zappa.websocket there."


def _ids(config: dict[str, Any], names: list[str]) -> Iterator[str]:
    for name in names:
        pattern, meaning = _PATTERNS[name]
        value: Any = config
        for part in name.split("."):
            value = (value or {}).get(part)
        values = value if isinstance(value, list) else [value] if value else []
        if not values:
            yield f"{name} is empty: give {meaning}."
        for each in values:
            if not re.fullmatch(pattern, str(each)):
                yield f"{name} has {each!r}, which is not of the form {pattern}: give {meaning}."


def _bucket(cli: Any) -> Iterator[str]:
    """Yield a problem where the bucket is not there: Zappa would make one, outside every rule of the company."""
    from botocore.exceptions import ClientError

    name = cli.s3_bucket_name
    try:
        cli.zappa.s3_client.head_bucket(Bucket=name)
    except ClientError as error:
        yield f"s3_bucket {name!r} cannot be used ({error.response['Error']['Code']}): make it first, in this account."


def keep_logs(cli: Any) -> None:
    """Set the retention of the function's log group to `log_retention_days`, making the group if need be."""
    days = cli.stage_config.get("log_retention_days")
    if not days:
        return
    from botocore.exceptions import ClientError

    logs, group = cli.zappa.logs_client, f"/aws/lambda/{cli.lambda_name}"
    try:
        with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):  # from the second deployment on
            logs.create_log_group(logGroupName=group, tags=cli.tags or {})
        logs.put_retention_policy(logGroupName=group, retentionInDays=days)
    except ClientError as error:
        raise Failure(f"log_retention_days={days} could not be set on {group}: {error}") from error
