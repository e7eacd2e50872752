"""Logs of a stage: one JSON object a line, without personal data.

Our own messages hold ids and numbers. Those of other packages could hold anything, such as a user name or the values
of a row, so that of theirs only the constant part is written; of exceptions their types and where they were raised,
never what they say.
"""

import datetime as dt
import json
import logging
import traceback
from contextvars import ContextVar
from typing import Any

OURS = ("api", "project", "deploy")
"""Packages whose messages are written with their values."""
FRAMES = 20
"""Innermost frames that are kept of each exception."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request, or the run of the timers, that this thread is at."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON.

    `extra={"fields": {...}}` adds members. `extra={"metrics": {"Name": number}}` makes the line one from which
    CloudWatch reads metrics (Amazon CloudWatch user guide, "Embedded metric format") of `namespace`, with the dimension
    Stage=`prefix`; without a prefix they are members like others.
    """

    def __init__(self, *, namespace: str = "Cloister", prefix: str = "", terminator: str = "") -> None:
        super().__init__()
        self._namespace = namespace
        self._prefix = prefix
        self._terminator = terminator

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if id_ := request_id.get():
            line["request_id"] = id_
        if invocation := getattr(record, "aws_request_id", ""):
            line["invocation"] = invocation
        if record.exc_info and record.exc_info[1] is not None:
            line["errors"] = _errors(record.exc_info[1])
        line |= getattr(record, "fields", {})
        if metrics := getattr(record, "metrics", None):
            line |= self._embedded(metrics, at)
        return json.dumps(line, ensure_ascii=False, default=str) + self._terminator

    def _embedded(self, metrics: dict[str, float], at: dt.datetime) -> dict[str, Any]:
        if not self._prefix:
            return dict(metrics)
        described = {
            "Namespace": self._namespace,
            "Dimensions": [["Stage"]],
            "Metrics": [{"Name": name} for name in metrics],
        }
        return {
            "_aws": {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [described]},
            "Stage": self._prefix,
            **metrics,
        }


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    # With arguments it is a constant of the code, without them it may be made up of anything.
    return str(record.msg) if record.args else f"({record.module}:{record.lineno})"


def _errors(error: BaseException) -> list[dict[str, Any]]:
    """Return an exception and what caused it, outermost first, each with its type and its innermost frames."""
    found: list[dict[str, Any]] = []
    seen: BaseException | None = error
    while seen is not None and len(found) < FRAMES:
        frames = traceback.extract_tb(seen.__traceback__)[-FRAMES:]
        found.append(
            {
                "type": f"{type(seen).__module__}.{type(seen).__qualname__}",
                "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            }
        )
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return found
