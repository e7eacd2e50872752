"""The container's one entry: it answers HTTP behind a load balancer, or runs one event and ends.

An event (CLOISTER_EVENT, JSON) is what Lambda's tasks function takes: a management command, a timer, the making of the
database's roles. Nothing is written below the root; what gunicorn must write goes to shared memory.
"""

import json
import logging
import sys

from project.edge import start

logger = logging.getLogger(__name__)


def main() -> int:
    """Run what the environment asks for; the process ends with the returned status."""
    application = start.set_up()
    from django.conf import settings  # only now is Django set up

    if settings.EVENT:
        return run_event(settings.EVENT)
    from project.edge import deferred
    from project.edge.balancer import BehindBalancer

    deferred.load_all()  # before there are threads that would import the same module at once
    start.settle()
    from project.serving import Server

    Server(BehindBalancer(application, start.own_host()), settings.PORT).run()
    return 0


def run_event(text: str) -> int:
    """Run one event; print its answer as JSON, {"failed": WHY} where there is none. 1 then: ECS tells who started it.

    With a `seal` in the event (32 bytes, hexadecimal) the answer is {"sealed": ...}: it may be a link for one person,
    and what is printed ends up in a log.
    """
    from project.edge import commands

    start.settle()
    key, answer = b"", {}
    failed: str | None = None
    try:
        event = json.loads(text)
        if isinstance(event, dict):
            key = bytes.fromhex(event.pop("seal", ""))
        answer = commands.run(event)
    except ValueError as error:
        # Not what it says, which could hold a part of the event: that may bring the master's password.
        failed = type(error).__name__
    except (commands.EventRefused, commands.CommandFailed) as error:
        failed = str(error)
    except Exception as error:
        logger.exception("What the event called for broke off")
        failed = f"{type(error).__name__}: {error}"
    if failed is not None:
        logger.error("The event could not be run: %s", failed)
        answer = {"failed": failed}
    told = json.dumps(answer, ensure_ascii=False)
    if key:
        from project.sealed import seal

        told = json.dumps({"sealed": seal(told, key)})
    sys.stdout.write(told + "\n")
    return 0 if failed is None else 1


if __name__ == "__main__":
    sys.exit(main())
