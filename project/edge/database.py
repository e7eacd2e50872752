"""Database connections of a process that is frozen between invocations."""

import contextlib
import logging
import select
import socket
import threading
import time

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

# Seconds. A flow out of a function's VPC is forgotten after 350 idle ones (AWS, "Lambda Hyperplane ENIs"), and a
# restarted server forgets sooner; asking costs one round trip, a dead connection costs a request.
TRUSTED_IDLE = 30.0
# Seconds of Lambda's 10 for init that a silent database may take (AWS, "Lambda execution environment lifecycle").
PROBE = 2


class IdleWatch:
    """Knows when the connections were last used, by the wall clock: others stand still in a frozen process."""

    def __init__(self) -> None:
        self.last_use = time.time()

    def begin(self) -> None:
        """Close connections that no longer answer: those idle for long, and those whose server has spoken unasked."""
        idle = abs(time.time() - self.last_use) > TRUSTED_IDLE
        for connection in connections.all(initialized_only=True):
            open_ = connection.connection is not None
            if open_ and (idle or _has_spoken(connection)) and not connection.is_usable():
                connection.close()

    def end(self) -> None:
        """Note that an invocation has ended."""
        self.last_use = time.time()


def _has_spoken(connection: BaseDatabaseWrapper) -> bool:
    """Say whether something lies unread on the connection: between requests that is the server's farewell."""
    if getattr(connection.connection, "closed", False):  # psycopg2 has read it, and given the socket back
        return True
    number = getattr(connection.connection, "fileno", None)  # SQLite's has none
    return number is not None and bool(select.select([number()], [], [], 0)[0])


def try_to_connect() -> bool:
    """Open the default connection if the database answers now; never raise, and never wait for long."""
    connection = connections[DEFAULT_DB_ALIAS]
    settings = connection.settings_dict
    host, port = settings["HOST"], int(settings["PORT"] or 5432)
    if host and not host.startswith("/") and not _listens(host, port):
        logger.warning("The database at %s:%s does not answer; the function starts without it", host, port)
        return False
    options = settings["OPTIONS"]
    if connection.vendor == "postgresql":
        settings["OPTIONS"] = {**options, "connect_timeout": PROBE}
    try:
        connection.ensure_connection()
    except (Error, OSError, UnicodeError) as error:  # psycopg2 reads a refusal in EUC-JP as UTF-8, and stumbles
        logger.warning("The function starts without a database connection: %s", error)
        return False
    finally:
        settings["OPTIONS"] = options
    return True


def _listens(host: str, port: int) -> bool:
    """Say whether a TCP connection opens within `PROBE` seconds, name look-up included.

    In a thread, because neither the C library's look-up nor libpq's can be given such a limit.
    """
    opened = threading.Event()

    def connect() -> None:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=PROBE):
            opened.set()

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(PROBE)
    return opened.is_set()
