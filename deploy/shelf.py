"""Where the secrets of a stage's two functions lie, and how they change: the stage file's `secrets` says which way.

- "deployer": in the functions' own environment, encrypted with the stage's key; the tasks function's through the
  parameters of its stack, the web function's as Zappa left it.
- "secretsmanager": in PREFIX/tasks and PREFIX/web, JSON objects of variables.
- "ssm": in the parameters /PREFIX/tasks/NAME and /PREFIX/web/NAME.

Functions that read their secrets at start are made to start anew by a variable that says when these last changed.
"""

import functools
import json
import secrets as chance
from collections.abc import Callable, Mapping
from typing import Any

from deploy import lookups
from deploy.aws import Account
from deploy.stack_runner import Runner
from deploy.stage import Stage

KEY, APP, OWNER = "CLOISTER_SECRET_KEY", "CLOISTER_DATABASE_PASSWORD", "CLOISTER_DATABASE_OWNER_PASSWORD"
NAMES = (KEY, APP, OWNER)
"""The stage's own secrets, made here and renewed by `rotate`; a role that signs in by token has none."""
FALLBACKS = "CLOISTER_SECRET_KEY_FALLBACKS"
VERSION, SOURCE = "CLOISTER_SECRETS_VERSION", "CLOISTER_SECRETS"
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
PASSWORDS = frozenset(name for name in PARAMETERS if name.startswith("CLOISTER_DATABASE_"))
NOT_THERE = ("ResourceNotFoundException", "AccessDeniedException")
Secrets = Mapping[str, str]


def new(name: str) -> str:
    """Make a value of one of `NAMES`: 50 bytes of chance for the key, 32 for a password, a third longer as text."""
    return chance.token_urlsafe(50 if name == KEY else 32)


def of_stage(stage: Stage, account: Account, runner: Runner) -> "Shelf":
    """Return where a stage's own secrets are kept."""
    from deploy import variables

    template = functools.partial(variables.template, stage=stage)
    if stage.in_containers:
        from deploy.container.shelf import ContainerShelf

        return ContainerShelf(stage, account, runner, template)
    return Shelf(stage, account, runner, template)


class Shelf:
    """The secrets of one stage. The tasks function's are the truth; the web function's follow."""

    def __init__(self, stage: Stage, account: Account, runner: Runner, template: Callable[[str], Any]) -> None:
        self._stage, self._account, self._runner, self._template = stage, account, runner, template
        self._place = stage.text("secrets")

    def read(self) -> dict[str, str]:
        """Return the tasks function's secrets by variable; those that are empty are left out."""
        return self._read("tasks", self._place)

    def complete(self, *, by_token: bool, unknown: Callable[[], None]) -> dict[str, str]:
        """Return the tasks function's secrets, the missing ones made now; a service that keeps them has them on return.

        What another place kept before the stage file named this one comes along, and passwords go where roles sign in
        by token. `unknown` is called before passwords are kept that the database does not take yet.
        """
        held = self.read()
        wanted = (KEY,) if by_token else NAMES
        if not held.keys() >= set(wanted):
            held = self._elsewhere() | held
        made = {name: value for name, value in held.items() if not (by_token and name in PASSWORDS)}
        missing = [name for name in wanted if name not in made]
        if any(name in PASSWORDS for name in missing):
            unknown()
        made |= {name: new(name) for name in missing}
        if self._place != "deployer":
            for part in ("tasks", "web"):  # each looked at: a run may have been broken off between them
                if self._read(part, self._place) != part_of(part, made):
                    self._keep(part, part_of(part, made))
        return made

    def parameters(self, secrets: Secrets) -> dict[str, str]:
        """Return the parameters of the tasks function's stack by which it has these secrets; none where it has them."""
        wanted = secrets if self._place == "deployer" else {}
        if self._read("tasks", "deployer") == wanted:
            return {}
        return {parameter: wanted.get(name, "") for name, parameter in PARAMETERS.items()}

    def put_tasks(self, secrets: Secrets, version: str) -> None:
        """Give the tasks function exactly these secrets."""
        if self._place == "deployer":
            self._change_stack({parameter: secrets.get(name, "") for name, parameter in PARAMETERS.items()}, version)
            return
        self._keep("tasks", secrets)
        self._change_stack({}, version)

    def put_web(self, secrets: Secrets, version: str) -> None:
        """Give the web function exactly these secrets but the owner's; without the function there is nothing to do."""
        wanted = part_of("web", secrets)
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

    def clear(self) -> None:
        """Take the stage's secrets out of the service that keeps them; what else a company keeps there stays."""
        for part in ("tasks", "web"):
            if self._place == "ssm":
                self._put_parameters(part, {})
            elif self._place == "secretsmanager" and (held := self._secret(part)):
                if held.keys() - PARAMETERS.keys():
                    self._keep(part, {})
                    continue
                # At once: for its days of recovery the name would be taken, and a stage of that name could not come up.
                self._account.client("secretsmanager").delete_secret(
                    SecretId=f"{self._stage.prefix}/{part}", ForceDeleteWithoutRecovery=True
                )

    def _read(self, part: str, place: str) -> dict[str, str]:
        if place == "secretsmanager":
            held = self._secret(part)
        elif place == "ssm":
            held = self._parameters(part)
        else:
            held = self._environment(self._function(part))
        return {name: held[name] for name in PARAMETERS if held.get(name)}

    def _environment(self, function: str) -> dict[str, str]:
        """Return what a part finds in its environment; empty while it is not there. Containers have files for it."""
        return lookups.variables(function, self._account)

    def _elsewhere(self) -> dict[str, str]:
        """Return what functions still have of the place before this one: a change of place changes no secret."""
        from botocore.exceptions import ClientError

        web = self._environment(self._function("web"))
        found = self._read("web", "deployer") | self._read("tasks", "deployer")
        place = web.get(SOURCE, "").partition(":")[0]
        if place not in ("", self._place):
            try:
                found |= self._read("tasks", place)
            except ClientError as error:  # whoever deploys may no longer read it: the roles have changed already
                if error.response["Error"]["Code"] not in NOT_THERE:
                    raise
        return found

    def _function(self, part: str) -> str:
        return self._stage.prefix + ("-tasks" if part == "tasks" else "")

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
        text, name = json.dumps({**others, **secrets}), f"{self._stage.prefix}/{part}"
        client: Any = self._account.client("secretsmanager")
        try:
            client.put_secret_value(SecretId=name, SecretString=text)
        except client.exceptions.ResourceNotFoundException:
            client.create_secret(Name=name, SecretString=text)

    def _secret(self, part: str) -> dict[str, str]:
        client: Any = self._account.client("secretsmanager")
        try:
            text = client.get_secret_value(SecretId=f"{self._stage.prefix}/{part}")["SecretString"]
        except client.exceptions.ResourceNotFoundException:
            return {}
        return dict(json.loads(text))

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


def part_of(part: str, secrets: Secrets) -> dict[str, str]:
    """Return what a part has of the secrets: the web function none of the tables' owner's."""
    return {name: value for name, value in secrets.items() if part == "tasks" or name not in OWNERS}
