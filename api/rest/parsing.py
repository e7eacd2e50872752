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


class CheckedJSONParser(BaseParser):
    """JSON as RFC 8259 has it: UTF-8, no NaN, no NUL and no lone surrogates (PostgreSQL stores neither)."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            sentence = _("The body is larger than {limit} MB. Shorten it.")
            raise Problem(413, TOO_LARGE, str(sentence).format(limit=LARGEST_BODY // 1024**2))
        try:
            data = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
            # Escapes can spell what UTF-8 cannot; writing the document back shows it.
            text = json.dumps(data, ensure_ascii=False)
            text.encode()
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if "\\u0000" in text and _holds_nul(data):
            raise ParseError
        return data


def _holds_nul(data: Any) -> bool:
    if isinstance(data, dict):
        return any(_holds_nul(key) or _holds_nul(value) for key, value in data.items())
    if isinstance(data, list):
        return any(map(_holds_nul, data))
    return isinstance(data, str) and "\x00" in data


def _refuse(name: str) -> None:
    raise ValueError(name)
