"""A sentence in both languages of the project, and the choice between them."""

import os
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "ja"]


@dataclass(frozen=True)
class Words:
    """The same thing said in English and in Japanese; both may carry `{name}` places."""

    en: str
    ja: str

    def say(self, language: Language, **values: object) -> str:
        """Give the sentence in `language`, its places filled; a place that is `Words` is translated too."""
        filled = {key: value.say(language) if isinstance(value, Words) else value for key, value in values.items()}
        return (self.ja if language == "ja" else self.en).format(**filled) if values else self.plain(language)

    def plain(self, language: Language) -> str:
        """Give the sentence as it stands, places unfilled."""
        return self.ja if language == "ja" else self.en

    def fill(self, **values: object) -> "Words":
        """Fill the places in both languages."""
        return Words(self.say("en", **values), self.say("ja", **values))


def language() -> Language:
    """Choose the reader's language from CLOISTER_LANGUAGE, then from the terminal's locale."""
    for name in ("CLOISTER_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"
