"""Where the keys come from: the environment (Lambda), or the credentials server of a container (ECS, SnapStart).

Source: AWS SDKs and Tools reference guide, "Container credential provider" and "AWS access keys". They are looked
for at each signing, never once at start: Lambda and containers give new ones while the process lives.
"""

import datetime as dt
import ipaddress
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from api.integrations.aws.signing import Credentials
from api.integrations.aws.transport import Unreachable, send

RENEW_BEFORE = dt.timedelta(minutes=5)
"""New keys are asked for this long before the old ones end."""

_CONTAINER = "http://169.254.170.2"
_PLAIN_HTTP = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"}  # ECS, EKS, EKS by IPv6
_TIMEOUT = 2.0  # seconds


class CredentialsUnavailable(Exception):
    """There is nothing to sign with that is still good; the message says where keys were looked for."""


class CredentialSource:
    """Finds credentials, and keeps those of a container until shortly before they end. Safe for many threads."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._kept: Credentials | None = None
        self._lock = threading.Lock()

    def current(self, *, at: dt.datetime) -> Credentials:
        """Return credentials that are good at `at`; raises `CredentialsUnavailable` rather than return others."""
        found = self._from_environment()
        if found is None:
            with self._lock:
                found = self._kept = self._from_container(at)
        if found.expires_at is not None and found.expires_at <= at:
            raise CredentialsUnavailable(f"The credentials {found.access_key} ended at {found.expires_at}.")
        return found

    def _from_environment(self) -> Credentials | None:
        access_key = self._environment.get("AWS_ACCESS_KEY_ID")
        secret_key = self._environment.get("AWS_SECRET_ACCESS_KEY")
        if not access_key or not secret_key:
            return None
        expiration = self._environment.get("AWS_CREDENTIAL_EXPIRATION")
        return Credentials(
            access_key=access_key,
            secret_key=secret_key,
            token=self._environment.get("AWS_SESSION_TOKEN", ""),
            expires_at=_instant(expiration) if expiration else None,
        )

    def _from_container(self, at: dt.datetime) -> Credentials:
        kept = self._kept
        if kept is not None and kept.expires_at is not None and at < kept.expires_at - RENEW_BEFORE:
            return kept
        try:
            return self._fetched()
        except CredentialsUnavailable:
            # The server may be back before the old ones end.
            if kept is not None and kept.expires_at is not None and at < kept.expires_at:
                return kept
            raise

    def _fetched(self) -> Credentials:
        address, headers = self._address(), {}
        if token := self._authorization():
            headers["authorization"] = token
        try:
            answer = send("GET", address, headers, timeout=_TIMEOUT)
        except Unreachable as error:
            raise CredentialsUnavailable(f"The credentials server does not answer: {error}") from error
        if answer.status != 200:
            raise CredentialsUnavailable(f"The credentials server answered {answer.status}.")
        try:
            document: dict[str, Any] = json.loads(answer.body)
            return Credentials(
                access_key=document["AccessKeyId"],
                secret_key=document["SecretAccessKey"],
                token=document["Token"],
                expires_at=_instant(document["Expiration"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise CredentialsUnavailable(f"The credentials server's answer lacks {error}.") from error

    def _address(self) -> str:
        if relative := self._environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"):
            return _CONTAINER + relative
        full = self._environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        if not full:
            raise CredentialsUnavailable(
                "Neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or "
                "AWS_CONTAINER_CREDENTIALS_FULL_URI are set: give the function or task a role."
            )
        parts = urlsplit(full)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_near(parts.hostname or "")):
            raise CredentialsUnavailable(
                f"AWS_CONTAINER_CREDENTIALS_FULL_URI={full!r} would send a token in clear text to another machine."
            )
        return full

    def _authorization(self) -> str:
        if file := self._environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"):
            try:
                token = Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise CredentialsUnavailable(f"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: {error}") from error
        else:
            token = self._environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
        if "\r" in token or "\n" in token:
            raise CredentialsUnavailable("The authorization token for the credentials server has a line break in it.")
        return token


def _is_near(host: str) -> bool:
    if host in _PLAIN_HTTP or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _instant(text: str) -> dt.datetime:
    """Return a time of AWS's, in UTC where it names no zone."""
    at = dt.datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
