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
    """Run one event; print its answer as JSON. 1 where it failed: ECS tells whoever started the task."""
    from project.edge import commands

    start.settle()
    try:
        answer = commands.run(json.loads(text))
    except ValueError as error:
        # Not what it says, which could hold a part of the event: that may bring the master's password.
        reason = type(error).__name__
    except (commands.EventRefused, commands.CommandFailed) as error:
        reason = str(error)
    else:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return 0
    logger.error("The event could not be run: %s", reason)
    return 1


if __name__ == "__main__":
    sys.exit(main())
