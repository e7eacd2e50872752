"""A front before moto's server: the calls that moto does not have, and functions that really run.

`with Cloud() as cloud:` gives `cloud.endpoint` for AWS_ENDPOINT_URL; with `databases` (databases.py) functions reach
PostgreSQL servers that stand behind the descriptions, and have their roles' keys. It proves that requests are
well-formed and in the right order; it evaluates no policy but that of a database's tokens (docs/verified.md).
"""

import base64
import http
import io
import json
import re
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import parse_qs

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.artefact import archive
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.runtime_api import ACCOUNT, Function, Lambda, NoFunction, Result

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_URLS = re.compile(r"/2021-10-31/functions/([^/]+)/urls")
_READS = re.compile(r"(Describe|Detect|Filter|Get|Head|List|Simulate|GET |HEAD )")
_LOG_TAIL = 4096  # bytes of log in an answer (AWS, "Invoke": LogType)


class Runs(Protocol):
    """A function that answers invocations."""

    def invoke(self, event: object) -> Result:
        """Have an event answered."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing of single requests."""


class Cloud:
    """moto and the front on a port of loopback; `calls` are the functions' invocations (function, event)."""

    def __init__(self, *, databases: Databases | None = None, run: Callable[[Function], Runs] = Lambda) -> None:
        """`run` makes of a function's code and configuration something that answers events."""
        self._databases = databases
        self._run = run
        self._making = threading.Lock()
        self.calls: list[tuple[str, Any]] = []
        self.requests: list[str] = []
        """What was asked of AWS: SERVICE:CALL, in order."""
        self.watch: Callable[[str], None] | None = None
        """Called with each entry of `requests`, after it was done and before the answer leaves."""
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=_Quiet)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        self._folder = tempfile.TemporaryDirectory(prefix="cloister-cloud-")
        self._running: dict[tuple[str, str], Runs] = {}
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()
        for function in self._running.values():
            function.stop()
        self._folder.cleanup()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        called = _called(environ)
        self.requests.append(called)
        try:
            answer = self._answered(environ, start_response)
        except NotImplementedError as error:  # moto's own; AWS's clients take it as a refusal
            answer = _not_there(start_response, str(error))
        if self.watch:
            self.watch(called)
        return answer

    def changes(self) -> list[str]:
        """Return those requests so far that may have changed something."""
        return [called for called in self.requests if is_change(called)]

    def _answered(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        invoked = _INVOKE.fullmatch(path)
        if invoked and method == "POST":
            return self._invoke(invoked[1], environ, start_response)
        if _URLS.fullmatch(path) and method == "GET":  # ListFunctionUrlConfigs; there never are any
            return _answer(start_response, 200, {}, {"FunctionUrlConfigs": []})
        answer: Iterable[bytes] = self.moto(environ, start_response)
        return answer

    def _invoke(self, name: str, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        event = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or "null")
        self.calls.append((name, event))
        copy = event.get("database", "") if isinstance(event, dict) else ""
        try:
            function = self.function(name, _region(environ), copy=copy)
        except NoFunction as error:
            told = {"Type": "User", "Message": f"Function not found: {error}"}
            return _answer(start_response, 404, {"X-Amzn-ErrorType": "ResourceNotFoundException"}, told)
        result = function.invoke(event)
        headers = {
            "X-Amz-Executed-Version": "$LATEST",
            "X-Amz-Log-Result": base64.b64encode(result.log.encode()[-_LOG_TAIL:]).decode(),
        }
        if result.function_error:
            headers["X-Amz-Function-Error"] = result.function_error
        return _answer(start_response, 200, headers, result.payload)

    def function(self, name: str, region: str, *, copy: str = "") -> Runs:
        """Return the function with the code and configuration it has now, running or not yet.

        `copy`: another database that the event names, in a process of its own, for which that name leads there.

        Raises:
            NoFunction: none was deployed under this name.

        """
        try:
            deployed: Any = lambda_backends[ACCOUNT][region].get_function(name)
        except UnknownFunctionException as error:
            raise NoFunction(name) from error
        variables = dict(deployed.environment_vars)
        if self._databases is not None:
            around = self._databases.surroundings(variables, deployed.role, copy=copy)
            variables = around | {"AWS_ENDPOINT_URL_S3": self.endpoint} | variables
        identity = (name, json.dumps([deployed.code_sha_256, variables], sort_keys=True))
        with self._making:
            if identity not in self._running:
                self._running[identity] = self._run(
                    Function(
                        task_root=self._unpacked(deployed),
                        environment=variables,
                        handler=deployed.handler,
                        name=name,
                        region=region,
                        timeout=deployed.timeout,
                    )
                )
            return self._running[identity]

    def _unpacked(self, deployed: Any) -> Path:
        """Return the folder with a function's code, which functions of the same artefact share."""
        package = Path(self._folder.name) / f"{bytes(deployed.code_sha_256, 'ascii').hex()}.zip"
        task_root = package.with_suffix("")
        if not task_root.exists():
            package.write_bytes(deployed.code_bytes)
            archive.unpack(package, task_root, read_only=False)
            package.unlink()
        return task_root


def is_change(called: str) -> bool:
    """Say whether a request, as `Cloud.requests` names it, may have changed something."""
    return not _READS.match(called.partition(":")[2])


def _called(environ: "WSGIEnvironment") -> str:
    """Return SERVICE:CALL of a request, or SERVICE:METHOD PATH where the call's name is not sent."""
    signed = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    service = signed[1] if signed else "s3"
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if target:
        return f"{service}:{target}"
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        return f"{service}:{parse_qs(body.decode())['Action'][0]}"
    return f"{service}:{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"


def _region(environ: "WSGIEnvironment") -> str:
    """Return the region that the request's signature is for."""
    signed = re.search(r"Credential=[^/]+/\d+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return signed[1] if signed else "us-east-1"


def _not_there(start_response: "StartResponse", why: str) -> Iterable[bytes]:
    """Refuse a call that this cloud does not have, as the services whose calls are forms do."""
    body = f"<ErrorResponse><Error><Code>NotImplemented</Code><Message>{why}</Message></Error></ErrorResponse>".encode()
    start_response("400 Bad Request", [("Content-Type", "text/xml"), ("Content-Length", str(len(body)))])
    return [body]


def _answer(start_response: "StartResponse", status: int, headers: dict[str, str], document: object) -> Iterable[bytes]:
    body = json.dumps(document).encode()
    length = ("Content-Length", str(len(body)))
    start_response(
        f"{status} {http.HTTPStatus(status).phrase}", [("Content-Type", "application/json"), length, *headers.items()]
    )
    return [body]
