"""A stage on this machine: the page's bucket, the real API, and the files' bucket, each behind TLS by its own name.

One server answers for all names. Whatever a test breaks is one entry of `broken`; the page's files may be changed too.
"""

import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.wsgi import get_wsgi_application

from deploy import application
from deploy.site.files import File, _file
from deploy.site.sync import release
from deploy.verify.place import Place
from deploy.verify.plan import headers, policy
from tests.api.integrations.storage.s3_front import BUCKET as FILES_BUCKET
from tests.api.integrations.storage.s3_front import ENDPOINT as FILES_ENDPOINT
from tests.api.integrations.storage.s3_front import S3Front
from tests.authority import Authority

REGION, STAGE = "ap-northeast-1", "poc"
BUCKET, API_ID = "cloister-poc-site-123456789012", "abcdefghij"
PAGE_HOST = f"{BUCKET}.bucket.vpce-1-ours.s3.{REGION}.vpce.amazonaws.com"
API_HOST = f"{API_ID}-vpce-2.execute-api.{REGION}.amazonaws.com"
FILES_HOST = f"{FILES_BUCKET}.{FILES_ENDPOINT}"
FOREIGN_S3 = f"vpce-9-theirs.s3.{REGION}.vpce.amazonaws.com"
FOREIGN_API = f"vpce-8-theirs.execute-api.{REGION}.vpce.amazonaws.com"
PUBLIC_PAGE = f"{BUCKET}.s3.{REGION}.amazonaws.com"
PUBLIC_API = f"{API_ID}.execute-api.{REGION}.amazonaws.com"
PUBLIC_FILES = f"real-{FILES_BUCKET}.s3.{REGION}.amazonaws.com"
WRONG_HOST = "another.example"
OWN_NAME = "ringi.corp.example.co.jp"
HOSTS = [
    OWN_NAME,
    PAGE_HOST,
    API_HOST,
    FILES_HOST,
    PUBLIC_PAGE,
    PUBLIC_API,
    PUBLIC_FILES,
    f"{BUCKET}.bucket.{FOREIGN_S3}",
    FOREIGN_API,
]

Start = Callable[..., Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]


class _Handler(WSGIRequestHandler):
    def get_environ(self) -> dict[str, Any]:
        environ = super().get_environ()
        environ["world.host"] = getattr(self.connection, "asked_for", "")
        environ["world.secure"] = isinstance(self.connection, ssl.SSLSocket)
        return environ

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name that the standard library gave it
        """Say nothing."""


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    context: ssl.SSLContext | None = None

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            if self.context is not None:
                request = self.context.wrap_socket(request, server_side=True)
        except OSError:  # whoever does not trust us has gone
            self.shutdown_request(request)
            return
        super().process_request_thread(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: callers that go away are part of the tests."""


class World:
    """The servers, and what is wrong with them."""

    def __init__(self, folder: Path, moto: tuple[str, int]) -> None:
        self.authority = Authority(folder)
        self.front = S3Front(*moto)
        self.api: App = get_wsgi_application()
        self.broken: set[str] = set()
        self.door = "endpoints"
        self.asleep = 0
        """Answers of the API that come from a database which is only waking up."""
        self.secure = self._server(self._tls())
        self.plain = self._server(None)
        self.port, self.plain_port = (server.server_address[1] for server in (self.secure, self.plain))
        self.page, self.files = f"https://{PAGE_HOST}:{self.port}", f"https://{FILES_HOST}:{self.port}"
        self.base = f"https://{API_HOST}:{self.port}/{STAGE}"
        self.objects: dict[str, File] = {}
        self.reset()

    def reset(self) -> None:
        """Make everything as it should be."""
        self.broken.clear()
        self.asleep = 0
        self.stand_behind("endpoints")

    def stand_behind(self, door: str) -> None:
        """Be a stage with another door: page and API on one origin, where it is not the endpoints."""
        self.door = door
        api = f"https://{API_HOST}:{self.port}" if door == "endpoints" else "'self'"
        html = (
            '<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            f'connect-src {api} {self.files}">' + "<p>cloister</p>" * 40
        )
        contents = {
            "assets/index-1a2b.js": b"export const cloister = 1;\n" * 40,
            "assets/icon-3c4d.svg": b"<svg/>",
            "index.html": html.encode(),
        }
        self.objects = {key: _file(key, content, "brotli") for key, content in contents.items()}

    def place(self, **changes: Any) -> Place:
        """Return where this stage stands, as `plan.find` does."""
        facts = application.read()
        recorded = release(list(self.objects.values()))["files"]
        told: dict[str, Any] = {
            "stage": STAGE,
            "region": REGION,
            "page": self.page,
            "bucket": BUCKET,
            "api": self.base,
            "api_id": API_ID,
            "files": self.files,
            "files_bucket": PUBLIC_FILES.partition(".")[0],
            "database": "",
            "private_dns": False,
            "functions_call_endpoints": False,
            "recorded": recorded,
            "policy": policy(self.objects["index.html"].body, recorded),
            "acceptance": facts["acceptance"],
            "journey": facts["journey"],
            **self._one_origin(),
        }
        return Place(**told | changes)

    def _one_origin(self) -> dict[str, Any]:
        if self.door == "endpoints":
            return {}
        by_name = self.door == "load-balancer"
        address = f"https://{OWN_NAME}:{self.port}" if by_name else self.base
        return {
            "door": self.door,
            "page": address,
            "api": address,
            "api_id": "" if by_name else API_ID,
            "balancer": "localhost" if by_name else "",
            "bucket_origin": self.page,
            "headers": headers(self.door),
        }

    def ported(self, document: dict[str, Any]) -> dict[str, Any]:
        """Let every address without a port mean this machine's servers: 443 and 80 are not ours to take."""
        for check in document["checks"]:
            asked = [check.get("request"), check.get("undo"), *dict(check.get("control", {})).values()]
            for request in asked:
                if isinstance(request, dict) and urlsplit(request["url"]).port is None:
                    scheme, _, rest = request["url"].partition("://")
                    host, slash, path = rest.partition("/")
                    port = self.port if scheme == "https" else self.plain_port
                    request["url"] = f"{scheme}://{host}:{port}{slash}{path}"
        return document

    def stop(self) -> None:
        for server in (self.secure, self.plain):
            server.shutdown()
            server.server_close()

    def _tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority.made_out("stage", HOSTS))

        def remember(connection: Any, name: str | None, _context: ssl.SSLContext) -> None:
            connection.asked_for = name

        context.sni_callback = remember
        return context

    def _server(self, context: ssl.SSLContext | None) -> _Server:
        server = _Server(("127.0.0.1", 0), _Handler)
        server.context = context
        server.set_app(self._answer)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server

    def _answer(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        name = environ["HTTP_HOST"].partition(":")[0]
        host = environ["world.host"] or name
        if not environ["world.secure"]:
            return self._in_the_clear(host, start)
        if self.door != "endpoints" and host in (OWN_NAME, API_HOST):
            return self._one_door(environ, start, name)
        if host in {PUBLIC_PAGE, PUBLIC_FILES, PUBLIC_API}:
            return _say(start, 200, b"hello") if "public" in self.broken else self._refuse(start)
        if host in {f"{BUCKET}.bucket.{FOREIGN_S3}", FOREIGN_API}:
            assert name == (PUBLIC_API if host == FOREIGN_API else host)
            return _say(start, 200, b"hello") if "foreign" in self.broken else self._refuse(start)
        doors: dict[str, App] = {PAGE_HOST: self._site, API_HOST: self._stage, FILES_HOST: self._files}
        return doors[host](environ, start)

    def _in_the_clear(self, host: str, start: Start) -> Iterable[bytes]:
        if "plain" in self.broken:
            return _say(start, 200, b"in the clear")
        return _say(start, 301, b"") if host == OWN_NAME else self._refuse(start)

    def _refuse(self, start: Start) -> Iterable[bytes]:
        return _say(start, 403, b"<Error><Code>AccessDenied</Code></Error>")

    def _site(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        method, key = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix("/")
        if method == "GET" and key in self.objects:
            file = self.objects[key]
            headers = [("Content-Type", file.type), ("Cache-Control", file.caching)]
            if file.encoding:
                headers.append(("Content-Encoding", file.encoding))
            return _say(start, 200, file.body, headers)
        if f"site {method}" in self.broken:
            return _say(start, 200, b"")
        return self._refuse(start)  # as S3 does without the right to list the bucket, also for what is not there

    def _one_door(self, environ: dict[str, Any], start: Start, name: str) -> Iterable[bytes]:
        """Answer with page and API on one origin, as the load balancer's rules or the API's resources do."""
        method, by_name = environ["REQUEST_METHOD"], self.door == "load-balancer"
        path = environ["PATH_INFO"] if by_name else environ["PATH_INFO"].removeprefix(f"/{STAGE}")
        if by_name and name != OWN_NAME and "other name" not in self.broken:
            return _say(start, 404, b"Another name is served here.")
        if path in ("/", "/index.html") or path.startswith("/assets/"):
            if method == "GET":

                def start_with_headers(status: str, told: list[tuple[str, str]], *rest: Any) -> Any:
                    ours = [] if "door headers" in self.broken else list(headers(self.door).items())
                    return start(status, [*told, *ours], *rest)

                return self._site({**environ, "PATH_INFO": path}, start_with_headers)
            if f"door {method}" in self.broken:
                return _say(start, 200, b"")
            return _say(start, 404, b"") if by_name else self._refuse(start)
        return self._stage(environ, start)

    def _stage(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(f"/{STAGE}")
        if f"api {method} {path}" in self.broken:
            return _say(start, 204 if method == "DELETE" else 503, b"")
        if self.asleep:
            self.asleep -= 1
            problem = json.dumps({"code": "database_unavailable"}).encode()
            return _say(start, 503, problem, [("Retry-After", "0")])
        environ |= {"SCRIPT_NAME": "" if self.door == "load-balancer" else f"/{STAGE}", "PATH_INFO": path}
        if "api cors" in self.broken:
            environ.pop("HTTP_ORIGIN", None)
        if "api cors others" not in self.broken:
            return self.api(environ, start)

        def start_open(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [(name, value) for name, value in headers if name != "access-control-allow-origin"]
            return start(status, [*kept, ("access-control-allow-origin", "*")], *rest)

        return self.api(environ, start_open if environ.get("HTTP_ORIGIN") != self.page else start)

    def _files(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        method, origin = environ["REQUEST_METHOD"], environ.get("HTTP_ORIGIN", "")
        path = environ["PATH_INFO"] + ("?" + environ["QUERY_STRING"] if environ["QUERY_STRING"] else "")
        if method == "OPTIONS":
            if (
                origin != self.place().page_origin or "files cors" in self.broken
            ) and "files cors others" not in self.broken:
                return self._refuse(start)
            return _say(
                start,
                200,
                b"",
                [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Methods", "POST, GET")],
            )
        if f"files {method}" in self.broken:
            return _say(start, 200, b"something else")
        if method == "POST":
            fields, content = _parts(environ)
            answer = self.front.post(f"https://{FILES_HOST}/", fields, content)
        else:
            answer = self.front.get(self.files + path)
        return _say(start, answer.status, answer.body)


def _say(start: Start, status: int, body: bytes, headers: Iterable[tuple[str, str]] = ()) -> Iterable[bytes]:
    start(f"{status} -", [*headers, ("Content-Length", str(len(body)))])
    return [body]


def _parts(environ: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    """Return the fields and the file of a multipart/form-data body, read by Django and not by the sender's code."""
    from django.core.handlers.wsgi import WSGIRequest

    request = WSGIRequest(environ)
    sent: Any = request.FILES["file"]
    return {name: str(value) for name, value in request.POST.items()}, sent.read()


@contextmanager
def standing(folder: Path, moto: tuple[str, int]) -> Iterator[World]:
    """Let the servers answer until the end."""
    world = World(folder, moto)
    try:
        yield world
    finally:
        world.stop()
