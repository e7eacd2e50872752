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
    """A cursor as a list's `next` gave it; its value is the key (time, id)."""

    default_error_messages: ClassVar = {
        "bad_cursor": _("“{value}” is no cursor of this list. Begin again without one.")
    }

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            at, id_ = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
            key = dt.datetime.fromisoformat(at), id_
        except (ValueError, TypeError, binascii.Error):
            self.fail("bad_cursor", value=text)
        if key[0].tzinfo is None or type(id_) is not int or not 0 < id_ < 2**63:
            self.fail("bad_cursor", value=text)
        return key


class PageQuery(Input):
    """How every list is read: `limit` rows after `cursor`."""

    cursor = CursorField(required=False, max_length=200, help_text="`next` of the page before.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_LIMIT, default=DEFAULT_LIMIT)


def page(item: type[Output], **more: serializers.Field[Any, Any, Any, Any]) -> type[Output]:
    """Declare the answer of a list of `item`."""
    fields = {
        "results": item(many=True),
        "next": serializers.CharField(allow_null=True, help_text="Cursor of the next page; null at the end."),
    }
    return type(f"{item.__name__}Page", (Output,), fields | more)


def cut(
    rows: list[dict[str, Any]], limit: int, key: Callable[[dict[str, Any]], tuple[dt.datetime, int]]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return at most `limit` of `rows` (read with one more than that) and the cursor of the next page."""
    if len(rows) <= limit:
        return rows, None
    at, id_ = key(rows[limit - 1])
    text = json.dumps([at.isoformat(), id_], separators=(",", ":"))
    return rows[:limit], base64.urlsafe_b64encode(text.encode()).decode()
