"""Hold an upload to its signed policy, as S3 does: for the local store, which has no S3 to do it.

Source: S3 API reference, "POST policy" and "POST Object".
"""

import base64
import binascii
import datetime as dt
import hmac
import json
from collections.abc import Mapping
from typing import Any

from api.integrations.aws.signing import ALGORITHM, Signer

_UNCONDITIONAL = {"policy", "x-amz-signature", "file"}
"""Fields that no condition has to name."""


class UploadRefused(Exception):
    """An upload that its policy does not allow: S3's status and error code, and a sentence for a developer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(f"{code}: {message}")


def hold_to_policy(
    fields: Mapping[str, str], *, bucket: str, size: int, sha256: str, signer: Signer, at: dt.datetime
) -> None:
    """Raise `UploadRefused` unless a form with these fields, and a file of this size and digest, is allowed at `at`."""
    given = {name.lower(): value for name, value in fields.items()}
    policy = _signed_policy(given, signer=signer, at=at)
    named = {"bucket"}
    for condition in policy["conditions"]:
        if isinstance(condition, dict):
            ((name, value),) = condition.items()
            operator = "eq"
        else:
            operator, name, value = condition
            name = str(name).removeprefix("$")
        if operator.lower() == "content-length-range":
            _hold_size(size, int(name), int(value))
            continue
        name = name.lower()
        actual = bucket if name == "bucket" else given.get(name, "")
        holds = actual == value if operator.lower() == "eq" else actual.startswith(value)
        if not holds:
            raise _denied(f"Invalid according to Policy: Policy Condition failed: {json.dumps(condition)}")
        named.add(name)
    if extra := sorted(set(given) - named - _UNCONDITIONAL):
        raise _denied(f"Invalid according to Policy: Extra input fields: {', '.join(extra)}")
    declared = given.get("x-amz-checksum-sha256")
    if declared is not None and declared != base64.b64encode(bytes.fromhex(sha256)).decode():
        raise UploadRefused(400, "BadDigest", "The bytes do not have the SHA-256 that was declared.")


def _signed_policy(given: Mapping[str, str], *, signer: Signer, at: dt.datetime) -> dict[str, Any]:
    """Return the policy of a form, once its signature and its time are found good."""
    try:
        signed_at = dt.datetime.strptime(given["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
        policy, signature = given["policy"], given["x-amz-signature"]
    except (KeyError, ValueError) as error:
        raise _denied(f"The form lacks {error}.") from error
    credential = f"{signer.credentials.access_key}/{signed_at:%Y%m%d}/{signer.region}/{signer.service}/aws4_request"
    if given.get("x-amz-algorithm") != ALGORITHM or given.get("x-amz-credential") != credential:
        raise _denied("The form is signed by another key or algorithm.")
    if not hmac.compare_digest(signer.sign(policy, signed_at).encode(), signature.encode()):
        raise UploadRefused(403, "SignatureDoesNotMatch", "The policy or its signature was changed.")
    try:
        document: dict[str, Any] = json.loads(base64.b64decode(policy, validate=True))
    except (ValueError, binascii.Error) as error:
        raise _denied("The policy cannot be read.") from error
    if at >= dt.datetime.fromisoformat(document["expiration"]):
        raise _denied("Invalid according to Policy: Policy expired.")
    return document


def _hold_size(size: int, low: int, high: int) -> None:
    if size < low:
        raise UploadRefused(400, "EntityTooSmall", f"The file has {size} bytes; {low} to {high} are allowed.")
    if size > high:
        raise UploadRefused(400, "EntityTooLarge", f"The file has more than the {low} to {high} bytes allowed.")


def _denied(message: str) -> UploadRefused:
    return UploadRefused(403, "AccessDenied", message)
