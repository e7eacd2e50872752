"""One line in the log for each request, and the id that it goes by from the browser to the last thing it caused."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from project.application import APPLICATION
from project.logs import request_id

HEADER = "X-Request-ID"
QUIET = {"/health", "/ready"}
"""Routes that something asks every few seconds: only what goes wrong there is worth a line."""

_log = logging.getLogger(__name__)
# A UUID and nothing else: whatever a caller could spell otherwise would end up in the log and in the audit trail.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class _Process:
    """What this process has done: the first request after its start waited for that start."""

    is_cold = True
    is_warming_up = False


@contextmanager
def warming_up() -> Iterator[None]:
    """Leave what is asked inside out of the log: nobody sent it."""
    _Process.is_warming_up = True
    try:
        yield
    finally:
        _Process.is_warming_up = False


@contextmanager
def tracing(id_: str = "") -> Iterator[str]:
    """Let everything inside go by one id, which is given back; a new one where `id_` is no UUID."""
    id_ = id_ if _UUID.fullmatch(id_) else str(uuid.uuid4())
    token = request_id.set(id_)
    try:
        if not APPLICATION.trace:
            yield id_
            return
        with import_string(APPLICATION.trace)(id_):
            yield id_
    finally:
        request_id.reset(token)


class RequestLog:
    """Middleware, the outermost: what is inside always answers, because Django turns exceptions into answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _Process.is_warming_up:
            return self._get_response(request)
        is_cold, _Process.is_cold = _Process.is_cold, False
        begin = time.monotonic()
        with tracing(request.headers.get(HEADER, "").lower()) as id_:
            response = self._get_response(request)
            response[HEADER] = id_
            route = _route(request)
            if route in QUIET and response.status_code < 400:
                return response
            fields = {
                "method": request.method if request.method in _METHODS else "?",
                "route": route,
                "status": response.status_code,
                "ms": round((time.monotonic() - begin) * 1000),
                "person": getattr(getattr(request, "user", None), "pk", None),
                "cold_start": is_cold,
            }
            _log.info("request", extra={"fields": fields})
        return response


def _route(request: HttpRequest) -> str:
    """Return the address's pattern, such as /api/proposals/{proposal_id}; never the address, which may say anything."""
    match = request.resolver_match
    if match is None or not match.route:
        return "/" if match is not None else "(none)"
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", match.route)
