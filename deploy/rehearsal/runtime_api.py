"""Lambda's side of the Runtime API, driving the real `awslambdaric` from an unpacked artefact.

AWS, "Using the Lambda runtime API for custom runtimes" and "Understanding the Lambda execution environment
lifecycle". What is ours and not AWS's: no microVM (so no freezing between invocations), no memory limit, the
processor is not throttled. The process gets Lambda's environment variables and nothing of this machine's: its
interpreter runs without site-packages, and only `runtime.folder()` stands beside the artefact on its path.
"""

import json
import queue
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self, cast
from urllib.parse import urlsplit

from deploy.rehearsal import runtime, serving

ACCOUNT = "123456789012"
RESPONSE_LIMIT = 6_291_556  # bytes; AWS, "Function.ResponseSizeTooLarge"
INIT_LIMIT = 10.0  # seconds; AWS, "Init phase"


class NoFunction(LookupError):
    """There is no function of this name to invoke."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What an invocation came to.

    `payload` is the decoded JSON answer, or Lambda's error document where `function_error` is "Unhandled".
    `log` is what the process wrote meanwhile, with Lambda's START, END and REPORT lines; `milliseconds` runs from
    handing the event over to having the answer, and `init_milliseconds` is set where a start preceded it.
    """

    payload: Any
    function_error: str | None
    log: str
    milliseconds: float
    init_milliseconds: float | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the process reported: "response", "error", "init", "timeout" or "exit", and the body of it."""

    kind: str
    body: bytes
    at: float


@dataclass(frozen=True, kw_only=True)
class Function:
    """How a function is configured. `task_root` is the unpacked artefact, `environment` its own variables."""

    task_root: Path
    environment: Mapping[str, str]
    handler: str = "project.lambda_handler.handler"
    name: str = "cloister-poc"
    region: str = "ap-northeast-1"
    timeout: float = 30.0
    memory: int = 512
    snap_start: bool = False
    prefix: Sequence[str] = ()
    """A command that the interpreter is started by, such as one that gives up rights."""
    place: Callable[[], AbstractContextManager[object]] = nullcontext
    """Where the Runtime API listens, on loopback: a context in which its socket is made."""

    @property
    def arn(self) -> str:
        """The function's ARN, as the invocation's context has it."""
        return f"arn:aws:lambda:{self.region}:{ACCOUNT}:function:{self.name}"

    def variables(self, api: str) -> dict[str, str]:
        """Return the process's whole environment (AWS, "Defined runtime environment variables")."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "LAMBDA_TASK_ROOT": str(self.task_root),
            "LAMBDA_RUNTIME_DIR": str(runtime.folder()),
            "PYTHONPATH": str(runtime.folder()),
            "PYTHONTZPATH": "",  # the Lambda image has no zone database; this machine may
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start" if self.snap_start else "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/22/[$LATEST]rehearsal",
            "AWS_LAMBDA_RUNTIME_API": api,
            "_HANDLER": self.handler,
            **self.environment,
        }


class ExecutionEnvironment:
    """One process of a function, from its start to its end; it answers one event at a time."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.events: queue.Queue[tuple[str, bytes, float] | None] = queue.Queue()
        self.outcomes: queue.Queue[Outcome] = queue.Queue()
        self.ready = threading.Event()
        self.started = threading.Event()  # ready, or ended before it could be
        self.restores = 0
        self._log: list[str] = []
        with function.place():
            self.server = _Server(self)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        host, port = self.server.server_address[:2]
        self.began = time.perf_counter()
        self.ready_at = self.began
        self.process = subprocess.Popen(
            [*function.prefix, runtime.INTERPRETER, "-S", "-m", "awslambdaric", function.handler],
            cwd=function.task_root,
            env=function.variables(f"{host!s}:{port}"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            process_group=0,  # an interrupt at the terminal is for whoever asks, not for functions
        )
        self.output = cast("IO[str]", self.process.stdout)  # a pipe was asked for
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.output:
            self._log.append(line)
        # What the process still had to report has been received before it could end.
        self.outcomes.put(Outcome(kind="exit", body=b"", at=time.perf_counter()))
        self.started.set()

    def take_log(self) -> str:
        """Return what was written since the last call."""
        taken, self._log = self._log, []
        return "".join(taken)

    @property
    def init_milliseconds(self) -> float:
        """From spawning the process to its first request for an event."""
        return (self.ready_at - self.began) * 1000

    def is_ready(self) -> None:
        """Note that the process asks for an event (called by the server)."""
        if not self.ready.is_set():
            self.ready_at = time.perf_counter()
            self.ready.set()
            self.started.set()

    def invoke(self, event: bytes) -> tuple[Outcome, float]:
        """Hand one event over and return the outcome and the seconds it took."""
        began = time.perf_counter()
        self.started.wait(INIT_LIMIT)  # which Lambda does not count as the invocation's time
        self.events.put((str(uuid.uuid4()), event, time.time() + self.function.timeout))
        try:
            outcome = self.outcomes.get(timeout=self.function.timeout)
        except queue.Empty:
            outcome = Outcome(kind="timeout", body=b"", at=time.perf_counter())
        started = max(began, self.ready_at)
        return outcome, outcome.at - started

    def stop(self) -> None:
        """End the process, and wait for it."""
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.output.close()
        self.events.put(None)  # a request for the next event may still be waiting for one
        self.server.shutdown()
        self.server.server_close()


class Lambda:
    """A function that answers invocations, in one execution environment at a time: `with Lambda(...) as it`."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.environment: ExecutionEnvironment | None = None
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> ExecutionEnvironment:
        """Start the process if none runs, and return it; it may not have finished its init phase."""
        if self.environment is None:
            self.environment = ExecutionEnvironment(self.function)
        return self.environment

    def stop(self) -> None:
        """End the process: the next invocation is a cold one."""
        if self.environment is not None:
            self.environment.stop()
            self.environment = None

    def invoke(self, event: object) -> Result:
        """Have the event (anything that JSON can carry) answered."""
        with self._one_at_a_time:
            cold = self.environment is None
            environment = self.start()
            outcome, seconds = environment.invoke(json.dumps(event).encode())
            payload, error = self._payload(outcome)
            if outcome.kind in ("timeout", "exit", "init"):
                self.stop()
            init = environment.init_milliseconds if cold and environment.ready.is_set() else None
            return Result(
                payload=payload,
                function_error=error,
                log=_framed(environment.take_log(), seconds * 1000, init),
                milliseconds=seconds * 1000,
                init_milliseconds=init,
            )

    def _payload(self, outcome: Outcome) -> tuple[Any, str | None]:
        if outcome.kind == "timeout":
            return _error("Sandbox.Timedout", f"Task timed out after {self.function.timeout:.2f} seconds"), "Unhandled"
        if outcome.kind == "exit":
            return _error("Runtime.ExitError", "Runtime exited"), "Unhandled"
        if outcome.kind == "response" and len(outcome.body) > RESPONSE_LIMIT:
            message = (
                f"Response payload size ({len(outcome.body)} bytes) exceeded maximum allowed payload size "
                f"({RESPONSE_LIMIT} bytes)."
            )
            return _error("Function.ResponseSizeTooLarge", message), "Unhandled"
        return json.loads(outcome.body), None if outcome.kind == "response" else "Unhandled"


def _error(kind: str, message: str) -> dict[str, str]:
    return {"errorType": kind, "errorMessage": message}


def _framed(log: str, milliseconds: float, init: float | None) -> str:
    """Return the log between the lines that Lambda writes around an invocation's own."""
    identifier = uuid.uuid4()
    report = f"REPORT RequestId: {identifier}\tDuration: {milliseconds:.2f} ms"
    if init is not None:
        report += f"\tInit Duration: {init:.2f} ms"
    return f"START RequestId: {identifier} Version: $LATEST\n{log}END RequestId: {identifier}\n{report}\n"


class _Server(serving.Server):
    """The Runtime API of one execution environment, on loopback."""

    def __init__(self, environment: ExecutionEnvironment) -> None:
        self.environment = environment
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(serving.Handler):
    server: _Server

    def answer(self) -> None:
        """Answer the runtime client, which knows two methods."""
        if self.command == "GET":
            self._hand_over()
        else:
            self._take()

    def _hand_over(self) -> None:
        """Hand over the next event, or let a snapshot wake up at once."""
        environment = self.server.environment
        if self._resource() == ["restore", "next"]:
            environment.restores += 1
            self._send(200, b"")
            return
        environment.is_ready()
        item = environment.events.get()
        if item is None:
            self.close_connection = True
            return
        identifier, event, deadline = item
        self._send(
            200,
            event,
            {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": identifier,
                "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": environment.function.arn,
                "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
            },
        )

    def _take(self) -> None:
        """Take an answer, an error, or the end of a failed start."""
        at = time.perf_counter()
        resource = self._resource()
        body = self.body()
        kind = {"invocation": resource[-1], "init": "init", "restore": "init"}[resource[0]]
        self._send(202, b'{"status":"OK"}\n', {"Content-Type": "application/json"})
        self.server.environment.outcomes.put(Outcome(kind=kind, body=body, at=at))

    def _resource(self) -> list[str]:
        return urlsplit(self.path).path.removeprefix("/2018-06-01/runtime/").split("/")

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
