"""The function's environment: variables from the stage's keys, secrets from the deployer's side.

A secret's value never lies in a file. `secrets` names, for each variable, where it comes from:

- "environment": the variable of the same name of whoever deploys;
- "environment:NAME": another variable of theirs;
- "tasks": the variable of the same name of the stage's tasks function, where a stage's own secrets are kept;
- an ARN of Secrets Manager, with "#KEY" behind it for one value of a JSON secret. It is read from here: the
  function itself needs no way to Secrets Manager.
"""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from deploy import application
from deploy.failure import Failure

LIMIT = 4096  # bytes of names and values together (AWS, "Lambda quotas")


Client = Callable[[str], Any]
"""Gives a boto3 client by the name of its service."""


def complete(cli: Any) -> None:
    """Put the stage's variables and secrets where Zappa takes them from; raises `Failure` for what is missing."""
    values = desired(cli.stage_config, cli.api_stage, cli.aws_region, cli.zappa.boto_client)
    cli.aws_environment_variables = values
    _drop_what_is_no_longer_set(cli, set(values))


def desired(config: Mapping[str, Any], name: str, region: str, client: Client) -> dict[str, str]:
    """Return the variables that the function of stage `name` must have; raises `Failure` for what is missing."""
    given: dict[str, str] = dict(config.get("aws_environment_variables") or {})
    sources: dict[str, str] = dict(config.get("secrets") or {})
    known = application.read()["variables"]
    problems = [
        f"aws_environment_variables.{variable['name']} is a secret, and this file is no place for it: "
        f'name its source under "secrets" (deploy/zappa/environment.py says how).'
        for variable in known
        if variable["secret"] and given.get(variable["name"])
    ]
    values = {**_defaults(config, name, region), **given}
    tasks = _Tasks(str(config.get("tasks_function") or ""), client)
    for variable, source in sources.items():
        value, problem = _secret(variable, source, client, tasks)
        if problem:
            problems.append(problem)
        elif value is not None:
            values[variable] = value
    problems += [
        f"{variable['name']} is missing: {variable['purpose']}"
        for variable in known
        if variable["needed"]
        and variable["name"] not in {*values, *sources}
        and not (variable["secret"] and values.get("CLOISTER_SECRETS"))
    ]
    size = sum(len(variable.encode()) + len(value.encode()) for variable, value in values.items())
    if size > LIMIT:
        problems.append(f"the variables have {size} bytes together, and Lambda takes {LIMIT}.")
    if problems:
        raise Failure(f"Stage {name!r} in zappa_settings.json:\n" + "\n".join(f"  - {p}" for p in problems))
    return values


def _defaults(config: Mapping[str, Any], name: str, region: str) -> dict[str, str]:
    """Return what follows from the stage itself."""
    return {
        "CLOISTER_STAGE": name,
        # The API's id is not known before it is made; a private API is called by no other names than these.
        "CLOISTER_ALLOWED_HOSTS": f".execute-api.{region}.amazonaws.com",
        "CLOISTER_TASKS_FUNCTION": str(config.get("tasks_function") or ""),
    }


class _Tasks:
    """The tasks function's variables, asked for once and only if need be."""

    def __init__(self, function: str, client: Client) -> None:
        self.function, self._client, self._held = function, client, dict[str, str]()

    def value(self, name: str) -> str:
        """Return a variable's value, empty where the function does not have it; raises ClientError without one."""
        if not self._held and self.function:
            found = self._client("lambda").get_function_configuration(FunctionName=self.function)
            self._held = dict(found.get("Environment", {}).get("Variables", {}))
        return self._held.get(name, "")


def _secret(name: str, source: str, client: Client, tasks: _Tasks) -> tuple[str | None, str | None]:
    """Return (value, problem) of a secret; a problem names the source and never the value."""
    from botocore.exceptions import ClientError

    kind, _, rest = source.partition(":")
    try:
        if kind == "environment":
            value = os.environ.get(rest or name, "")
            problem = f"secrets.{name}: set {rest or name} in your environment when you deploy."
            return (value, None) if value else (None, problem)
        if source == "tasks":
            value, problem = tasks.value(name), f"secrets.{name}: {tasks.function or 'no tasks function'} has none."
            return (value, None) if value else (None, problem)
        if kind == "arn":
            return _from_secrets_manager(client, source), None
    except (KeyError, ValueError):
        return None, f"secrets.{name}: {source} has no such key, or is not a JSON object."
    except ClientError as error:
        return None, f"secrets.{name}: {source} cannot be read ({error.response['Error']['Code']})."
    return (
        None,
        f'secrets.{name} must be "environment", "environment:NAME", "tasks" or an ARN of Secrets Manager, '
        "never a value.",
    )


def _from_secrets_manager(client: Client, source: str) -> str:
    arn, _, part = source.partition("#")
    text: str = client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    return str(json.loads(text)[part]) if part else text


def _drop_what_is_no_longer_set(cli: Any, names: set[str]) -> None:
    """Keep Zappa from putting back, at an update, variables of the function that the settings no longer have."""

    def prune(params: dict[str, Any], **_: Any) -> None:
        variables = params.get("Environment", {}).get("Variables", {})
        for name in set(variables) - names:
            del variables[name]

    cli.zappa.lambda_client.meta.events.register("before-parameter-build.lambda.UpdateFunctionConfiguration", prune)
