"""The answers of tasks, which come through a log: sealed by a key that goes with each event (project/sealed.py)."""

import base64
import hashlib
import hmac
import secrets

PURPOSE = b"cloister answer"
_TAG = 32  # bytes of the authentication code before the rest


class BrokenSeal(Exception):
    """The text was not sealed with this key, or was changed since."""

    def __init__(self, length: int) -> None:
        super().__init__(f"{length} characters that this key does not open")


def key() -> bytes:
    """Make a key for one answer."""
    return secrets.token_bytes(32)


def opened(text: str, key: bytes) -> str:
    """Return what was sealed; raises `BrokenSeal`."""
    whole = base64.b64decode(text)
    tag, hidden = whole[:_TAG], whole[_TAG:]
    if not hmac.compare_digest(tag, hmac.digest(key, hidden, "sha256")):
        raise BrokenSeal(len(text))
    stream = hashlib.shake_256(PURPOSE + key).digest(len(hidden))
    return bytes(one ^ other for one, other in zip(hidden, stream, strict=True)).decode()
