"""Turn the bytes of a Japanese CSV file into text, or say which lines cannot be."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

UTF8, CP932 = "UTF-8", "CP932"

# Python's cp932 codec maps bytes that Microsoft leaves undefined to these instead of refusing them
# (0x80, 0xA0, 0xFD to 0xFF; the Unicode Consortium's CP932.TXT has none of them).
_UNDEFINED_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
# Japanese takes three bytes a character in UTF-8; no CP932 text is by chance a line of such characters.
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text. Lines in `bad_lines` (1 is the first) show bytes that mean nothing in `encoding` as `\\x81`."""

    text: str
    encoding: str
    bad_lines: tuple[int, ...] = ()


def is_utf16(data: bytes) -> bool:
    """Say whether the file begins as Excel's "Unicode text" does."""
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def decode(data: bytes) -> DecodedText:
    """Decode as UTF-8, or as CP932 where most lines with Japanese in them are no UTF-8.

    Bytes alone do not tell: most UTF-8 text is also CP932, of other characters. So a file is never read as CP932
    because one line of it is broken; that line is reported instead. A line of UTF-8 in a CP932 file is, too.
    """
    has_mark = data.startswith(codecs.BOM_UTF8)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return DecodedText(data.decode("utf-8"), UTF8)
    except UnicodeDecodeError:
        pass
    # Neither encoding uses the bytes of CR and LF inside a character, so bytes may be cut at them.
    lines = data.splitlines(keepends=True)
    as_utf8 = [_decode_strictly(line, UTF8) for line in lines]
    broken = sum(text is None for text in as_utf8)
    japanese = sum(text is not None and bool(_THREE_BYTES.search(text)) for text in as_utf8)
    encoding = UTF8 if has_mark or japanese >= broken else CP932
    texts, bad_lines = [], []
    for number, (line, utf8) in enumerate(zip(lines, as_utf8, strict=True), start=1):
        text = utf8 if encoding == UTF8 else _decode_strictly(line, CP932)
        if text is None or (encoding == CP932 and utf8 is not None and _THREE_BYTES.search(utf8)):
            bad_lines.append(number)
            text = line.decode(encoding, errors="backslashreplace")
        texts.append(text)
    return DecodedText("".join(texts), encoding, tuple(bad_lines))


def _decode_strictly(line: bytes, encoding: str) -> str | None:
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if encoding == CP932 and _UNDEFINED_IN_CP932.search(text) else text
