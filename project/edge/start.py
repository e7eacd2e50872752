"""Everything slow, done once before the first event: Lambda gives the init phase a full processor and 10 s."""

import gc
import logging
import os
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from project.application import APPLICATION
from project.edge import deferred

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

logger = logging.getLogger(__name__)


def set_up() -> "WSGIHandler":
    """Set up Django, import every URL module, and return the WSGI application.

    The runtime's log handler stays, which knows the invocation's id and where lines end; what it writes is ours.
    The garbage collector rests until `settle`: it would look through what is being imported again and again.
    """
    gc.disable()
    deferred.install()
    _find_zones_without_searching()
    root = logging.getLogger()
    of_the_runtime = root.handlers[:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    application = get_wsgi_application()
    if of_the_runtime:
        _write_json(of_the_runtime)
        root.handlers[:] = of_the_runtime
    get_resolver().reverse_dict  # noqa: B018  the first reading of this property walks all URL modules
    return application


def _write_json(handlers: list[logging.Handler]) -> None:
    from django.conf import settings

    from project.logs import JsonLines

    for handler in handlers:
        # A handler of the runtime adds no line break itself (awslambdaric, LambdaLoggerHandler).
        handler.setFormatter(JsonLines(prefix=settings.PREFIX, terminator="\n"))


def _find_zones_without_searching() -> None:
    """Have zoneinfo read tzdata's files where they lie.

    The Lambda image has no zone database. Python would find the package's by importlib.resources, whose import
    (zipfile, tempfile, shutil and 20 more modules) costs as much as a whole request.
    """
    zones = Path(__file__).parent.parent.parent / "tzdata" / "zoneinfo"
    if zones.is_dir():
        zoneinfo.reset_tzpath([str(zones)])


def own_host() -> str:
    """Return a host name that the settings allow, for requests that nobody sent over a network."""
    from django.conf import settings

    return next((host.lstrip(".") for host in settings.ALLOWED_HOSTS), "")


def warm_up(answer: Callable[[dict[str, Any], object], dict[str, Any]], *, database_answers: bool) -> int:
    """Have the application's warm-up request answered, so that the first caller waits for nothing new.

    Return the status. A surprising one is logged and does not stop the start: the function may well answer other
    requests, and a failing init would only be repeated. The request's headers are what leads it to the database,
    so that it goes without them where that does not answer.
    """
    request = APPLICATION.warm_up
    headers = {"Host": own_host(), **(request.headers if database_answers else {})}
    event = {
        "httpMethod": request.method,
        "path": request.path,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "requestContext": {"identity": {"sourceIp": "127.0.0.1"}, "path": request.path},
    }
    from project.requests import warming_up  # Django may be imported only after `deferred.install`

    with warming_up():
        status: int = answer(event, None)["statusCode"]
    if status != request.status:
        logger.warning("%s %s answered %d at start, not %d", request.method, request.path, status, request.status)
    return status


def read_ahead() -> None:
    """Have the application ask the database what its first caller will ask; a failure is logged, as in `warm_up`."""
    from django.utils.module_loading import import_string

    try:
        import_string(APPLICATION.read_ahead)()
    except Exception:  # before the first migration there are no tables to ask
        logger.warning("%s failed at start", APPLICATION.read_ahead, exc_info=True)


def settle() -> None:
    """Let the garbage collector begin, with everything up to now left out of its rounds: it stays anyway."""
    gc.freeze()
    gc.enable()
