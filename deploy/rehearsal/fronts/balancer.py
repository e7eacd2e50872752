"""An internal load balancer: which rule a request meets, who answers it, and what is written on the answer.

Sources: Application Load Balancers guide, "Listener rules", "HTTP header modification", "Use Lambda functions as
targets", "X-Forwarded headers", "Troubleshoot your Application Load Balancers" (statuses); Elastic Load Balancing
guide, "HTTP header limits". The texts of its own errors are those that callers report.
"""

import concurrent.futures
import dataclasses
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from deploy.rehearsal.events import Answer, Call, Event, alb_event, answer_of
from deploy.rehearsal.fronts import rules
from deploy.rehearsal.fronts.rules import Rule
from deploy.rehearsal.fronts.server import Visit
from deploy.rehearsal.runtime_api import NoFunction, Result

BODY = 2**20  # bytes of a request's body to a function, and of the JSON that a function answers
LINE, HEADER, HEADERS = 16 * 2**10, 16 * 2**10, 64 * 2**10  # bytes of a request's first line, one header, all of them
PHRASES = {301: "Moved Permanently", 302: "Found",
           400: "Bad Request", 413: "Request Entity Too Large", 500: "Internal Server Error", 502: "Bad Gateway",
           503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}  # fmt: skip
HOPS = frozenset({"connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade"})
"""Headers that end at each server on the way (RFC 9110, 7.6.1)."""
_ADDED = re.compile(r"routing\.http\.response\.(\w+)\.header_value")
_VALID = re.compile(r"[-A-Za-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Listener:
    """One port, its rules in the order of their priorities with the default last, and what was set of it."""

    protocol: str
    port: int
    rules: Sequence[Rule]
    attributes: Mapping[str, str]
    drops_invalid_headers: bool
    patience: float
    """Seconds that a target may be silent: the load balancer's idle timeout."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A target group: one function, or addresses with ports of which only those in service are named."""

    arn: str
    function: str = ""
    callable: bool = True
    """Whether the function's policy lets the load balancer call it."""
    multi_value: bool = False
    protocol: str = "HTTP"
    targets: Sequence[tuple[str, int]] = ()


class Refused(ConnectionError):
    """A target took no connection."""


Invoke = Callable[[str, Event], Result]
Send = Callable[[str, tuple[str, int], Call, float], Answer]
"""Sends a call to an address by a protocol, waiting so many seconds; raises Refused, TimeoutError or OSError."""


class Balancer:
    """Answers for one listener on one of the load balancer's addresses."""

    def __init__(
        self, listener: Callable[[], Listener], group: Callable[[str], Group], invoke: Invoke, send: Send
    ) -> None:
        self.listener, self.group, self.invoke, self.send = listener, group, invoke, send
        self._turn = 0
        self._threads = concurrent.futures.ThreadPoolExecutor(thread_name_prefix="balancer")

    def __call__(self, visit: Visit) -> Answer:
        """Answer one request; headers that were set are on every answer, the load balancer's own errors included."""
        listener = self.listener()
        return _signed(self._answered(listener, visit), listener.attributes)

    def _answered(self, listener: Listener, visit: Visit) -> Answer:
        call = visit.call
        sizes = [len(name) + len(value) for name, value in call.headers]
        if len(f"{call.method} {call.path}?{call.query}") > LINE or max(sizes, default=0) > HEADER:
            return problem(400)
        if sum(sizes) > HEADERS or not call.header("host"):
            return problem(400)
        rule = rules.chosen(listener.rules, call, visit.host)
        action = rule.actions[-1]
        match action["Type"]:
            case "fixed-response":
                told = action["FixedResponseConfig"]
                kind = (("Content-Type", f"{told.get('ContentType', 'text/plain')}; charset=utf-8"),)
                return Answer(
                    status=int(told["StatusCode"]),
                    headers=(*_SERVER, *kind),
                    body=told.get("MessageBody", "").encode(),
                )
            case "redirect":
                config = action["RedirectConfig"]
                where = rules.redirection(config, call, host=visit.host, protocol=listener.protocol, port=listener.port)
                moved = problem(int(config["StatusCode"].removeprefix("HTTP_")))
                return dataclasses.replace(moved, headers=(*moved.headers, ("Location", where)))
            case "forward":
                return self._forwarded(listener, self.group(_arn(action)), rule, call)
        raise ValueError(f"no front imitates the action {action['Type']}")

    def _forwarded(self, listener: Listener, group: Group, rule: Rule, call: Call) -> Answer:
        try:
            call = rules.rewritten(rule.transforms, call)
        except rules.Impossible:
            return problem(500)
        gone = HOPS - {"connection"} if group.function else HOPS  # seen in recorded events
        kept = [
            (name, value)
            for name, value in call.headers
            if name.lower() not in gone and (_VALID.fullmatch(name) or not listener.drops_invalid_headers)
        ]
        if not call.header("x-amzn-trace-id"):
            kept.append(("X-Amzn-Trace-Id", f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"))
        call = dataclasses.replace(call, headers=tuple(kept))
        if group.function:
            return self._called(listener, group, call)
        return self._sent(listener, group, call)

    def _called(self, listener: Listener, group: Group, call: Call) -> Answer:
        """Have a function answer; what it says that is none is 502."""
        if len(call.body) > BODY:
            return problem(413)
        if not group.callable:
            return problem(502)
        event = alb_event(call, multi_value=group.multi_value, protocol=listener.protocol.lower(), port=listener.port,
                          group=group.arn)  # fmt: skip
        try:
            result = self._threads.submit(self.invoke, group.function, event).result(timeout=listener.patience)
            if result.function_error or len(json.dumps(result.payload)) > BODY:
                return problem(502)
            answer = answer_of(result.payload)
        except TimeoutError:
            return problem(504)
        except (NoFunction, KeyError, ValueError, TypeError, AttributeError):
            return problem(502)
        headers = tuple(pair for pair in answer.headers if pair[0].lower() not in {*HOPS, "content-length"})
        return Answer(status=answer.status, headers=(*_SERVER, *headers), body=answer.body)

    def _sent(self, listener: Listener, group: Group, call: Call) -> Answer:
        """Send it to the address whose turn it is."""
        if not group.targets:
            return problem(503)
        self._turn += 1
        target = group.targets[self._turn % len(group.targets)]
        headers = [pair for pair in call.headers if pair[0].lower() != "x-forwarded-for"]
        seen = ", ".join([*call.header("x-forwarded-for"), call.source_ip])  # behind whatever the caller claims
        headers = [pair for pair in headers if pair[0].lower() not in ("x-forwarded-proto", "x-forwarded-port")]
        headers += [("X-Forwarded-For", seen), ("X-Forwarded-Proto", listener.protocol.lower()),
                    ("X-Forwarded-Port", str(listener.port))]  # fmt: skip
        try:
            answer = self.send(group.protocol, target, dataclasses.replace(call, headers=tuple(headers)),
                               listener.patience)  # fmt: skip
        except TimeoutError:
            return problem(504)
        except OSError:  # refused, or ended in the middle of an answer
            return problem(502)
        return dataclasses.replace(
            answer, headers=tuple(pair for pair in answer.headers if pair[0].lower() not in HOPS)
        )


_SERVER = (("Server", "awselb/2.0"),)


def problem(status: int) -> Answer:
    """Give the load balancer's own page of a status."""
    line = f"{status} {PHRASES[status]}"
    told = ("<html>", f"<head><title>{line}</title></head>", "<body>", f"<center><h1>{line}</h1></center>", "</body>")
    body = "\r\n".join([*told, "</html>", ""])
    return Answer(status=status, headers=(*_SERVER, ("Content-Type", "text/html")), body=body.encode())


def _arn(action: Mapping[str, object]) -> str:
    """Name the target group of a forward, which is written in one of two ways."""
    config = action.get("ForwardConfig")
    if "TargetGroupArn" in action or not isinstance(config, Mapping):
        return str(action["TargetGroupArn"])
    (only,) = config["TargetGroups"]
    return str(only["TargetGroupArn"])


def _signed(answer: Answer, attributes: Mapping[str, str]) -> Answer:
    """Put the headers on an answer that the listener sets, in the place of what the target said."""
    added = {
        found[1].replace("_", "-"): value
        for key, value in attributes.items()
        if (found := _ADDED.fullmatch(key)) and value
    }
    gone = set(added) | ({"server"} if attributes.get("routing.http.response.server.enabled") == "false" else set())
    kept = [pair for pair in answer.headers if pair[0].lower() not in gone]
    told = [(name.title(), value) for name, value in added.items()]
    return dataclasses.replace(answer, headers=(*kept, *told))
