"""The function's environment: variables from the stage's keys, secrets from the deployer's side.

A secret's value never lies in a file. `secrets` names, for each variable, where it comes from:

- "environment": the variable of the same name of whoever deploys;
- "environment:NAME": another variable of theirs;
- an ARN of Secrets Manager, with "#KEY" behind it for one value of a JSON secret. It is read from here: the
  function itself needs no way to Secrets Manager.
"""

import json
import os
from typing import Any

from deploy import application
from deploy.failure import Failure

LIMIT = 4096  # bytes of names and values together (AWS, "Lambda quotas")


def complete(cli: Any) -> None:
    """Put the stage's variables and secrets where Zappa takes them from; raises `Failure` for what is missing."""
    given: dict[str, str] = dict(cli.stage_config.get("aws_environment_variables") or {})
    sources: dict[str, str] = dict(cli.stage_config.get("secrets") or {})
    known = application.read()["variables"]
    problems = [
        f"aws_environment_variables.{variable['name']} is a secret, and this file is no place for it: "
        f'name its source under "secrets" (deploy/zappa/environment.py says how).'
        for variable in known
        if variable["secret"] and given.get(variable["name"])
    ]
    values = {**_defaults(cli), **given}
    for name, source in sources.items():
        value, problem = _secret(cli, name, source)
        if problem:
            problems.append(problem)
        elif value is not None:
            values[name] = value
    problems += [
        f"{variable['name']} is missing: {variable['purpose']}"
        for variable in known
        if variable["needed"]
        and variable["name"] not in {*values, *sources}
        and not (variable["secret"] and values.get("CLOISTER_SECRETS"))
    ]
    size = sum(len(name.encode()) + len(value.encode()) for name, value in values.items())
    if size > LIMIT:
        problems.append(f"the variables have {size} bytes together, and Lambda takes {LIMIT}.")
    if problems:
        raise Failure(f"Stage {cli.api_stage!r} in zappa_settings.json:\n" + "\n".join(f"  - {p}" for p in problems))
    cli.aws_environment_variables = values
    _drop_what_is_no_longer_set(cli, set(values))


def _defaults(cli: Any) -> dict[str, str]:
    """Return what follows from the stage itself."""
    return {
        "CLOISTER_STAGE": cli.api_stage,
        # The API's id is not known before it is made; a private API is called by no other names than these.
        "CLOISTER_ALLOWED_HOSTS": f".execute-api.{cli.aws_region}.amazonaws.com",
        "CLOISTER_TASKS_FUNCTION": str(cli.stage_config.get("tasks_function") or ""),
    }


def _secret(cli: Any, name: str, source: str) -> tuple[str | None, str | None]:
    """Return (value, problem) of a secret; a problem names the source and never the value."""
    from botocore.exceptions import ClientError

    kind, _, rest = source.partition(":")
    if kind == "environment":
        variable = rest or name
        if os.environ.get(variable):
            return os.environ[variable], None
        return None, f"secrets.{name}: set {variable} in your environment when you deploy."
    if kind == "arn":
        try:
            return _from_secrets_manager(cli, source), None
        except (KeyError, ValueError):
            return None, f"secrets.{name}: {source} has no such key, or is not a JSON object."
        except ClientError as error:
            return None, f"secrets.{name}: {source} cannot be read ({error.response['Error']['Code']})."
    return (
        None,
        f'secrets.{name} must be "environment", "environment:NAME" or an ARN of Secrets Manager, never a value.',
    )


def _from_secrets_manager(cli: Any, source: str) -> str:
    arn, _, part = source.partition("#")
    text: str = cli.zappa.boto_client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    return str(json.loads(text)[part]) if part else text


def _drop_what_is_no_longer_set(cli: Any, names: set[str]) -> None:
    """Keep Zappa from putting back, at an update, variables of the function that the settings no longer have."""

    def prune(params: dict[str, Any], **_: Any) -> None:
        variables = params.get("Environment", {}).get("Variables", {})
        for name in set(variables) - names:
            del variables[name]

    cli.zappa.lambda_client.meta.events.register("before-parameter-build.lambda.UpdateFunctionConfiguration", prune)
