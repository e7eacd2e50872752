"""Every error as a problem document (RFC 9457) with a stable `code`, in the caller's language."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from api.proposals.errors import FormInvalid, Kind, ProposalError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 2  # seconds
REFUSED_BY_POSTGRESQL = {"40001", "40P01", "55P03"}
"""Serialization failure, deadlock, lock not available (PostgreSQL, Appendix A): the transaction is undone."""
STATUS_OF_KIND = {Kind.MISSING: 404, Kind.DENIED: 403, Kind.CONFLICT: 409, Kind.INVALID: 422, Kind.UNAVAILABLE: 503}

GENERAL: dict[type[Exception], tuple[int, str, str | Promise]] = {
    exceptions.NotAuthenticated: (401, "not_signed_in", _("Sign in first.")),
    exceptions.AuthenticationFailed: (401, "token_not_valid", _("Your sign-in has ended. Sign in again.")),
    exceptions.PermissionDenied: (403, "forbidden", _("You may not do this. Ask an administrator if you need to.")),
    PermissionDenied: (403, "forbidden", _("You may not do this. Ask an administrator if you need to.")),
    exceptions.NotFound: (404, "not_found", _("There is nothing at this address. Check the link.")),
    Http404: (404, "not_found", _("There is nothing at this address. Check the link.")),
    exceptions.MethodNotAllowed: (405, "method_not_allowed", _("This address does not answer that method.")),
    exceptions.NotAcceptable: (406, "not_acceptable", _("This address answers JSON only. Ask for application/json.")),
    exceptions.UnsupportedMediaType: (415, "unsupported_media_type", _("Send JSON (Content-Type: application/json).")),
    exceptions.ParseError: (400, "not_json", _("The body cannot be read as JSON. Check it and send it again.")),
}
"""What any endpoint may answer: exception -> status, code, sentence."""

DATABASE_BUSY = "database_busy"
INVALID_INPUT = "invalid_input"
SERVER_ERROR = "server_error"
TOO_LARGE = "too_large"
CODES_OF_ANY_ENDPOINT = tuple(
    sorted({code for _, code, _ in GENERAL.values()} | {DATABASE_BUSY, INVALID_INPUT, SERVER_ERROR, TOO_LARGE})
)


class Problem(exceptions.APIException):
    """A refusal by the HTTP edge itself: `status`, stable `code`, and the sentence."""

    def __init__(self, status: int, code: str, detail: str | Promise, *, retry_after: int | None = None) -> None:
        self.status_code = status
        self.code = code
        self.retry_after = retry_after
        super().__init__(detail=str(detail), code=code)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of a view into its problem document; None for what nobody foresaw (Django answers 500)."""
    document = _document_of(error)
    if document is None:
        return None
    response = Response(document, status=document["status"], content_type=MEDIA_TYPE)
    challenge = getattr(error, "auth_header", None)
    if challenge:
        response["WWW-Authenticate"] = challenge
    if isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    retry_after = RETRY_AFTER if document["status"] == HTTPStatus.SERVICE_UNAVAILABLE else None
    retry_after = getattr(error, "retry_after", None) or retry_after
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def _document_of(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, FormInvalid):
        problems = [{"pointer": p.pointer, "code": p.code, "detail": p.detail} for p in error.problems]
        return document(422, error.code, error.detail, errors=problems)
    if isinstance(error, ProposalError):
        return document(STATUS_OF_KIND[error.kind], error.code, error.detail, values=error.values)
    if isinstance(error, Problem):
        return document(error.status_code, error.code, str(error.detail))
    if isinstance(error, exceptions.ValidationError):
        sentence = _("Some of what was sent cannot be used. See each field.")
        return document(400, INVALID_INPUT, sentence, errors=list(_flat(error.get_full_details())))
    return _general_document(error)


def _general_document(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, OperationalError) and _did_nothing(error):
        logger.warning("the database refused: %s", error)  # it names servers and locks, never a row's content
        sentence = _("The database is busy. Nothing was changed; try again in a moment.")
        return document(503, DATABASE_BUSY, sentence)
    for kind, (status, code, detail) in GENERAL.items():
        if isinstance(error, kind):
            return document(status, code, detail)
    return None


def _did_nothing(error: OperationalError) -> bool:
    """Say whether the database refused before anything was written, so that the same request may be sent again.

    A connection that breaks later leaves open whether a commit arrived: that is an error like any other.
    """
    if connection.vendor == "sqlite":
        return "locked" in str(error)
    return getattr(error.__cause__, "pgcode", None) in REFUSED_BY_POSTGRESQL or connection.connection is None


def document(status: int, code: str, detail: str | Promise, **more: Any) -> dict[str, Any]:
    """Return a problem document; `type` is about:blank because `code` says what kind it is."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "code": code, "detail": str(detail)} | more


def _flat(details: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Yield every error of DRF's nested details with a JSON pointer to its field."""
    if isinstance(details, dict) and {"message", "code"} == details.keys():
        yield {"pointer": pointer, "code": details["code"], "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _flat(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    else:
        for inner in details:
            yield from _flat(inner, pointer)


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer an address that no URL matches."""
    _status, code, detail = GENERAL[Http404]
    return JsonResponse(document(404, code, detail), status=404, content_type=MEDIA_TYPE)


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer what nobody foresaw, telling nothing of it; the log has the rest."""
    detail = _("Something went wrong on our side. Try again; if it happens again, tell an administrator the time.")
    return JsonResponse(document(500, SERVER_ERROR, detail), status=500, content_type=MEDIA_TYPE)
