"""Turn the bytes of a Japanese CSV file into text, or say which lines cannot be."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

ENCODINGS = ("UTF-8", "CP932")

# Python's cp932 codec maps bytes that Microsoft leaves undefined to these instead of refusing them
# (0x80, 0xA0, 0xFD to 0xFF; the Unicode Consortium's CP932.TXT has none of them).
_UNDEFINED_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text. Lines in `bad_lines` (1 is the first) hold `\\x81` where bytes mean nothing in `encoding`."""

    text: str
    encoding: str
    bad_lines: tuple[int, ...]


def is_utf16(data: bytes) -> bool:
    """Say whether the file begins as Excel's "Unicode text" does."""
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def decode(data: bytes) -> DecodedText:
    """Decode strictly as UTF-8, else strictly as CP932, else as the one of the two in which fewer lines fail."""
    data = data.removeprefix(codecs.BOM_UTF8)
    attempts = []
    for encoding in ENCODINGS:
        attempt = _decode_lines(data, encoding)
        if not attempt.bad_lines:
            return attempt
        attempts.append(attempt)
    return min(attempts, key=lambda attempt: len(attempt.bad_lines))


def _decode_lines(data: bytes, encoding: str) -> DecodedText:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = ""
    else:
        if encoding == "UTF-8" or not _UNDEFINED_IN_CP932.search(text):
            return DecodedText(text, encoding, ())
    # Neither encoding uses the bytes of CR and LF inside a character, so bytes may be cut at them.
    lines, bad_lines = [], []
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        try:
            decoded = line.decode(encoding)
        except UnicodeDecodeError:
            decoded, is_bad = line.decode(encoding, errors="backslashreplace"), True
        else:
            is_bad = encoding == "CP932" and bool(_UNDEFINED_IN_CP932.search(decoded))
        lines.append(decoded)
        if is_bad:
            bad_lines.append(number)
    return DecodedText("".join(lines), encoding, tuple(bad_lines))
