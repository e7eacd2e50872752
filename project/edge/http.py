"""HTTP events: REST proxy (a private API's included) and load balancer events, answered by the WSGI application.

apig-wsgi makes the WSGI environment; what it takes from headers that any caller can write is replaced here
by what API Gateway or the load balancer says itself. Event shapes: AWS, "Set up Lambda proxy integrations in
API Gateway" and "Use Lambda functions as targets of an Application Load Balancer"; a private API's event as
recorded in public: no X-Forwarded-Proto, no X-Forwarded-Port.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_to_bytes

from apig_wsgi import make_lambda_handler

from project.edge.balancer import vouched_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

Event = dict[str, Any]
Answer = dict[str, Any]

# Bytes of JSON that Lambda hands back: "Response payload size exceeded maximum allowed payload size (6291556
# bytes)" for invocations, and 1 MB where a load balancer asked (AWS, "Lambda functions as targets", Limits).
REST_LIMIT = 6_291_556
BALANCER_LIMIT = 1_000_000

PROBLEMS = {
    "answer_too_large": {
        "ja": (
            "応答が {size:,} バイトになり、上限の {limit:,} バイトを超えました。"
            "件数を減らすか(limit)、条件を絞って、もう一度お試しください。"
        ),
        "en": (
            "The answer has {size:,} bytes and may have {limit:,}. Ask for fewer items (limit) or narrow the request."
        ),
    },
    "bad_request": {
        "ja": "リクエストを受け付けられません。アドレス(ホスト名)と内容を確かめてください。",
        "en": "The request cannot be accepted. Check its address (the host name) and its content.",
    },
    "server_error": {
        "ja": "処理を完了できませんでした。もう一度お試しください。続くときは、時刻を添えて管理者にお知らせください。",
        "en": "Something went wrong on our side. Try again; if it happens again, tell an administrator the time.",
    },
}
"""Code -> language -> what to tell the caller. Not gettext: this must also work where Django does not."""


def is_request(event: object) -> bool:
    """Say whether the event is an HTTP request that `make_handler`'s result can answer."""
    return (
        isinstance(event, dict)
        and isinstance(event.get("httpMethod"), str)
        and isinstance(event.get("path"), str)
        and isinstance(event.get("requestContext"), dict)
    )


def make_handler(
    application: "WSGIApplication", *, default_host: str = "", default_language: str = "ja"
) -> Callable[[Event, object], Answer]:
    """Return a function (event, context) -> answer around a WSGI application.

    `default_host` stands in where a request names no host: a load balancer's health check does not.
    `default_language` ("ja" or "en") is that of a problem answer for a caller who accepts neither.
    """
    convert = make_lambda_handler(_Corrected(application, default_host), binary_support=True)

    def handle(event: Event, context: object) -> Answer:
        limit = BALANCER_LIMIT if _is_balancer(event) else REST_LIMIT
        event = _with_wsgi_headers(event)
        try:
            answer = convert(event, context)
        except Exception:
            logger.exception("A request could not be answered")  # its path could say anything
            return _problem(event, default_language, code="server_error")
        if event["httpMethod"] == "HEAD":  # what servers do after WSGI (RFC 9110, section 9.3.2)
            answer |= {"body": "", "isBase64Encoded": False}
        if answer["statusCode"] >= 400 and _is_page(answer):  # Django's own, for what comes before any view
            code = "bad_request" if answer["statusCode"] < 500 else "server_error"
            return _problem(event, default_language, instead_of=answer, status=answer["statusCode"], code=code)
        size = _size(answer, limit)
        if size <= limit:
            return answer
        logger.error("An answer has %d bytes of %d", size, limit)
        return _problem(event, default_language, instead_of=answer, code="answer_too_large", size=size, limit=limit)

    return handle


class _Corrected:
    """A WSGI application that sees what the gateway knows instead of what a caller claims."""

    def __init__(self, application: "WSGIApplication", default_host: str) -> None:
        self.application = application
        self.default_host = default_host

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        event: Event = environ["apig_wsgi.full_event"]
        script_name, path = _split_path(event)
        environ["SCRIPT_NAME"] = _wsgi_text(script_name)
        environ["PATH_INFO"] = _wsgi_text(path)
        environ["REMOTE_ADDR"] = _client_address(event)
        # API Gateway answers HTTPS only; a balancer writes the header itself (AWS, "HTTP headers and ALB").
        secure = not _is_balancer(event) or environ.get("HTTP_X_FORWARDED_PROTO") != "http"
        environ["wsgi.url_scheme"] = "https" if secure else "http"
        environ["SERVER_PORT"] = "443" if secure else "80"
        environ.setdefault("HTTP_HOST", self.default_host)
        environ["SERVER_NAME"] = environ["HTTP_HOST"]
        cookies = list(_header_values(event, "cookie"))
        if cookies:
            environ["HTTP_COOKIE"] = "; ".join(cookies)  # RFC 9113, section 8.2.3
        # Both have names of their own in WSGI (PEP 3333).
        environ.pop("HTTP_CONTENT_TYPE", None)
        environ.pop("HTTP_CONTENT_LENGTH", None)
        if environ["apig_wsgi.multi_value_headers"]:
            return self.application(environ, start_response)

        def start_single(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            return start_response(status, list(_as_single_values(headers)), *rest)

        return self.application(environ, start_single)


def _is_balancer(event: Event) -> bool:
    return "elb" in event["requestContext"]


def _header_values(event: Event, name: str) -> Iterator[str]:
    """Yield the values of a header, by its lower-case name, in the order they came."""
    many = event.get("multiValueHeaders")
    headers = many if many is not None else {key: [value] for key, value in (event.get("headers") or {}).items()}
    for key, values in headers.items():
        if key.lower() == name:
            yield from values


def _with_wsgi_headers(event: Event) -> Event:
    """Return the event with those headers that WSGI can hold.

    None with `_` in its name, which could not be told from one with `-`, and none without a value; and values in
    which each character stands for a byte (PEP 3333), where the gateway has decoded them as UTF-8.
    """
    held = dict(event)
    if event.get("headers"):
        held["headers"] = {
            name: _header_text(value)
            for name, value in event["headers"].items()
            if "_" not in name and isinstance(value, str)
        }
    if event.get("multiValueHeaders"):
        many = {
            name: [_header_text(value) for value in values or () if isinstance(value, str)]
            for name, values in event["multiValueHeaders"].items()
            if "_" not in name
        }
        held["multiValueHeaders"] = {name: values for name, values in many.items() if values}
    return held


def _header_text(value: str) -> str:
    if value.isascii() or max(value) <= "\xff":  # the first looks at a flag, the second at every character
        return value
    return value.encode(errors="replace").decode("latin-1")


def _split_path(event: Event) -> tuple[str, str]:
    """Return (script name, path), both percent-encoded: where the application is mounted, and the rest.

    Called by the API's own address, `requestContext.path` carries `/{stage}` and `path` does not. Called by a
    custom domain name, both carry the mapping's base path, and only the part that the resource's `{proxy+}`
    matched tells where it ends.
    """
    path: str = event["path"] or "/"
    whole = event["requestContext"].get("path") or path
    if whole != path:
        stage = _before(whole, path)
        if stage is not None:
            return stage, path
    if event.get("resource") == "/":
        return path.rstrip("/"), "/"
    matched = (event.get("pathParameters") or {}).get("proxy")
    if matched:
        base = _before(path, f"/{matched}") or ""
        return base, path[len(base) :]
    return "", path


def _before(whole: str, tail: str) -> str | None:
    """Return what precedes `tail`, which starts with a slash, in the path `whole`; None when it does not end so.

    Recorded events have each of the two decoded or encoded, with or without a closing slash. What precedes is a
    stage or a base path, neither of which has escaped characters: it is as long decoded as encoded.
    """
    if whole.endswith(tail):  # nearly always
        return whole.removesuffix(tail).rstrip("/")
    for path in (whole, unquote(whole)):
        for end in (tail, unquote(tail)):
            if path.endswith(end):
                return path.removesuffix(end).rstrip("/")
            if path.rstrip("/").endswith(end.rstrip("/")):
                return path.rstrip("/").removesuffix(end.rstrip("/")).rstrip("/")
    return None


def _client_address(event: Event) -> str:
    """Return the caller's address as the gateway saw it, or "" where the balancer is set not to say."""
    if not _is_balancer(event):
        return str((event["requestContext"].get("identity") or {}).get("sourceIp") or "")
    return vouched_address(",".join(_header_values(event, "x-forwarded-for")))


def _wsgi_text(path: str) -> str:
    return unquote_to_bytes(path).decode("latin-1")


def _as_single_values(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield headers so that no two have the same name, for a balancer without multi-value headers.

    Values may be joined by a comma (RFC 9110, section 5.2), only Set-Cookie's may not: each further cookie
    gets the name in other capitals, which HTTP ignores and a JSON object keeps apart.
    """
    joined: dict[str, tuple[str, str]] = {}
    cookies = 0
    for name, value in headers:
        lower = name.lower()
        if lower == "set-cookie":
            yield _set_cookie(cookies), value
            cookies += 1
        elif lower in joined:
            joined[lower] = (joined[lower][0], f"{joined[lower][1]}, {value}")
        else:
            joined[lower] = (name, value)
    yield from joined.values()


def _set_cookie(number: int) -> str:
    """Return the header's name with those letters in capitals that the number's bits (0 to 511) select."""
    letters = "".join(letter.upper() if number >> place & 1 else letter for place, letter in enumerate("setcookie"))
    return f"{letters[:3]}-{letters[3:]}"


def _is_page(answer: Answer) -> bool:
    headers = answer.get("multiValueHeaders") or {name: [value] for name, value in answer["headers"].items()}
    return any(values[-1].startswith("text/html") for name, values in headers.items() if name.lower() == "content-type")


def _size(answer: Answer, limit: int) -> int:
    """Return the answer's bytes as the runtime writes it, or a smaller number when it is far below the limit anyway."""
    body = answer["body"]
    if len(body) * 6 < limit:  # the longest escape of one character, \\u0000, has 6 bytes
        return len(body)
    return len(json.dumps(answer, ensure_ascii=False).encode())  # awslambdaric's marshaller does the same


def _problem(
    event: Event,
    default_language: str,
    *,
    code: str,
    status: int = 500,
    instead_of: Answer | None = None,
    **values: int,
) -> Answer:
    """Return a problem+json answer (RFC 9457) that tells the caller what happened, and nothing from inside.

    It keeps the CORS headers of the answer it replaces: a page could not read it without them.
    """
    language = _language(event, default_language)
    detail = PROBLEMS[code][language].format(**values)
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    headers = {
        name: value
        for part in ("headers", "multiValueHeaders")
        for name, value in ((instead_of or {}).get(part) or {}).items()
        if name.lower().startswith("access-control-") or name.lower() == "vary"
    }
    own = {"Content-Type": "application/problem+json", "Content-Language": language, "Cache-Control": "no-store"}
    many = "multiValueHeaders" in event
    headers |= {name: [value] if many else value for name, value in own.items()}
    return {
        "statusCode": status,
        "multiValueHeaders" if many else "headers": headers,
        "isBase64Encoded": False,
        "body": "" if event["httpMethod"] == "HEAD" else json.dumps({**problem, **values}, ensure_ascii=False),
    }


def _language(event: Event, default: str) -> str:
    """Return "ja" or "en", whichever the caller names first in Accept-Language."""
    for part in ",".join(_header_values(event, "accept-language")).split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in ("ja", "en"):
            return tag
    return default
