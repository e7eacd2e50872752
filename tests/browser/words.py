"""The page's own messages, for tests that run in both languages."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from project.bootstrap import ROOT

LANGUAGES = ("ja", "en")

type Words = Callable[..., str]


@cache
def _messages(language: str) -> dict[str, Any]:
    messages: dict[str, Any] = json.loads((ROOT / "spa/src/language" / f"{language}.json").read_text())
    return messages


def words(language: str) -> Words:
    """Return the function from a message's key (and its placeholders) to its text in `language`."""

    def text(key: str, **values: object) -> str:
        found: Any = _messages(language)
        for part in key.split("."):
            found = found[part]
        for name, value in values.items():
            found = found.replace(f"{{{{{name}}}}}", str(value))
        return str(found)

    return text
