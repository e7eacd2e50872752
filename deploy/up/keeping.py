"""Where a stage's own secrets are kept, made once and never shown: `secrets` in the stage file chooses.

- "deployer": in the tasks function's environment, encrypted with the stage's key; the web function's are copied from
  there when it is deployed. No service and no endpoint for it is paid for.
- "secretsmanager": in the secrets PREFIX/tasks and PREFIX/web, which the functions read at start.
- "ssm": in the parameters /PREFIX/tasks/NAME and /PREFIX/web/NAME, likewise.
"""

import json
import secrets
from typing import Any

from deploy import lookups
from deploy.aws import Account
from deploy.stage import Stage

KEY = "CLOISTER_SECRET_KEY"
APP = "CLOISTER_DATABASE_PASSWORD"
OWNER = "CLOISTER_DATABASE_OWNER_PASSWORD"
BYTES = {KEY: 50, APP: 32, OWNER: 32}
"""Of chance in each secret; the text is a third longer."""


def kept(stage: Stage, account: Account) -> dict[str, str]:
    """Return the secrets that are kept already, by variable; empty before the first time."""
    place = stage.text("secrets")
    if place == "secretsmanager":
        return _from_secret(account, f"{stage.prefix}/tasks")
    if place == "ssm":
        return _from_parameters(account, f"/{stage.prefix}/tasks/")
    held = lookups.tasks_variables(stage, account)
    if not held:  # only the tasks function is gone: whoever is signed in stays so
        held = _web_variables(stage, account)
    return {name: held[name] for name in BYTES if held.get(name)}


def complete(stage: Stage, account: Account, *, by_token: bool) -> dict[str, str]:
    """Return all secrets, those that were missing made now; where AWS keeps them, they are kept on return."""
    held = kept(stage, account)
    wanted = [KEY] if by_token else list(BYTES)
    made = {name: held.get(name) or secrets.token_urlsafe(BYTES[name]) for name in wanted}
    place = stage.text("secrets")
    if made != {name: held.get(name) for name in wanted}:
        for part, names in (("tasks", wanted), ("web", [name for name in wanted if name != OWNER])):
            values = {name: made[name] for name in names}
            if place == "secretsmanager":
                _put_secret(account, f"{stage.prefix}/{part}", values)
            elif place == "ssm":
                _put_parameters(account, f"/{stage.prefix}/{part}/", values)
    return made


def _web_variables(stage: Stage, account: Account) -> dict[str, str]:
    from botocore.exceptions import ClientError

    try:
        found = account.client("lambda").get_function_configuration(FunctionName=stage.prefix)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return {}
    return dict(found.get("Environment", {}).get("Variables", {}))


def _from_secret(account: Account, name: str) -> dict[str, str]:
    from botocore.exceptions import ClientError

    try:
        text = account.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return {}
    return dict(json.loads(text))


def _put_secret(account: Account, name: str, values: dict[str, str]) -> None:
    client: Any = account.client("secretsmanager")
    try:
        client.create_secret(Name=name, SecretString=json.dumps(values))
    except client.exceptions.ResourceExistsException:
        client.put_secret_value(SecretId=name, SecretString=json.dumps(values))


def _from_parameters(account: Account, folder: str) -> dict[str, str]:
    names = [f"{folder}{name}" for name in BYTES]
    found = account.client("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
    return {parameter["Name"].removeprefix(folder): parameter["Value"] for parameter in found}


def _put_parameters(account: Account, folder: str, values: dict[str, str]) -> None:
    for name, value in values.items():
        account.client("ssm").put_parameter(Name=f"{folder}{name}", Value=value, Type="SecureString", Overwrite=True)
