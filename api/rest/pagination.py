"""Pages by key: a cursor names the last row that was seen, so that a deep page costs what the first one does."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.rest.endpoint import Input, Output

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100


class CursorField(serializers.CharField):
    """A cursor as a list's `next` gave it; its value is the key of the last row seen, a tuple of `kinds`."""

    default_error_messages: ClassVar = {
        "bad_cursor": _("“{value}” is no cursor of this list. Begin again without one.")
    }

    def __init__(self, *kinds: type, **options: Any) -> None:
        self.kinds = kinds
        super().__init__(required=False, max_length=1000, help_text="`next` of the page before.", **options)

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            parts = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
            return tuple(_read(kind, part) for kind, part in zip(self.kinds, parts, strict=True))
        except (ValueError, TypeError, binascii.Error):
            self.fail("bad_cursor", value=text)


def _read(kind: type, part: Any) -> Any:
    """Return one part of a key; raises `ValueError` or `TypeError` for anything a list never gave."""
    if kind is dt.datetime:
        at = dt.datetime.fromisoformat(part)
        if at.tzinfo is None:
            raise ValueError(part)
        return at
    # PostgreSQL takes neither numbers beyond a bigint nor NUL in a text.
    fits = 0 < part < 2**63 if isinstance(part, int) else isinstance(part, str) and "\x00" not in part
    if type(part) is not kind or not fits:
        raise ValueError(part)
    return part


class PageQuery(Input):
    """How every list is read: `limit` rows after `cursor`."""

    cursor = CursorField(dt.datetime, int)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_LIMIT, default=DEFAULT_LIMIT)


def page(item: type[Output], **more: serializers.Field[Any, Any, Any, Any]) -> type[Output]:
    """Declare the answer of a list of `item`."""
    fields = {
        "results": item(many=True),
        "next": serializers.CharField(allow_null=True, help_text="Cursor of the next page; null at the end."),
    }
    return type(f"{item.__name__}Page", (Output,), fields | more)


def cut[Row](rows: list[Row], limit: int, key: Callable[[Row], tuple[Any, ...]]) -> tuple[list[Row], str | None]:
    """Return at most `limit` of `rows` (read with one more than that) and the cursor of the next page."""
    if len(rows) <= limit:
        return rows, None
    parts = [part.isoformat() if isinstance(part, dt.datetime) else part for part in key(rows[limit - 1])]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return rows[:limit], base64.urlsafe_b64encode(text.encode()).decode()
