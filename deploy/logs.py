"""`python -m deploy logs STAGE`: what the stage's functions or containers have written, from CloudWatch."""

import argparse
import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any

from deploy.aws import Account
from deploy.stage import Stage
from deploy.words import Words, language

PAUSE_SECONDS = 3.0
NO_GROUP = Words(
    "{group} does not exist yet: nothing that writes into it has run.",
    "{group} がまだありません（ここに書き込むものは一度も実行されていません）。",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("logs", help="what the functions have written", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--function", choices=("web", "tasks"), default="web")
    parser.add_argument("--since", metavar="MINUTES", type=int, default=15, help="how far back (15)")
    parser.add_argument("--follow", action="store_true", help="go on until interrupted")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print events, oldest first, each with its time in UTC."""
    from deploy import stage_file
    from deploy.up.verb import aws_may_refuse

    stage = stage_file.read(arguments.stage)
    account = Account(stage)
    since = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=arguments.since)

    def show() -> None:
        pause = time.sleep if arguments.follow else None
        for line in lines(stage, account, arguments.function, since, pause=pause):
            print(line, flush=True)

    try:
        aws_may_refuse(stage, show)
    except KeyboardInterrupt:
        return 0
    return 0


def lines(
    stage: Stage, account: Account, function: str, since: dt.datetime, *, pause: Callable[[float], None] | None = None
) -> Iterator[str]:
    """Yield what the web or the tasks function has written since then; with `pause` for ever."""
    logs = account.client("logs")
    group = f"/aws/lambda/{stage.prefix}" + ("-tasks" if function == "tasks" else "")
    if stage.in_containers:
        group = f"/{stage.prefix}/{function}"
    begin, seen = int(since.timestamp() * 1000), set[str]()
    while True:
        for event in _events(logs, group, begin):
            if event["eventId"] not in seen:
                seen.add(event["eventId"])
                begin = max(begin, event["timestamp"])
                moment = dt.datetime.fromtimestamp(event["timestamp"] / 1000, dt.UTC)
                yield f"{moment:%Y-%m-%d %H:%M:%S} {event['message'].rstrip()}"
        if pause is None:
            return
        pause(PAUSE_SECONDS)


def _events(logs: Any, group: str, begin: int) -> Iterator[dict[str, Any]]:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=begin)
    try:
        for page in pages:
            yield from page["events"]
    except logs.exceptions.ResourceNotFoundException:
        yield {"eventId": "", "timestamp": begin, "message": NO_GROUP.say(language(), group=group)}
