"""The three CSV files as an administrator sends them from a screen: read as those of a folder, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.integrations.directory.csv_files import CsvFiles
from api.organization.ports import Noun, OrganizationSnapshot


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file in memory, which reads as a `Path` does."""

    name: str
    data: bytes

    def __str__(self) -> str:
        return self.name

    def read_bytes(self) -> bytes:
        return self.data


def read(files: Mapping[Noun, tuple[str, bytes]]) -> OrganizationSnapshot:
    """Return what the files (name, content) hold, with what cannot be read in `problems`."""
    sent = {noun: SentFile(*file) for noun, file in files.items()}
    return CsvFiles(departments=sent[Noun.DEPARTMENTS], people=sent[Noun.PEOPLE], posts=sent[Noun.POSTS]).read()
