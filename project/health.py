"""Whether this process answers, and whether its database does: for load balancers and whoever looks after a stage."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

RETRY_AFTER = 5
"""Seconds. A database that sleeps takes 15 to 30 to wake."""


def health(_request: HttpRequest) -> JsonResponse:
    """Answer 200: the process runs. Nothing else is asked."""
    return _uncached(JsonResponse({"status": "ok"}))


def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 where the database answers now, else 503 as a problem document (RFC 9457)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (Error, OSError):
        problem = {
            "type": "about:blank",
            "title": "Service Unavailable",
            "status": 503,
            "code": "database_unavailable",
            "detail": _("The database does not answer. Try again in a moment; if it stays so, tell an administrator."),
        }
        response = JsonResponse(problem, status=503, content_type="application/problem+json")
        response["Retry-After"] = str(RETRY_AFTER)
        return _uncached(response)
    return _uncached(JsonResponse({"status": "ready"}))


def _uncached(response: JsonResponse) -> JsonResponse:
    response["Cache-Control"] = "no-store"
    return response
