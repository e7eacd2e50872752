"""Events that are not HTTP: management commands and timers, each from the application's own list.

Shapes are Zappa's (`zappa manage`, `zappa invoke`, `events` in zappa_settings.json) and EventBridge's, so that
they mean here what a Zappa user expects, except that nothing outside the list runs.
"""

import io
import logging
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, close_old_connections, connection
from django.utils import translation
from django.utils.module_loading import import_string

from project.application import APPLICATION, Application
from project.edge import copies, deferred, roles
from project.requests import tracing

logger = logging.getLogger(__name__)

# Any fixed number serves; this one is "cloister" read as a big-endian integer, within PostgreSQL's bigint.
MIGRATION_LOCK = int.from_bytes(b"cloister") >> 1
OUTPUT_LIMIT = 1_000_000  # characters handed back; all of it is in the log, unless the command is private


class EventRefused(Exception):
    """The event asks for something that this function does not do; the message says what it does."""

    def __init__(self, what: str, application: Application) -> None:
        self.what = what
        commands = ", ".join(application.management_commands) or "none"
        timers = ", ".join(application.timers) or "none"
        super().__init__(
            f"{what} This function answers HTTP requests from a REST API (proxy integration) or a load balancer, "
            f'runs {{"manage": "COMMAND ..."}} where COMMAND is one of: {commands}; and runs a scheduled event '
            f'whose rule\'s name ends in -TIMER, or {{"command": "TIMER"}}, where TIMER is one of: {timers}. '
            f"project/application.py has the lists."
        )


class CommandFailed(Exception):
    """A management command ended in failure; the message ends with what it had written until then."""

    def __init__(self, line: str, reason: str, output: str) -> None:
        self.line = line
        super().__init__(f"{line!r} failed: {reason}\n{output[-OUTPUT_LIMIT:]}".rstrip())


def run(event: object, application: Application = APPLICATION) -> dict[str, str]:
    """Run the management command or timer that the event names; raises `EventRefused` for anything else."""
    if not isinstance(event, dict):
        raise EventRefused(f"The event is a {type(event).__name__}, not an object.", application)
    if "raw_command" in event:
        raise EventRefused("raw_command is refused: code is never taken from an event.", application)
    deferred.load_all()
    close_old_connections()
    try:
        if "bootstrap" in event:
            _only_in_the_tasks_function("bootstrap", application)
            return roles.bootstrap(event["bootstrap"])
        if "manage" in event:
            with _speaking(event.get("language")):
                if "database" in event:
                    return _check(event["manage"], event["database"], application)
                return _manage(event["manage"], application)
        if "command" in event:
            return _run_timer(str(event["command"]), application)
        if event.get("detail-type") == "Scheduled Event":
            return _run_timer(_timer_of_rule(event, application), application)
    finally:
        close_old_connections()
    keys = ", ".join(sorted(str(key) for key in event)) or "no keys"
    raise EventRefused(f"An event with {keys} is not known.", application)


def _check(line: object, host: object, application: Application) -> dict[str, str]:
    """Run a command that only reads on a copy of the database."""
    _only_in_the_tasks_function("A check of a copy", application)
    if not isinstance(line, str) or line.partition(" ")[0] not in application.checks:
        raise EventRefused(f"manage={line!r} is not run on a copy: it is no check.", application)
    with copies.on_copy(host):
        return _manage(line, application)


def _manage(line: object, application: Application) -> dict[str, str]:
    try:
        words = shlex.split(line) if isinstance(line, str) else []
    except ValueError as error:
        raise EventRefused(f"manage={line!r} cannot be read: {error}.", application) from error
    if not words:
        raise EventRefused(f"manage={line!r} names no command.", application)
    name, *arguments = words
    if name not in application.management_commands:
        raise EventRefused(f"The command {name!r} may not be run by an event.", application)
    if name in application.private_commands:
        return _in_private(name, arguments)
    output = io.StringIO()
    try:
        with _migrating(application) if name == "migrate" else nullcontext():
            call_command(name, *arguments, stdout=output, stderr=output, no_color=True)
    except (CommandError, DatabaseError) as error:
        raise CommandFailed(str(line), str(error), output.getvalue()) from error
    except SystemExit as error:  # a command that exits must not end the function's process
        if error.code:
            raise CommandFailed(str(line), f"exit status {error.code}", output.getvalue()) from error
    finally:
        for row in output.getvalue().splitlines():
            logger.info("%s: %s", name, row)
    return {"manage": str(line), "output": output.getvalue()[-OUTPUT_LIMIT:]}


def _in_private(name: str, arguments: list[str]) -> dict[str, str]:
    """Run a command whose words go to whoever asked and into no log: neither its output nor its arguments.

    A failure is told in the answer as `failed`: what is raised, Lambda would write into the log with all its words.
    """
    output = io.StringIO()
    answer = {"manage": name}
    try:
        call_command(name, *arguments, stdout=output, stderr=output, no_color=True)
    except CommandError as error:
        answer["failed"] = str(error)
    except SystemExit as error:
        if error.code:
            answer["failed"] = f"exit status {error.code}"
    except Exception as error:  # the log gets its type and where it was raised, never what it says
        logger.exception("%s failed", name)
        answer["failed"] = f"{type(error).__name__}; the function's log says where"
    logger.info("%s: %s", name, "failed" if "failed" in answer else "done")
    return {**answer, "output": output.getvalue()[-OUTPUT_LIMIT:]}


@contextmanager
def _speaking(language: object) -> Iterator[None]:
    """Let commands speak the reader's language, where it is one of ours; the company's own otherwise."""
    chosen = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(str(chosen)):
        yield


@contextmanager
def _migrating(application: Application) -> Iterator[None]:
    """Be the tables' owner, alone and not too patient; afterwards give the other role its rights on what is new."""
    _only_in_the_tasks_function("migrate", application)
    app = settings.DATABASES["default"].get("USER", "")  # Django's connection shares this dict: soon it says `owner`
    with roles.owner_signed_in(), _one_at_a_time(), roles.patience():
        yield
        if settings.DATABASE_OWNER and application.grants:
            import_string(application.grants)(app)


def _only_in_the_tasks_function(what: str, application: Application) -> None:
    """Refuse in every other function of a stage that has one for it; `bootstrap` is for a stage that has one."""
    if settings.IS_TASKS_FUNCTION and settings.TASKS_FUNCTION:
        return
    if settings.TASKS_FUNCTION:
        raise EventRefused(f"{what} runs in {settings.TASKS_FUNCTION}: send it there.", application)
    if what == "bootstrap":
        raise EventRefused("bootstrap is for a stage with a tasks function (CLOISTER_TASKS_FUNCTION).", application)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold PostgreSQL's advisory lock: a deployer's client that lost its answer asks for the migration again."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _timer_of_rule(event: dict[str, Any], application: Application) -> str:
    """Return what follows the last `-` of the rule's name: Zappa names rules PROJECT-STAGE-[NAME-]FUNCTION."""
    resources = event.get("resources") or [""]
    rule = str(resources[0]).rpartition("/")[2]
    if "-" not in rule:
        raise EventRefused(f"The scheduled event's rule {rule!r} names no timer.", application)
    return rule.rpartition("-")[2]


def _run_timer(name: str, application: Application) -> dict[str, str]:
    """Run a timer by its name or, as Zappa writes it, by its function's dotted path."""
    by_path = {path: timer for timer, path in application.timers.items()}
    timer = by_path.get(name, name)
    if timer not in application.timers:
        raise EventRefused(f"{name!r} is not a timer.", application)
    function = import_string(application.timers[timer])
    with tracing():
        function()
    return {"timer": timer}
