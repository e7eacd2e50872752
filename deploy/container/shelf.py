"""Secrets of containers, and a company's own variables, which ECS gives them from files that the stack names.

The tasks' file is the truth, as the tasks function's environment is where functions run. A file is never changed: other
secrets are another file, and a stack that names it.
"""

from collections.abc import Mapping

from deploy.container import environment
from deploy.shelf import SOURCE, VERSION, Secrets, Shelf, part_of
from deploy.variables import own

STACK = "fargate"
PARAMETER = {"tasks": "TasksEnvironment", "web": "WebEnvironment"}
RELAY = "CLOISTER_SMTP_PASSWORD"
"""The company's own at its mail relay, which the tasks' file keeps beside the stage's."""
UNCHANGED = "0"
"""The version of secrets that were never rotated: a file has a line in any case."""


class ContainerShelf(Shelf):
    """The secrets of one stage whose application runs in containers."""

    relay = ""
    """The password at the mail relay from now on; empty leaves it as it is."""

    def relay_kept(self) -> str:
        """Return the password at the mail relay that the tasks' file has."""
        return self._environment(self._function("tasks")).get(RELAY, "")

    def parameters(self, secrets: Secrets) -> dict[str, str]:
        """Return the parameters by which tasks have these secrets; their file lies there on return.

        So do web containers that run already: one stack says for both how they sign in.
        """
        named = self._named("tasks", secrets, self._version())
        return named | (self.web_parameters(secrets) if self._held(PARAMETER["web"]) else {})

    def web_parameters(self, secrets: Secrets | None = None) -> dict[str, str]:
        """Return the parameter by which web containers have what the tasks have, but the tables' owner's."""
        return self._named("web", part_of("web", self.read() if secrets is None else secrets), self._version())

    def _version(self) -> str:
        return self._environment(self._function("tasks")).get(VERSION, UNCHANGED)

    def put_tasks(self, secrets: Secrets, version: str) -> None:
        """Give tasks exactly these secrets."""
        if self._place != "deployer":
            self._keep("tasks", secrets)
        self._change(self._named("tasks", secrets, version))

    def put_web(self, secrets: Secrets, version: str) -> None:
        """Give web containers exactly these secrets but the owner's: new ones start, and take over."""
        wanted = part_of("web", secrets)
        if self._place != "deployer":
            self._keep("web", wanted)
        if self._held(PARAMETER["web"]):
            self._change(self._named("web", wanted, version))

    def _named(self, part: str, secrets: Secrets, version: str) -> dict[str, str]:
        """Keep a part's file unless it lies there, and return the parameter that names it."""
        kept = secrets if self._place == "deployer" else {}
        variables = {**own(self._stage), **kept, VERSION: version}
        relay = self.relay or self.relay_kept()
        if part == "tasks" and self._place == "deployer" and relay:
            variables[RELAY] = relay
        key = environment.key(part, environment.text(variables))
        if key != self._held(PARAMETER[part]):
            environment.upload(self._stage, self._account, part, variables)
        return {PARAMETER[part]: key}

    def _environment(self, function: str) -> dict[str, str]:
        """Return what a part's file says, and where the stack says that secrets are kept."""
        from botocore.exceptions import ClientError

        key = self._held(PARAMETER["tasks" if function == self._function("tasks") else "web"])
        if not key:
            return {}
        bucket = self._stage.bucket("artefacts", self._account.number)
        try:
            body = self._account.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("NoSuchKey", "NoSuchBucket"):
                raise
            return {}
        place = self._held("Secrets")
        return environment.read(body.decode()) | ({SOURCE: f"{place}:"} if place not in ("", "deployer") else {})

    def _held(self, parameter: str) -> str:
        described = self._runner.describe(f"{self._stage.prefix}-{STACK}")
        held = {entry["ParameterKey"]: entry["ParameterValue"] for entry in described.get("Parameters", [])}
        return str(held.get(parameter, ""))

    def _change(self, changes: Mapping[str, str]) -> None:
        """Change the stack in these parameters and in nothing else."""
        stack, template = f"{self._stage.prefix}-{STACK}", self._template(STACK)
        held = {
            entry["ParameterKey"]: entry["ParameterValue"]
            for entry in self._runner.describe(stack).get("Parameters", [])
        }
        self._runner.up(stack, template, {**held, **changes})
