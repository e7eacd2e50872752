"""Uploads by a form: what it has, and what its signed policy allows.

Source: S3 API reference, "POST Object", "POST policy".
"""

import base64
import binascii
import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.rehearsal.fronts.signatures import Find, Keys, Refused, hold_form

_FREE = frozenset({"policy", "x-amz-signature", "file", "bucket"})
"""Fields that no condition has to name."""


@dataclass(frozen=True)
class Form:
    """A form's fields, names in small letters, and the file in it."""

    fields: Mapping[str, str]
    file: bytes


def read(content_type: str, body: bytes) -> Form:
    """Take a multipart form apart (RFC 7578); what stands behind the file is not looked at, as in S3."""
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if not content_type.startswith("multipart/form-data") or not found:
        raise Refused(412, "PreconditionFailed", "Bucket POST must be of the enclosure-type multipart/form-data")
    fields: dict[str, str] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + found[1].encode())[1:]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]*)"', head)
        if not name:
            continue
        if name[1].lower() == b"file":
            return Form(fields, content)
        fields[name[1].decode("utf-8", "replace").lower()] = content.decode("utf-8", "replace")
    raise Refused(400, "InvalidArgument", "POST requires exactly one file upload per request.")


def allowed(form: Form, *, bucket: str, find: Find, region: str, at: dt.datetime) -> Keys | None:
    """Hold a form to its policy and give whose keys signed it, None where it has none: an anonymous upload.

    Raises:
        Refused: the signature is wrong, the policy is over, or the form is not what it allows.

    """
    if "policy" not in form.fields:
        return None
    keys = hold_form(form.fields, find, region=region)
    try:
        policy = json.loads(base64.b64decode(form.fields["policy"], validate=True))
        if at >= dt.datetime.fromisoformat(policy["expiration"]):
            raise _denied("Policy expired.")
        named = {_hold(condition, form, bucket) for condition in policy["conditions"]}
    except (ValueError, KeyError, TypeError, binascii.Error) as error:  # also a time without a zone
        raise Refused(400, "InvalidPolicyDocument", f"Invalid Policy: {error}") from error
    extra = sorted(name for name in set(form.fields) - named - _FREE if not name.startswith("x-ignore-"))
    if extra:
        raise _denied(f"Extra input fields: {', '.join(extra)}")
    return keys


def _hold(condition: object, form: Form, bucket: str) -> str:
    """Hold a form to one condition; give the field that it names."""
    if isinstance(condition, dict) and len(condition) == 1:
        ((name, wanted),) = condition.items()
        operator = "eq"
    elif isinstance(condition, list) and len(condition) == 3:
        operator, name, wanted = str(condition[0]).lower(), condition[1], condition[2]
    else:
        raise Refused(400, "InvalidPolicyDocument", f"Invalid Policy: {json.dumps(condition)}")
    if operator == "content-length-range":
        if len(form.file) < int(str(name)):
            raise Refused(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        if len(form.file) > int(str(wanted)):
            raise Refused(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        return ""
    field = str(name).removeprefix("$").lower()
    given = bucket if field == "bucket" else form.fields.get(field, "")
    if operator not in ("eq", "starts-with") or not (given == wanted if operator == "eq" else given.startswith(wanted)):
        raise _denied(f"Policy Condition failed: {json.dumps(condition)}")
    return field


def _denied(message: str) -> Refused:
    return Refused(403, "AccessDenied", f"Invalid according to Policy: {message}")
