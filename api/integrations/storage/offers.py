"""What every store puts into its leaves to send and to read, so that all of them hold browsers to the same."""

import base64
from urllib.parse import quote

from api.integrations.aws.signing import Condition
from api.proposals.ports import ExpectedFile

_ATTR_CHAR = "!#$&+-.^_`|~"
"""What RFC 5987 leaves as it is beside letters and digits."""


def form_fields(file: ExpectedFile) -> dict[str, str]:
    """Return the form fields that fix what may be sent; a store checks the bytes against the digest itself."""
    return {
        "key": file.key,
        "Content-Type": file.content_type,
        # Kept with the object: even an address signed by someone else would not show it in place of a page.
        "Content-Disposition": "attachment",
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(file.sha256)).decode(),
    }


def form_conditions(file: ExpectedFile, *, bucket: str) -> list[Condition]:
    """Return the conditions that no form field carries: the bucket, and exactly this many bytes."""
    return [{"bucket": bucket}, ["content-length-range", file.size, file.size]]


def download_query(*, name: str, content_type: str) -> dict[str, str]:
    """Return what the store is to say of a file it gives out: a download, of this type, kept by no cache."""
    return {
        "response-content-disposition": disposition(name),
        "response-content-type": content_type,
        "response-cache-control": "no-store",
    }


def disposition(name: str) -> str:
    """Return the Content-Disposition header of a download called `name`, whatever its language (RFC 6266, RFC 5987).

    The plain name before it is for programs that know no other; quotes, backslashes and percent signs, which some
    of those read as more than themselves, are left out of it.
    """
    plain = "".join(
        character if character.isascii() and character.isprintable() and character not in '"\\%' else "_"
        for character in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_ATTR_CHAR)}"
