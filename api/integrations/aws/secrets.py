"""Secrets read when the process starts, from Secrets Manager or Parameter Store, through the endpoint of the VPC.

Sources: Secrets Manager API reference, "GetSecretValue"; Systems Manager API reference, "GetParameters".
"""

import datetime as dt
import json
import os
from collections.abc import Sequence
from typing import Any

from api.integrations.aws.credentials import CredentialSource
from api.integrations.aws.signing import Signer
from api.integrations.aws.transport import Unreachable, send

AT_ONCE = 10  # parameters that one call takes


class SecretsUnavailable(Exception):
    """They could not be read; the message says from where and what AWS answered, and never a value."""


def fetch(source: str, *, region: str, names: Sequence[str]) -> dict[str, str]:
    """Return those of `names` that `source` holds; raises `SecretsUnavailable`.

    `source`: `secretsmanager:NAME`, one secret whose text is a JSON object of our variables; or `ssm:/FOLDER/`, below
    which each variable is a parameter of its own. AWS_ENDPOINT_URL leads elsewhere, as it does for AWS's libraries.
    """
    kind, _, place = source.partition(":")
    if kind == "secretsmanager" and place:
        target = "secretsmanager.GetSecretValue"
        text = _call(kind, target, {"SecretId": place}, source=source, region=region).get("SecretString", "")
        try:
            held = json.loads(text)
        except ValueError as error:
            raise SecretsUnavailable(f"{source}: its text is no JSON object of variables.") from error
        return {name: str(held[name]) for name in names if name in held}
    if kind == "ssm" and place.startswith("/") and place.endswith("/"):
        found: dict[str, str] = {}
        for first in range(0, len(names), AT_ONCE):
            asked = {"Names": [place + name for name in names[first : first + AT_ONCE]], "WithDecryption": True}
            told = _call(kind, "AmazonSSM.GetParameters", asked, source=source, region=region)
            found |= {entry["Name"].removeprefix(place): entry["Value"] for entry in told["Parameters"]}
        return found
    raise SecretsUnavailable(f"{source!r} must be secretsmanager:NAME or ssm:/FOLDER/.")


def _call(service: str, target: str, asked: dict[str, Any], *, source: str, region: str) -> dict[str, Any]:
    address = os.environ.get("AWS_ENDPOINT_URL") or f"https://{service}.{region}.amazonaws.com"
    at = dt.datetime.now(dt.UTC)
    signer = Signer(credentials=CredentialSource().current(at=at), region=region, service=service)
    body = json.dumps(asked).encode()
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}
    signed = signer.signed_headers("POST", address.partition("://")[2], "/", at=at, headers=headers, payload=body)
    try:
        answer = send("POST", address + "/", signed, body=body)
    except Unreachable as error:
        raise SecretsUnavailable(f"{source}: {error}") from error
    if answer.status != 200:
        told = json.loads(answer.body or b"{}")
        what = str(told.get("__type", "")).rpartition("#")[2] or f"status {answer.status}"
        raise SecretsUnavailable(f"{source}: AWS answered {what}.")
    result: dict[str, Any] = json.loads(answer.body)
    return result
