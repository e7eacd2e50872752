"""A front before moto's server: the calls that moto does not have, and functions that really run.

`with Cloud() as cloud:` gives `cloud.endpoint` for AWS_ENDPOINT_URL; with `databases` (databases.py) functions reach
PostgreSQL servers that stand behind the descriptions, and have their roles' keys. It proves that requests are
well-formed and in the right order; it evaluates no policy but that of a database's tokens (docs/verified.md).
"""

import base64
import json
import re
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from moto.awslambda.models import lambda_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.artefact import archive
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.runtime_api import ACCOUNT, Function, Lambda

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_URLS = re.compile(r"/2021-10-31/functions/([^/]+)/urls")
_LOG_TAIL = 4096  # bytes of log in an answer (AWS, "Invoke": LogType)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing of single requests."""


class Cloud:
    """moto and the front on a port of loopback; `calls` are the functions' invocations (function, event)."""

    def __init__(self, databases: Databases | None = None) -> None:
        self._databases = databases
        self.calls: list[tuple[str, Any]] = []
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=_Quiet)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        self._folder = tempfile.TemporaryDirectory(prefix="cloister-cloud-")
        self._running: dict[tuple[str, str], Lambda] = {}
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
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        invoked = _INVOKE.fullmatch(path)
        if invoked and method == "POST":
            return self._invoke(invoked[1], environ, start_response)
        if _URLS.fullmatch(path) and method == "GET":  # ListFunctionUrlConfigs; there never are any
            return _answer(start_response, 200, {}, {"FunctionUrlConfigs": []})
        return self.moto(environ, start_response)  # type: ignore[no-any-return]  # moto's application has no types

    def _invoke(self, name: str, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        event = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or "null")
        self.calls.append((name, event))
        result = self._function(name, _region(environ)).invoke(event)
        headers = {
            "X-Amz-Executed-Version": "$LATEST",
            "X-Amz-Log-Result": base64.b64encode(result.log.encode()[-_LOG_TAIL:]).decode(),
        }
        if result.function_error:
            headers["X-Amz-Function-Error"] = result.function_error
        return _answer(start_response, 200, headers, result.payload)

    def _function(self, name: str, region: str) -> Lambda:
        """Return the function with the code and configuration it has now, running or not yet."""
        deployed: Any = lambda_backends[ACCOUNT][region].get_function(name)
        variables = dict(deployed.environment_vars)
        if self._databases is not None:
            variables = self._databases.surroundings(variables, deployed.role) | variables
        identity = (name, json.dumps([deployed.code_sha_256, variables], sort_keys=True))
        if identity not in self._running:
            package = Path(self._folder.name) / f"{len(self._running)}.zip"
            package.write_bytes(deployed.code_bytes)
            task_root = package.with_suffix("")
            archive.unpack(package, task_root, read_only=False)
            self._running[identity] = Lambda(
                Function(
                    task_root=task_root,
                    environment=variables,
                    handler=deployed.handler,
                    name=name,
                    region=region,
                    timeout=deployed.timeout,
                )
            )
        return self._running[identity]


def _region(environ: "WSGIEnvironment") -> str:
    """Return the region that the request's signature is for."""
    signed = re.search(r"Credential=[^/]+/\d+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return signed[1] if signed else "us-east-1"


def _answer(start_response: "StartResponse", status: int, headers: dict[str, str], document: object) -> Iterable[bytes]:
    body = json.dumps(document).encode()
    length = ("Content-Length", str(len(body)))
    start_response(f"{status} OK", [("Content-Type", "application/json"), length, *headers.items()])
    return [body]
