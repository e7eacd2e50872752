"""Bring one stack to what its template says, from wherever an earlier, perhaps interrupted, run has left it."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy import stack_words
from deploy.aws import Account
from deploy.cfn import Template
from deploy.failure import Failure
from deploy.words import Language, Words

PAUSE_SECONDS = 3.0
"""CloudFormation works for minutes and ends every operation by itself, if need be by undoing it, but tells nobody when;
asking more often only meets its request limits."""

ABSENT = frozenset({"", "REVIEW_IN_PROGRESS", "DELETE_COMPLETE"})
DEAD = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"})
"""Nothing useful stands: AWS lets such a stack only be deleted."""

FIXED_PARAMETERS = frozenset({"DatabaseSnapshot"})
"""Once a stack stands these never change: another snapshot, or none, would replace the database."""

KEPT_PARAMETERS = frozenset(
    {
        "ArtefactKey",
        "ArtefactArchitecture",
        "DatabaseTokens",
        "Secrets",
        "SecretsVersion",
        "WebImage",
        "WebEnvironment",
    }
)
"""These stay as they were unless a new value is given."""

NOTHING = Words("nothing to change", "変更はありません")
CLEANING = Words(
    "{stack}: an earlier attempt had failed ({status}); removing its remains first",
    "{stack}: 以前の作成が失敗しています（{status}）。残りを先に削除します",
)
FOLLOWING = Words(
    "{stack}: something is already in progress ({status}); following it to its end",
    "{stack}: 処理が進行中です（{status}）。終わりまで待ちます",
)
STUCK = Words(
    "{stack} is stuck in {status}: {reason}. In the console, or by aws cloudformation continue-update-rollback "
    "--stack-name {stack}, let AWS finish; then run this again.",
    "{stack} が {status} で止まっています: {reason}。コンソール、または aws cloudformation continue-update-rollback "
    "--stack-name {stack} で完了させてから、もう一度実行してください。",
)
FAILED = Words("{stack} failed ({status}): {reason}", "{stack} は失敗しました（{status}）: {reason}")
REFUSED = Words(
    "Stopped before changing {stack}; run this again when you are ready.", "{stack} を変更する前に中止しました。"
)


@dataclass
class Runner:
    """Works on stacks of one account; `say` prints a line, `confirm` asks before something is changed."""

    account: Account
    language: Language
    say: Callable[[str], None]
    confirm: Callable[[str], bool]
    tags: Mapping[str, str] = field(default_factory=dict)
    pause: Callable[[float], None] = time.sleep

    @property
    def _cloudformation(self) -> Any:
        return self.account.client("cloudformation")

    def describe(self, stack: str) -> dict[str, Any]:
        """Describe a stack; empty when there is none."""
        from botocore.exceptions import ClientError

        try:
            return dict(self._cloudformation.describe_stacks(StackName=stack)["Stacks"][0])
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return {}
            raise

    def outputs(self, stack: str) -> dict[str, str]:
        """Give a stack's outputs; empty when there is none."""
        return {entry["OutputKey"]: entry["OutputValue"] for entry in self.describe(stack).get("Outputs", [])}

    def settle(self, stack: str) -> dict[str, Any]:
        """Wait until nothing is in progress, and remove what can only be removed."""
        described = self.describe(stack)
        status = described.get("StackStatus", "")
        if status.endswith("_IN_PROGRESS") and status not in ABSENT:
            self.say(FOLLOWING.say(self.language, stack=stack, status=status))
            described = self.follow(described["StackId"], since=self._seen(described["StackId"]))
            status = described["StackStatus"]
        if status == "UPDATE_ROLLBACK_FAILED":
            reason = described.get("StackStatusReason", "")
            raise Failure(STUCK.say(self.language, stack=stack, status=status, reason=reason))
        if status in DEAD:
            self.say(CLEANING.say(self.language, stack=stack, status=status))
            self.delete(stack)
            return {}
        return {} if status in ABSENT else described

    def change_set(self, stack: str, template: Template, values: Mapping[str, str]) -> dict[str, Any]:
        """Make a change set and describe it whole; answer nothing when nothing would change (it is removed then)."""
        described = self.describe(stack)
        absent = described.get("StackStatus", "") in ABSENT
        made = self._cloudformation.create_change_set(
            StackName=stack,
            ChangeSetName=f"cloister-{secrets.token_hex(6)}",
            ChangeSetType="CREATE" if absent else "UPDATE",
            TemplateBody=template.text,
            Parameters=_parameters(template, values, {} if absent else described),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Tags=[{"Key": key, "Value": value} for key, value in self.tags.items()],
        )
        while True:
            held = self._described(made["Id"])
            if held["Status"] in ("CREATE_COMPLETE", "FAILED"):
                break
            self.pause(PAUSE_SECONDS)
        if held["Status"] == "CREATE_COMPLETE":
            return held
        reason = held.get("StatusReason", "")
        self._cloudformation.delete_change_set(ChangeSetName=made["Id"])
        if "didn't contain changes" in reason or "No updates are to be performed" in reason:
            return {}
        raise Failure(FAILED.say(self.language, stack=stack, status=held["Status"], reason=reason))

    def _described(self, change_set: str) -> dict[str, Any]:
        """Describe a change set with all its pages."""
        held = dict(self._cloudformation.describe_change_set(ChangeSetName=change_set))
        token = held.get("NextToken")
        while token:
            page = self._cloudformation.describe_change_set(ChangeSetName=change_set, NextToken=token)
            held["Changes"] = [*held["Changes"], *page["Changes"]]
            token = page.get("NextToken")
        return held

    def discard(self, change_set: Mapping[str, Any]) -> None:
        """Remove a change set that is not wanted."""
        self._cloudformation.delete_change_set(ChangeSetName=change_set["ChangeSetId"])

    def show(self, change_set: Mapping[str, Any]) -> None:
        """Print a change set in words."""
        for entry in change_set["Changes"]:
            for line in stack_words.change(entry["ResourceChange"], self.language):
                self.say(f"  {line}")

    def up(self, stack: str, template: Template, values: Mapping[str, str]) -> dict[str, str]:
        """Make or change a stack after showing what will happen; answer its outputs."""
        self.settle(stack)
        held = self.change_set(stack, template, values)
        if not held:
            self.say(f"{stack}: {NOTHING.plain(self.language)}")
            return self.outputs(stack)
        self.say(f"{stack}:")
        self.show(held)
        if not self.confirm(stack):
            self.discard(held)
            raise Failure(REFUSED.say(self.language, stack=stack))
        seen = self._seen(held["StackId"])
        self._cloudformation.execute_change_set(ChangeSetName=held["ChangeSetId"])
        described = self.follow(held["StackId"], since=seen, expected=len(held["Changes"]))
        if described["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            reason = self._first_failure(held["StackId"], seen) or described.get("StackStatusReason", "")
            status = described["StackStatus"]
            raise Failure(FAILED.say(self.language, stack=stack, status=status, reason=reason))
        return self.outputs(stack)

    def delete(self, stack: str) -> None:
        """Delete a stack and follow it to its end."""
        described = self.describe(stack)
        if not described:
            return
        identifier = described["StackId"]
        seen = self._seen(identifier)
        self._cloudformation.delete_stack(StackName=stack)
        described = self.follow(identifier, since=seen)
        if described["StackStatus"] != "DELETE_COMPLETE":
            reason = self._first_failure(identifier, seen) or described.get("StackStatusReason", "")
            status = described["StackStatus"]
            raise Failure(FAILED.say(self.language, stack=stack, status=status, reason=reason))

    def follow(self, stack_id: str, *, since: set[str], expected: int = 0) -> dict[str, Any]:
        """Print events as they come until the stack rests; answer its description."""
        seen = set(since)
        done = 0
        while True:
            described = self.describe(stack_id)
            for event in self._events(stack_id):
                if event["EventId"] in seen:
                    continue
                seen.add(event["EventId"])
                line = stack_words.progress(event, self.language)
                if line and event["LogicalResourceId"] != described["StackName"]:
                    done += 1
                    count = f"{min(done, expected)}/{expected} " if expected else ""
                    self.say(f"  {count}{line}")
            if not described["StackStatus"].endswith("_IN_PROGRESS"):
                return described
            self.pause(PAUSE_SECONDS)

    def drift(self, stack: str, *, sleeps: bool = False) -> list[str]:
        """Tell, in words, all that differs from the template; `sleeps`: see `stack_words.drift`."""
        if not self.describe(stack):
            return []
        cloudformation = self._cloudformation
        detection = cloudformation.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
        while True:
            state = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
            if state["DetectionStatus"] != "DETECTION_IN_PROGRESS":
                break
            self.pause(PAUSE_SECONDS)
        told: list[str] = []
        token: dict[str, str] = {}
        while True:
            page = cloudformation.describe_stack_resource_drifts(
                StackName=stack, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"], **token
            )
            for entry in page["StackResourceDrifts"]:
                told += stack_words.drift(stack, entry, self.language, sleeps=sleeps)
            if not page.get("NextToken"):
                return told
            token = {"NextToken": page["NextToken"]}

    def _events(self, stack_id: str) -> list[dict[str, Any]]:
        """Give a stack's events, oldest first."""
        pages = self._cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def _seen(self, stack_id: str) -> set[str]:
        return {event["EventId"] for event in self._events(stack_id)}

    def _first_failure(self, stack_id: str, since: set[str]) -> str:
        for event in self._events(stack_id):
            if event["EventId"] not in since and event["ResourceStatus"].endswith("_FAILED"):
                return f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
        return ""


def _parameters(template: Template, values: Mapping[str, str], described: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the values of a template's parameters; what is secret or must not change stays as it was.

    So does what a plan cannot know yet, because the stack that gives it out is still to be made.
    """
    before = {entry["ParameterKey"] for entry in described.get("Parameters", [])}
    told: list[dict[str, Any]] = []
    for name, parameter in template.parameters.items():
        kept = name not in values and (parameter.secret or parameter.default is None or name in KEPT_PARAMETERS)
        if name in before and (kept or name in FIXED_PARAMETERS):
            told.append({"ParameterKey": name, "UsePreviousValue": True})
        elif name in values:
            told.append({"ParameterKey": name, "ParameterValue": values[name]})
    return told
