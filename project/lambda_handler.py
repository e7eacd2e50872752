"""The Lambda function's one entry: `handler` takes every event that may reach this application.

HTTP events go to Django through apig-wsgi, management commands and timers to the application's own list, and
anything else is refused with the list in the message (project/edge/ has a module for each). Importing this
module does everything slow, once; docs/adr/0020 says what and why.
"""

from typing import Any

from project.edge import start

application = start.set_up()

from django.conf import settings  # noqa: E402  Django may be imported only when it is set up

from project.edge import database, http, snapshot  # noqa: E402

_answer = http.make_handler(application, default_host=start.own_host(), default_language=settings.LANGUAGE_CODE)
_idle = database.IdleWatch()

_database_answers = database.try_to_connect()
start.warm_up(_answer, database_answers=_database_answers)
if _database_answers:
    start.read_ahead()
snapshot.register_hooks()
start.settle()


def handler(event: Any, context: object) -> dict[str, Any]:
    """Answer one event; raise `commands.EventRefused` or `commands.CommandFailed`, which Lambda reports."""
    _idle.begin()
    try:
        if http.is_request(event):
            return _answer(event, context)
        from project.edge import commands  # Django's management, which no request needs

        return commands.run(event)
    finally:
        _idle.end()
