"""The rules as data: what each looks for, why it matters, what to change, and AWS's page that says so."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.words import Words

FILE = Path(__file__).parent / "rules.toml"

GROUPS: dict[str, Words] = {
    "graph": Words("Ways to the internet", "インターネットへの経路"),
    "exposure": Words("What answers to whom", "何が誰に応答するか"),
    "policy": Words("Who may do what", "誰に何が許されるか"),
    "completeness": Words("Nothing missing, nothing idle", "過不足"),
    "nature": Words("What remains open by nature", "性質上、開いたまま残るもの"),
}


@dataclass(frozen=True)
class Rule:
    """One rule; `found` is the sentence of a finding and has places to fill, `source` AWS's page."""

    id: str
    group: str
    title: Words
    found: Words
    why: Words
    change: Words
    source: str

    @property
    def by_nature(self) -> bool:
        """Whether this remains in every such network and is to be signed for, not mended."""
        return self.group == "nature"


def _read() -> dict[str, Rule]:
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: Rule(
            id=name,
            group=group,
            title=_words(entry, "title"),
            found=_words(entry, "found"),
            why=_words(entry, "why"),
            change=_words(entry, "change"),
            source=entry["source"],
        )
        for group in GROUPS
        for name, entry in document[group].items()
    }


def _words(entry: dict[str, Any], key: str) -> Words:
    return Words(entry[key]["en"], entry[key]["ja"])


RULES = _read()
