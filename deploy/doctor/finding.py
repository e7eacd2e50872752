"""One thing that the doctor looked at."""

from dataclasses import dataclass
from typing import Literal

from deploy.words import Language, Words

Verdict = Literal["good", "look", "bad"]
MARKS = {"good": "ok  ", "look": "look", "bad": "BAD "}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at and what was found; `look` needs a person's eye, `bad` stops the way up.

    `remedy` says what to do; a good finding has none.
    """

    verdict: Verdict
    subject: Words
    found: Words
    remedy: Words | None = None

    @classmethod
    def good(cls, subject: Words, found: Words | str) -> "Finding":
        """Make one where all is well; a value reads the same in both languages."""
        told = Words(found, found) if isinstance(found, str) else found
        return cls(verdict="good", subject=subject, found=told)

    def say(self, language: Language) -> str:
        """Give it as one line, and its remedy as another."""
        line = f"{MARKS[self.verdict]} {self.subject.plain(language)}: {self.found.plain(language)}"
        return line if self.remedy is None else f"{line}\n       -> {self.remedy.plain(language)}"
