"""Read JSON bodies, refusing at the door what no database or schema behind it could take."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from api.rest.errors import TOO_LARGE, Problem

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes. A proposal is text and numbers; files never come this way."""
DEEPEST = 32
"""Levels of objects and lists; a proposal has five."""


class CheckedJSONParser(BaseParser):
    """JSON as RFC 8259 has it: UTF-8, no NaN; not bottomless; no NUL, no lone surrogates: PostgreSQL stores neither."""

    media_type = "application/json"
    largest = LARGEST_BODY

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(self.largest + 1)
        if len(raw) > self.largest:
            sentence = _("The body is larger than {limit} MB. Shorten it.")
            raise Problem(413, TOO_LARGE, str(sentence).format(limit=self.largest // 1024**2))
        try:
            data = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
            # Escapes can spell what UTF-8 cannot; writing the document back shows it.
            text = json.dumps(data, ensure_ascii=False)
            text.encode()
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if _is_too_deep(data) or ("\\u0000" in text and _holds_nul(data)):
            raise ParseError
        return data


def _is_too_deep(data: Any, left: int = DEEPEST) -> bool:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return left == 0 or any(_is_too_deep(item, left - 1) for item in inner if isinstance(item, dict | list))


def _holds_nul(data: Any) -> bool:
    if isinstance(data, dict):
        return any(_holds_nul(key) or _holds_nul(value) for key, value in data.items())
    if isinstance(data, list):
        return any(map(_holds_nul, data))
    return isinstance(data, str) and "\x00" in data


def _refuse(name: str) -> None:
    raise ValueError(name)
