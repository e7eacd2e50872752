"""Calls of what a stage has for commands, a function or tasks of containers: once and never again, with the answer."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

NO_FUNCTION = Words(
    "The tasks function {function} does not stand yet. First: python -m deploy up {name}",
    "タスク関数 {function} がまだありません。先に python -m deploy up {name} を実行してください。",
)
FAILED = Words("{function} could not do it: {reason}", "{function} で失敗しました: {reason}")
LONGEST = 900
"""Seconds, the longest that a function may run (AWS, "Lambda quotas")."""


class CallFailed(Failure):
    """The function was reached and could not do what was asked; `reason` is its own sentence."""

    def __init__(self, function: str, reason: str) -> None:
        self.reason = reason
        super().__init__(FAILED.say(language(), function=function, reason=reason))


def once(client: Any, function: str, event: Mapping[str, Any]) -> Any:
    """Send one event and return the function's answer; raises `CallFailed` for a failure inside it."""
    response = client.invoke(FunctionName=function, Payload=json.dumps(event))
    text = response["Payload"].read().decode()
    answer = json.loads(text or "null")
    told = answer if isinstance(answer, dict) else {}
    if "FunctionError" in response:
        raise CallFailed(function, str(told.get("errorMessage") or text))
    if "failed" in told:  # of a private command, which raises nothing: that would end up in the log
        raise CallFailed(function, str(told["failed"]))
    return answer


class Tasks:
    """What a stage has for management commands."""

    name: str

    def manage(self, *words: str) -> str:
        """Run one management command of the application's list and return what it wrote.

        Raises:
            Failure: when nothing is there to run it, or the command fails.

        """
        answer = self.call({"manage": shlex.join(words)})
        return str(answer["output"])

    def call(self, event: Mapping[str, Any]) -> Any:
        """Send one event and return its answer; raises `CallFailed` for a failure inside it."""
        raise NotImplementedError


def of_stage(stage: Stage, account: Account) -> Tasks:
    """Return what the stage has: a function, or tasks of its containers."""
    if stage.in_containers:
        from deploy.container.tasks import ContainerTasks

        return ContainerTasks(stage, account)
    return TasksFunction(stage, account)


class TasksFunction(Tasks):
    """The function that a stage has for management commands."""

    def __init__(self, stage: Stage, account: Account) -> None:
        self._stage = stage
        self._account = account
        self.name = f"{stage.prefix}-tasks"

    def call(self, event: Mapping[str, Any]) -> Any:
        """Send one event, without sending it again when the line drops: it may be running."""
        from botocore.exceptions import ClientError

        try:
            return once(self._account.caller(longest=LONGEST), self.name, event)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                raise Failure(NO_FUNCTION.say(language(), function=self.name, name=self._stage.name)) from error
            raise
