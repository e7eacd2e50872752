"""`python -m deploy restore-check STAGE`: restore into a copy that is thrown away, verify it, say how long it took."""

import argparse
import datetime as dt
import time

from deploy.restore import words
from deploy.restore.verb import databases, moment, standing
from deploy.up.deployment import Deployment

SKEW = dt.timedelta(seconds=10)
"""By how much the clocks of functions and databases may differ: heads kept later than that before are left out."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("restore-check", help="whether a restore would work", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--to", metavar="TIME", help="with its zone (without: the latest that can be restored)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check; a failure is an error, 0 is a restore that works."""
    from deploy import stage_file
    from deploy.aws import Account
    from deploy.up.verb import aws_may_refuse, deployment

    stage = stage_file.read(arguments.stage)
    known = deployment(stage, Account(stage), yes=True)
    at = moment(arguments.to) if arguments.to else None
    aws_may_refuse(stage, lambda: check(known, at))
    return 0


def check(deployment: Deployment, at: dt.datetime | None) -> None:
    """Make a copy, verify the audit trail and the files that it tells of, and remove it whatever happens."""
    known = databases(deployment)
    source = standing(deployment, known)
    at = at or source["LatestRestorableTime"]
    prefix = deployment.stage.prefix
    for left in known.begin_with(f"{prefix}-check-"):
        deployment.tell(words.LEFT, copy=left)
        known.wait(left)
        known.delete(left)
    began = time.monotonic()
    copy = f"{prefix}-check-{dt.datetime.now(dt.UTC):%Y%m%d%H%M%S}"
    deployment.tell(words.COPYING, copy=copy, source=prefix, at=f"{at:%Y-%m-%dT%H:%M:%S%z}")
    known.copy(source, copy, at, deployment.stage.tags, passing=True)
    try:
        found = known.wait(copy)
        ready = time.monotonic() - began
        deployment.tell(words.COPIED, minutes=ready / 60)
        _admit(deployment, known.identity(found))
        until = (at - SKEW).astimezone(dt.UTC).isoformat()
        for line in (f"verify_audit --until {until}", "verify_attachments"):
            _asked(deployment, line, known.address(found))
    finally:
        known.wait(copy)
        known.delete(copy)
        _admit(deployment, "")
        deployment.tell(words.REMOVED, copy=copy)
    spent = time.monotonic() - began
    deployment.say(
        words.CHECKED.say(deployment.language, name=deployment.stage.name, minutes=ready / 60, all=spent / 60)
    )


def _admit(deployment: Deployment, resource_id: str) -> None:
    """Let the tasks role sign in to a copy by token too; empty: to none any more."""
    from deploy.up.tasks import by_token

    if by_token(deployment) and deployment.stacks.runner.outputs(deployment.stacks.name("roles")):
        deployment.up("roles", {"CheckedDatabaseId": resource_id})


def _asked(deployment: Deployment, line: str, host: str) -> None:
    from deploy import tasks_function

    event = {"manage": line, "database": host, "language": deployment.language}
    answer = tasks_function.of_stage(deployment.stage, deployment.account).call(event)
    for row in str(answer["output"]).splitlines():
        deployment.say(f"  {row}")
