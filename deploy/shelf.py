"""Where the secrets of a stage's two functions lie, and how they change: the stage file's `secrets` says which way.

- "deployer": in the functions' own environment, encrypted with the stage's key; the tasks function's through the
  parameters of its stack, the web function's as Zappa left it.
- "secretsmanager": in PREFIX/tasks and PREFIX/web, JSON objects of variables.
- "ssm": in the parameters /PREFIX/tasks/NAME and /PREFIX/web/NAME.

Functions that read their secrets at start are made to start anew by a variable that says when these last changed.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from deploy.aws import Account
from deploy.stack_runner import Runner
from deploy.stage import Stage

VERSION = "CLOISTER_SECRETS_VERSION"
PARAMETERS = {
    "CLOISTER_SECRET_KEY": "SecretKey",
    "CLOISTER_SECRET_KEY_NEXT": "SecretKeyNext",
    "CLOISTER_SECRET_KEY_FALLBACKS": "SecretKeyFallbacks",
    "CLOISTER_DATABASE_PASSWORD": "DatabasePassword",
    "CLOISTER_DATABASE_PASSWORD_NEXT": "DatabasePasswordNext",
    "CLOISTER_DATABASE_OWNER_PASSWORD": "OwnerPassword",
    "CLOISTER_DATABASE_OWNER_PASSWORD_NEXT": "OwnerPasswordNext",
}
"""Variable -> parameter of the tasks function's template."""
OWNERS = frozenset({"CLOISTER_DATABASE_OWNER_PASSWORD", "CLOISTER_DATABASE_OWNER_PASSWORD_NEXT"})
"""What the web function never has."""
Secrets = Mapping[str, str]


class Shelf:
    """The secrets of one stage. The tasks function's are the truth; the web function's follow."""

    def __init__(self, stage: Stage, account: Account, runner: Runner, template: Callable[[str], Any]) -> None:
        self._stage, self._account, self._runner, self._template = stage, account, runner, template
        self._place = stage.text("secrets")

    def read(self) -> dict[str, str]:
        """Return the tasks function's secrets by variable; empty ones are left out."""
        if self._place == "secretsmanager":
            held = self._secret("tasks")
        elif self._place == "ssm":
            held = self._parameters("tasks")
        else:
            held = self._environment(f"{self._stage.prefix}-tasks")
        return {name: held[name] for name in PARAMETERS if held.get(name)}

    def put_tasks(self, secrets: Secrets, version: str) -> None:
        """Give the tasks function exactly these secrets."""
        if self._place == "deployer":
            self._change_stack({parameter: secrets.get(name, "") for name, parameter in PARAMETERS.items()}, version)
            return
        self._keep("tasks", secrets)
        self._change_stack({}, version)

    def put_web(self, secrets: Secrets, version: str) -> None:
        """Give the web function exactly these secrets but the owner's; without the function there is nothing to do."""
        wanted = {name: value for name, value in secrets.items() if name not in OWNERS}
        if self._place != "deployer":
            self._keep("web", wanted)
            wanted = {}
        name = self._stage.prefix
        held = self._environment(name)
        if not held:
            return
        rest = {variable: value for variable, value in held.items() if variable not in PARAMETERS}
        functions = self._account.client("lambda")
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**rest, **wanted, VERSION: version}}
        )
        functions.get_waiter("function_updated_v2").wait(FunctionName=name)

    def _environment(self, function: str) -> dict[str, str]:
        from botocore.exceptions import ClientError

        try:
            found = self._account.client("lambda").get_function_configuration(FunctionName=function)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return {}
        return dict(found.get("Environment", {}).get("Variables", {}))

    def _change_stack(self, changes: Mapping[str, str], version: str) -> None:
        """Change the tasks function's stack in these parameters and in nothing else."""
        stack = f"{self._stage.prefix}-tasks"
        template = self._template("tasks")
        described = self._runner.describe(stack)
        as_before = {
            entry["ParameterKey"]: entry["ParameterValue"]
            for entry in described.get("Parameters", [])
            if not template.parameters[entry["ParameterKey"]].secret
        }
        self._runner.up(stack, template, {**as_before, **changes, "SecretsVersion": version})

    def _keep(self, part: str, secrets: Secrets) -> None:
        if self._place == "ssm":
            self._put_parameters(part, secrets)
            return
        # What else a company keeps in the secret stays.
        others = {name: value for name, value in self._secret(part).items() if name not in PARAMETERS}
        text = json.dumps({**others, **secrets})
        self._account.client("secretsmanager").put_secret_value(
            SecretId=f"{self._stage.prefix}/{part}", SecretString=text
        )

    def _secret(self, part: str) -> dict[str, str]:
        client = self._account.client("secretsmanager")
        return dict(json.loads(client.get_secret_value(SecretId=f"{self._stage.prefix}/{part}")["SecretString"]))

    def _parameters(self, part: str) -> dict[str, str]:
        folder = f"/{self._stage.prefix}/{part}/"
        names = [folder + name for name in PARAMETERS]
        found = self._account.client("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
        return {entry["Name"].removeprefix(folder): entry["Value"] for entry in found}

    def _put_parameters(self, part: str, secrets: Secrets) -> None:
        client, folder = self._account.client("ssm"), f"/{self._stage.prefix}/{part}/"
        for name, value in secrets.items():
            client.put_parameter(Name=folder + name, Value=value, Type="SecureString", Overwrite=True)
        gone = [folder + name for name in PARAMETERS if name not in secrets]
        if gone:
            client.delete_parameters(Names=gone)  # an empty value cannot be kept
