"""The server inside a container: gunicorn with settings of ours, and workers that leave nobody waiting."""

import contextlib
import errno
import socket
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WORKERS = 2
THREADS = 6
"""Of each worker. Every thread holds a connection to the database: with 4 containers 48, of about 80 that the smallest
instance allows (Amazon RDS User Guide, "Maximum number of database connections")."""
KEEP_ALIVE = 75
"""Seconds: longer than the load balancer's 60, or it would send a request into a connection that is just closing."""
GRACE = 45
"""Seconds for requests in flight after SIGTERM; ECS kills after 60 (StopTimeout in deploy/templates/fargate.yaml)."""


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types: mypy knows no base
    """A worker that, asked to end, takes in who has already come and then turns everybody else away.

    Gunicorn's own keeps the port open until its last answer is sent: whoever comes meanwhile is let in by the kernel
    and never answered.
    """

    def accept(self, listener: Any) -> None:
        """Take a connection; where another worker has closed the port already, there is none to take."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno != errno.EINVAL:  # accept(2): the socket is not listening
                raise

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or cease to take connections; at the end, close the port for every worker."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            with contextlib.suppress(OSError):  # another worker has closed it already
                before = -1
                while self.nr_conns > before:  # until nobody waits
                    before = self.nr_conns
                    self.accept(listener)
                listener.sock.shutdown(socket.SHUT_RD)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types: mypy knows no base
    """Gunicorn around one application; neither a file nor variables of its own are read."""

    def __init__(self, application: "WSGIApplication", port: int) -> None:
        self._application = application
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        """Take our settings and no others."""
        for name, value in _settings(self._port).items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        """Give the application; it was set up once, before the workers were forked."""
        return self._application


def _settings(port: int) -> dict[str, Any]:
    console = {"class": "logging.StreamHandler", "formatter": "json"}
    return {
        "bind": f"0.0.0.0:{port}",
        "worker_class": Worker,
        "workers": WORKERS,
        "threads": THREADS,
        "keepalive": KEEP_ALIVE,
        "graceful_timeout": GRACE,
        "timeout": 60,
        "worker_tmp_dir": "/dev/shm",  # noqa: S108  the one place that can be written
        "control_socket_disable": True,
        "forwarded_allow_ips": "",  # BehindBalancer says what is believed
        "logconfig_dict": {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": "project.logs.JsonLines"}},
            "handlers": {"console": console},
            "root": {"handlers": ["console"], "level": "INFO"},
            "loggers": {
                "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
                "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            },
        },
    }
