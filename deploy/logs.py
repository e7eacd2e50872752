"""`python -m deploy logs STAGE`: what the stage's functions or containers have written, from CloudWatch."""

import argparse
import contextlib
import datetime as dt
import sys
import time
from collections.abc import Iterator
from typing import Any

from deploy.aws import Account
from deploy.stage import Stage
from deploy.words import Words, language

PAUSE_SECONDS = 3.0
NO_GROUP = Words(
    "{group} does not exist yet: nothing that writes into it has run.",
    "{group} がまだありません（ここに書き込むものは一度も実行されていません）。",
)

NOTHING = Words(
    "Nothing was written into {group} since {since:%Y-%m-%d %H:%M} UTC. Further back: --since MINUTES",
    "{group} には {since:%Y-%m-%d %H:%M}（UTC）以降の出力がありません。さかのぼるには --since 分数",
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
    log = Log(stage, account, arguments.function, since)

    def show() -> None:
        if not _print(log) and not arguments.follow:
            print(NOTHING.say(language(), group=log.group, since=since), file=sys.stderr)
        while arguments.follow:
            # What would tell by itself, StartLiveTail, answers at stream-logs.*, which a proxy's list may lack.
            time.sleep(PAUSE_SECONDS)
            _print(log)

    with contextlib.suppress(KeyboardInterrupt):  # the only end that --follow has
        aws_may_refuse(stage, show)
    return 0


def _print(log: "Log") -> bool:
    """Print what is new, and say whether that was anything."""
    something = False
    for line in log.news():
        print(line, flush=True)
        something = True
    return something


class Log:
    """What the web or the tasks function has written since a moment; asked again, it gives what came meanwhile."""

    def __init__(self, stage: Stage, account: Account, function: str, since: dt.datetime) -> None:
        self._logs = account.client("logs")
        self.group = f"/aws/lambda/{stage.prefix}" + ("-tasks" if function == "tasks" else "")
        if stage.in_containers:
            self.group = f"/{stage.prefix}/{function}"
        self._begin, self._seen = int(since.timestamp() * 1000), set[str]()

    def news(self) -> Iterator[str]:
        """Yield the lines that were not given yet, each with its time in UTC."""
        for event in self._events():
            if event["eventId"] not in self._seen:
                self._seen.add(event["eventId"])
                self._begin = max(self._begin, event["timestamp"])
                moment = dt.datetime.fromtimestamp(event["timestamp"] / 1000, dt.UTC)
                yield f"{moment:%Y-%m-%d %H:%M:%S} {event['message'].rstrip()}"

    def _events(self) -> Iterator[dict[str, Any]]:
        pages = self._logs.get_paginator("filter_log_events")
        try:
            for page in pages.paginate(logGroupName=self.group, startTime=self._begin):
                yield from page["events"]
        except self._logs.exceptions.ResourceNotFoundException:
            message = NO_GROUP.say(language(), group=self.group)
            yield {"eventId": "", "timestamp": self._begin, "message": message}
