"""`python -m deploy restore STAGE --to TIME`: the stage's database as it was at a moment; run again after anything."""

import argparse
import datetime as dt
import shlex
import time
from collections.abc import Callable
from typing import Any

from deploy.failure import Failure
from deploy.restore import words
from deploy.restore.clusters import Clusters
from deploy.restore.copies import Instances
from deploy.restore.databases import Databases
from deploy.up.deployment import RESTORE as NOTE
from deploy.up.deployment import Deployment
from deploy.words import language


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("restore", help="the database as it was at a moment", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--to", required=True, metavar="TIME", help="with its zone: 2026-11-22T09:00:00+09:00")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore; 1 when the question was answered with no."""
    from deploy import stage_file
    from deploy.aws import Account
    from deploy.up.verb import aws_may_refuse, deployment

    stage = stage_file.read(arguments.stage)
    known = deployment(stage, Account(stage), yes=arguments.yes)
    restore = Restore(known, moment(arguments.to))
    answers: list[bool] = []
    aws_may_refuse(stage, lambda: answers.append(restore.go()))
    return 0 if answers[-1] else 1


def moment(text: str) -> dt.datetime:
    """Read a moment of the past with its zone; raises `Failure`."""
    now = dt.datetime.now(dt.UTC)
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise Failure(words.NO_MOMENT.say(language(), value=text))
    if read > now:
        raise Failure(words.FUTURE.say(language(), value=text, now=f"{now:%Y-%m-%dT%H:%M:%SZ}"))
    return read


def databases(deployment: Deployment) -> Databases:
    """Return the account's databases of the kind that the stage has."""
    kind = Clusters if deployment.stage.text("database.kind") == "aurora" else Instances
    return kind(deployment.account.client("rds"), deployment.language, deployment.say, deployment.pause)


def standing(deployment: Deployment, known: Databases) -> dict[str, Any]:
    """Return what RDS says of the stage's database; raises `Failure` where there is none."""
    found = known.find(deployment.stage.prefix)
    if found is None:
        stage = deployment.stage
        raise Failure(words.NO_DATABASE.say(deployment.language, prefix=stage.prefix, name=stage.name))
    return found


class Restore:
    """One restore, begun now or by an earlier run."""

    def __init__(self, deployment: Deployment, to: dt.datetime) -> None:
        self.deployment = deployment
        self.to = to
        self.databases = databases(deployment)
        self.prefix = deployment.stage.prefix

    def go(self) -> bool:
        """Do every step that is not done yet; answer whether the question before them was answered with yes."""
        known = self.deployment
        began = time.monotonic()
        note = known.journal.read(NOTE)
        if note.get("state") != "begun":
            now = dt.datetime.now(dt.UTC)
            note = {"to": self.to.isoformat(), "stamp": f"{now:%Y%m%d%H%M%S}", "state": "begun"}
            standing(known, self.databases)
            if not known.stacks.ask(
                words.ASK.say(known.language, name=known.stage.name, to=self.to, old=self._old(note))
            ):
                return False
            known.journal.write(NOTE, note)
        elif note["to"] != self.to.isoformat():
            raise Failure(words.OTHER_BEGUN.say(known.language, to=note["to"], name=known.stage.name))
        self.old, self.new = self._old(note), f"{self.prefix}-new-{note['stamp']}"
        steps: tuple[Callable[[], None], ...] = (
            self._close,
            self._copy,
            self._swap,
            self._roles,
            self._bootstrap,
            self._migrate,
            self._settle,
            self._verify,
            self._open,
        )
        for number, (step, title) in enumerate(zip(steps, words.STEPS, strict=True), start=1):
            known.say(f"[{number}/{len(steps)}] {title.say(known.language, to=self.to.isoformat())}")
            step()
        known.journal.write(NOTE, {**note, "state": "done"})
        minutes = (time.monotonic() - began) / 60
        known.say(
            words.DONE.say(
                known.language,
                name=known.stage.name,
                to=self.to.isoformat(),
                minutes=minutes,
                old=self.old,
                removal=self.databases.removal(self.old),
            )
        )
        return True

    def _old(self, note: dict[str, Any]) -> str:
        return f"{self.prefix}-before-{note['stamp']}"

    def _tasks(self, *line: str) -> None:
        from deploy import tasks_function

        known = self.deployment
        event = {"manage": shlex.join(line), "language": known.language}
        for row in str(tasks_function.of_stage(known.stage, known.account).call(event)["output"]).splitlines():
            known.say(f"  {row}")

    # --- the steps -------------------------------------------------------------------------------------------------
    def _close(self) -> None:
        """Keep everybody out who could write, after one more timer run of the database that is left."""
        from deploy import tasks_function

        known = self.deployment
        gate(known, is_open=False)
        if self.databases.find(self.old) is None:
            try:
                tasks_function.of_stage(known.stage, known.account).call({"command": "tick"})
            except Failure as error:  # the database may be what is broken
                known.tell(words.LAST_TICK, error=error)

    def _copy(self) -> None:
        if self.databases.find(self.old) is not None:
            self.deployment.tell(words.THERE)
            return
        source = standing(self.deployment, self.databases)
        if self.databases.find(self.new) is None:
            self.databases.copy(source, self.new, self.to, self.deployment.stage.tags)
        self.databases.complete(self.new, source)

    def _swap(self) -> None:
        if self.databases.find(self.old) is None and self.databases.find(self.new) is not None:
            if self.databases.find(self.prefix) is not None:
                self.databases.rename(self.prefix, self.old)
            else:
                self.databases.wait(self.old)
        if self.databases.find(self.new) is not None:
            self.databases.rename(self.new, self.prefix)
        self.databases.wait(self.prefix)
        self.deployment.changed()

    def _roles(self) -> None:
        known = self.deployment
        if known.stacks.runner.outputs(known.stacks.name("roles")):
            known.up("roles", {})
        elif known.stage.text("database.sign_in") != "password":
            known.tell(words.GIVEN_ROLES, id=known.output("DatabaseResourceId", "data"))

    def _bootstrap(self) -> None:
        from deploy.up import bootstrap

        bootstrap.run(self.deployment)

    def _migrate(self) -> None:
        self._tasks("migrate", "--noinput")
        known = self.deployment
        note = known.journal.read("migrate")
        if note:  # what `up` goes by: these tables too are the release's now
            known.journal.write("migrate", {**note, "database": known.output("DatabaseResourceId", "data")})

    def _settle(self) -> None:
        id_ = self.deployment.output("DatabaseResourceId", "data")
        self._tasks("settle_restore", "--restore", id_, "--to", self.to.isoformat())

    def _verify(self) -> None:
        self._tasks("verify_audit")

    def _open(self) -> None:
        gate(self.deployment, is_open=True)


def gate(known: Deployment, *, is_open: bool) -> None:
    """Let users and timers in, or keep them out: no web function or container, and a rule that does not fire.

    Sources: AWS Lambda API Reference, "PutFunctionConcurrency"; EventBridge API Reference, "PutRule".
    """
    from botocore.exceptions import ClientError

    from deploy.container import gate as containers

    functions, events = known.account.client("lambda"), known.account.client("events")
    name, rule = known.stage.prefix, f"{known.stage.prefix}-tick"
    if known.stage.in_containers:
        containers.gate(known.stage, known.account, is_open=is_open, pause=known.pause)
    try:
        if is_open:
            functions.delete_function_concurrency(FunctionName=name)
        else:
            functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
    try:
        held = events.describe_rule(Name=rule)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return
    kept = {key: held[key] for key in ("Description", "ScheduleExpression") if key in held}
    events.put_rule(Name=rule, State="ENABLED" if is_open else "DISABLED", **kept)
