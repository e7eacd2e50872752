"""One HTTP request and its answer, without a client library and past any proxy: all of it stays inside the network."""

import http.client
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

LARGEST_ANSWER = 1024 * 1024
"""Bytes read of an answer's body, unless more is asked for; none but a file's comes near."""


class Unreachable(Exception):
    """No answer came; the message says why."""


@dataclass(frozen=True)
class Answer:
    """Status, headers with names in small letters, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(
    method: str,
    url: str,
    headers: Mapping[str, str],
    *,
    body: bytes = b"",
    timeout: float = 5.0,
    largest: int = LARGEST_ANSWER,
) -> Answer:
    """Send one request and return its answer, whatever its status; raises `Unreachable`.

    `timeout`: seconds; `largest`: bytes read of the answer's body.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    way = urlsplit(_endpoint_of(host) or url)
    connection = (
        http.client.HTTPSConnection(way.hostname or "", way.port, timeout=timeout, context=_tls())
        if way.scheme == "https"
        else http.client.HTTPConnection(way.hostname or "", way.port, timeout=timeout)
    )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body=body or None, headers={"host": parts.netloc, **headers})
        response = connection.getresponse()
        content = response.read(largest)
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"{method} {host}: {type(error).__name__}: {error}") from error
    finally:
        connection.close()


def _endpoint_of(host: str) -> str:
    """Return the address that S3 is to be asked at in the place of its own; the request still names the bucket's host.

    AWS SDKs and Tools reference guide, "Service-specific endpoints": AWS_ENDPOINT_URL_S3.
    """
    is_s3 = host.endswith(".amazonaws.com") and "s3" in host.split(".")
    return os.environ.get("AWS_ENDPOINT_URL_S3", "") if is_s3 else ""


@cache
def _tls() -> ssl.SSLContext:
    """Return how certificates are checked: by the system's authorities, or by the company's own (AWS_CA_BUNDLE)."""
    return ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE") or None)
