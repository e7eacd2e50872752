"""Events as tasks of ECS: started once, watched to their end, answered through their log.

An event goes to its task as a file that ECS reads, encrypted and removed when the task has ended: what a task is given
by name can be read by whoever may describe it. Sources: Amazon ECS API Reference, "RunTask" (`clientToken`,
`environmentFiles` of an override, which take the place of the definition's) and "DescribeTasks".
"""

import datetime as dt
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from deploy import lookups
from deploy.aws import Account
from deploy.container import environment, sealed
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.tasks_function import CallFailed, Tasks
from deploy.words import Words, language

NO_TASKS = Words(
    "The tasks of {stack} do not stand yet. First: python -m deploy up {name}",
    "{stack} のタスクがまだありません。先に python -m deploy up {name} を実行してください。",
)
NOT_STARTED = Words("no task could be started: {reason}", "タスクを開始できませんでした: {reason}")
NO_ANSWER = Words(
    "the task {task} ended ({reason}) without an answer in {group}. What it wrote last:\n{said}",
    "タスク {task} は終了しましたが（{reason}）、{group} に応答がありません。最後の出力:\n{said}",
)
EVENTS = "environment/event-"
CONTAINER = "tasks"
PAUSE_SECONDS = 2.0
LOG_TRIES = 30
"""Times to look for an answer after a task has ended: lines arrive in the log some seconds later."""
UNKNOWN_TRIES = 30
"""Times in a row that ECS may not know a task: one that has just begun is told of some seconds later."""
FORGOTTEN = Words("ECS knows no more of it", "ECS に記録が残っていません")
STALE = dt.timedelta(hours=1)
"""What an event's file is too old for: whoever wrote it was killed before removing it."""
SAID = 20  # lines shown of a task that did not answer


class ContainerTasks(Tasks):
    """The tasks of a stage whose application runs in containers.

    `pause` waits between questions: ECS tells of a task's end by EventBridge only, to which a deployer has no ear.
    """

    def __init__(self, stage: Stage, account: Account, pause: Callable[[float], None] = time.sleep) -> None:
        self._stage, self._account, self._pause = stage, account, pause
        self.name = f"{stage.prefix}-tasks"

    def call(self, event: Mapping[str, Any]) -> Any:
        """Run one event to its end, however long it takes, and return its answer.

        Raises:
            CallFailed: it could not be started, it failed, or it left no answer.
            Failure: there is no definition to run.

        """
        known = lookups.outputs(self._stage, self._account)
        if "TasksDefinitionArn" not in known:
            raise Failure(NO_TASKS.say(language(), stack=f"{self._stage.prefix}-fargate", name=self._stage.name))
        key = sealed.key()
        with self._written({**event, "seal": key.hex()}) as file:
            task = self._ended(self._started(known, file))
        return self._answer(task, key)

    def stop_all(self) -> None:
        """End every task, of timers too, and wait until all have: a cluster that runs something is not removed."""
        ecs, cluster = self._account.client("ecs"), self._stage.prefix
        held = ecs.list_tasks(cluster=cluster, family=self.name)["taskArns"]
        for task in held:
            ecs.stop_task(cluster=cluster, task=task, reason="python -m deploy down")
        if held:
            ecs.get_waiter("tasks_stopped").wait(cluster=cluster, tasks=held)

    @contextmanager
    def _written(self, event: Mapping[str, Any]) -> Iterator[str]:
        """Keep an event in a file of its own while the block lasts; answer its key."""
        self._sweep()
        key = f"{EVENTS}{secrets.token_hex(12)}.env"
        text = environment.text({"CLOISTER_EVENT": json.dumps(event)})
        environment.put(self._stage, self._account, key, text)
        try:
            yield key
        finally:
            self._remove(key)

    def _sweep(self) -> None:
        """Remove the files of those who were killed before they could."""
        pages = self._account.client("s3").get_paginator("list_objects_v2")
        now = dt.datetime.now(dt.UTC)
        for page in pages.paginate(Bucket=self._bucket, Prefix=EVENTS):
            for held in page.get("Contents", []):
                if now - held["LastModified"] > STALE:
                    self._remove(held["Key"])

    def _remove(self, key: str) -> None:
        """Remove a file with its versions: the bucket would keep them."""
        s3 = self._account.client("s3")
        found = s3.list_object_versions(Bucket=self._bucket, Prefix=key)
        for version in (*found.get("Versions", []), *found.get("DeleteMarkers", [])):
            s3.delete_object(Bucket=self._bucket, Key=version["Key"], VersionId=version["VersionId"])

    @property
    def _bucket(self) -> str:
        return self._stage.bucket("artefacts", self._account.number)

    def _started(self, known: Mapping[str, str], file: str) -> str:
        """Start a task with an event's file beside the definition's own; answer its ARN."""
        ecs, definition = self._account.client("ecs"), known["TasksDefinitionArn"]
        found = ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]
        own = found["containerDefinitions"][0]["environmentFiles"]
        added = {"type": "s3", "value": f"{own[0]['value'].partition(':s3:::')[0]}:s3:::{self._bucket}/{file}"}
        answer = ecs.run_task(
            cluster=known["ClusterName"],
            taskDefinition=definition,
            launchType="FARGATE",
            platformVersion="1.4.0",
            count=1,
            startedBy="cloister-deploy",
            clientToken=file[-40:],
            networkConfiguration={
                "awsvpcConfiguration": {
                    "assignPublicIp": "DISABLED",
                    "subnets": [known["AppSubnet1"], known["AppSubnet2"]],
                    "securityGroups": [known["TasksGroupId"]],
                }
            },
            overrides={"containerOverrides": [{"name": CONTAINER, "environmentFiles": [*own, added]}]},
        )
        if answer.get("failures") or not answer["tasks"]:
            reason = ", ".join(str(one.get("reason")) for one in answer.get("failures", [])) or "?"
            raise CallFailed(self.name, NOT_STARTED.say(language(), reason=reason))
        return str(answer["tasks"][0]["taskArn"])

    def _ended(self, task: str) -> dict[str, Any]:
        """Wait for a task's end and describe it; of one that ECS has forgotten only its log can tell.

        Source: Amazon ECS API Reference, "DescribeTasks": stopped tasks are told of for about an hour.
        """
        ecs = self._account.client("ecs")
        unknown = 0
        while unknown < UNKNOWN_TRIES:
            found = ecs.describe_tasks(cluster=self._stage.prefix, tasks=[task])["tasks"]
            if found and found[0]["lastStatus"] == "STOPPED":
                return dict(found[0])
            unknown = 0 if found else unknown + 1
            self._pause(PAUSE_SECONDS)
        return {"taskArn": task, "stoppedReason": FORGOTTEN.plain(language())}

    def _answer(self, task: Mapping[str, Any], key: bytes) -> Any:
        """Find a task's answer in its log, as soon as it is there."""
        group, stream = f"/{self._stage.prefix}/tasks", f"tasks/{CONTAINER}/{task['taskArn'].rpartition('/')[2]}"
        container = (task.get("containers") or [{}])[0]
        wrote = container.get("exitCode") is not None  # otherwise it never ran: there is nothing to wait for
        messages: list[str] = []
        for _ in range(LOG_TRIES if wrote else 1):
            messages = self._messages(group, stream)
            answer = _found(messages, key)
            if answer is not None:
                break
            self._pause(PAUSE_SECONDS)
        else:
            reason = str(container.get("reason") or task.get("stoppedReason") or container.get("exitCode"))
            said = "\n".join(messages[-SAID:])
            words = NO_ANSWER.say(language(), task=stream, reason=reason, group=group, said=said)
            raise CallFailed(self.name, words)
        if isinstance(answer, dict) and "failed" in answer:
            raise CallFailed(self.name, str(answer["failed"]))
        return answer

    def _messages(self, group: str, stream: str) -> list[str]:
        logs = self._account.client("logs")
        told: list[str] = []
        token: dict[str, str] = {}
        while True:
            try:
                page = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True, **token)
            except logs.exceptions.ResourceNotFoundException:
                return []
            told += [event["message"] for event in page["events"]]
            if not page["events"] or page["nextForwardToken"] == token.get("nextToken"):
                return told
            token = {"nextToken": page["nextForwardToken"]}


def _found(messages: list[str], key: bytes) -> Any:
    """Return the answer among what a task wrote, None while it is not there whole.

    The log driver cuts long lines into several events (Amazon ECS Developer Guide, "awslogs": 256 KB).
    """
    for place in reversed(range(len(messages))):
        if messages[place].startswith('{"sealed": '):
            for end in range(place + 1, len(messages) + 1):
                try:
                    hidden = json.loads("".join(messages[place:end]))["sealed"]
                except ValueError:
                    continue
                return json.loads(sealed.opened(hidden, key))
    return None
