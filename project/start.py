"""Serve the application on this machine, with a demo company: `make run`."""

import io
import logging
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import FrameType

from project.application import APPLICATION
from project.environment import STAGE

EVERY = 60
"""Seconds between one run of the timers and the next."""

_log = logging.getLogger(__name__)


class _Stopped(BaseException):
    """Someone ends this process: Ctrl-C, or SIGTERM. No timer that goes on after errors holds it up."""


def _port_is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _demo() -> str:
    """Return how to sign in to the demo company, founding it in a database without people; empty for another one's.

    What the founding said is kept beside SQLite's file, under the moment this very database was made.
    """
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    call_command("migrate", verbosity=0)
    made = MigrationRecorder.Migration.objects.order_by("id").values_list("applied", flat=True)[0]
    database = settings.DATABASES["default"]
    folder = Path(database["NAME"]).parent if connection.vendor == "sqlite" else settings.LOCAL_DIR
    told = folder / f"demo-{made:%Y%m%d-%H%M%S-%f}.txt"
    if not get_user_model()._default_manager.exists():
        print("Founding a demo company ...", flush=True)
        output = io.StringIO()
        call_command(*APPLICATION.demo, stdout=output)
        told.parent.mkdir(exist_ok=True)
        told.write_text(output.getvalue(), encoding="utf-8")
    return told.read_text(encoding="utf-8") if told.exists() else ""


def main(port: str) -> None:
    """Serve on a port of this machine until interrupted, running the timers beside it.

    Exits with code 1 where it cannot begin, and with the server's own code where the server ends by itself.
    """
    if not (port.isdecimal() and 0 < int(port) < 65536):
        sys.exit(f"PORT={port} is no port. Choose a number from 1 to 65535, for example: make run PORT=8001")
    if not _port_is_free(int(port)):
        sys.exit(f"Port {port} is in use. Choose another one: make run PORT={int(port) + 1}")
    os.environ.setdefault(STAGE.name, "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    print(_demo())
    print(f"Timers run every {EVERY} seconds: {', '.join(APPLICATION.timers)}.")
    print(f"Open http://localhost:{port} ; stop with Ctrl-C.", flush=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    manage = Path(__file__).resolve().parent.parent / "manage.py"
    with subprocess.Popen([sys.executable, str(manage), "runserver", port]) as server:  # noqa: S603  ourselves
        try:
            code = _run_timers_beside(server)
        except _Stopped:
            server.terminate()
            server.wait()
            print("Stopped: the server and its timers.", flush=True)
            return
    sys.exit(code)


def _run_timers_beside(server: subprocess.Popen[bytes]) -> int:
    """Run every timer at once and then every minute, in this process, until the server ends; return its code.

    On a stage a schedule does this. One that fails says so and is tried again a minute later, as there.
    """
    from django.db import connections
    from django.utils.module_loading import import_string

    from project.requests import tracing

    while True:
        for name, path in APPLICATION.timers.items():
            try:
                with tracing():
                    import_string(path)()
            except Exception:  # noqa: BLE001  whatever it is, the server goes on
                _log.exception("The timer %s failed; it runs again in %d seconds.", name, EVERY)
        connections.close_all()
        try:
            return server.wait(timeout=EVERY)
        except subprocess.TimeoutExpired:
            continue


def _stop(_signal: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # once is enough; the server hears Ctrl-C itself
    raise _Stopped


if __name__ == "__main__":
    main(sys.argv[1])
