"""What is wrong in a stage file, where, and what to write instead."""

from dataclasses import dataclass
from pathlib import Path

from deploy.failure import Failure
from deploy.words import Language, Words, language


@dataclass(frozen=True)
class Problem:
    """One problem: the file, its line (0 when it has none), the key, the value found, and the remedy."""

    path: Path
    line: int
    key: str
    value: object
    remedy: Words

    def say(self, language: Language) -> str:
        """Give it as one line: `file:line: key = value: remedy`."""
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        shown = list(self.value) if isinstance(self.value, tuple) else self.value
        value = f"{self.key} = {shown!r}: " if self.key else ""
        return f"{place}: {value}{self.remedy.plain(language)}"


class StageError(Failure):
    """A stage file that cannot be used, with every problem found in it, told in the reader's language."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.say(language()) for problem in problems))
