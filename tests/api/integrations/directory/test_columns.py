"""The table of columns, and the document that shows it."""

from pathlib import Path

import pytest

from api.integrations.directory.columns import COLUMNS, NO, YES, Column, find_column, normalize_header
from api.organization.ports import Noun

DOCUMENTS = [
    Path(__file__).resolve().parents[4] / "docs" / name
    for name in ("organization-files.md", "organization-files.ja.md")
]
ALL = [(noun, column) for noun, columns in COLUMNS.items() for column in columns]


class TestFindColumn:
    @pytest.mark.parametrize(("noun", "column"), ALL)
    def test_knows_each_by_all_its_headers(self, noun: Noun, column: Column) -> None:
        for header in (column.name, *column.japanese):
            assert find_column(noun, header) is column

    def test_does_not_mind_width_capitals_blanks_and_brackets(self) -> None:
        assert find_column(Noun.PEOPLE, "ＥＭＰＬＯＹＥＥ　Number") == find_column(Noun.PEOPLE, "employee_number")
        assert find_column(Noun.PEOPLE, "姓(カナ)") == find_column(Noun.PEOPLE, "family_name_kana")

    def test_knows_no_other(self) -> None:
        assert find_column(Noun.PEOPLE, "備考") is None
        assert find_column(Noun.PEOPLE, "rank") is None

    @pytest.mark.parametrize("noun", list(Noun))
    def test_is_never_in_doubt(self, noun: Noun) -> None:
        headers = [normalize_header(h) for column in COLUMNS[noun] for h in (column.name, *column.japanese)]

        assert len(headers) == len(set(headers))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
class TestDocument:
    @pytest.mark.parametrize(("noun", "column"), ALL)
    def test_names_every_header(self, document: Path, noun: Noun, column: Column) -> None:
        section = document.read_text(encoding="utf-8").split(f"## {noun}.csv")[1].split("\n## ")[0]
        row = next(line for line in section.splitlines() if line.startswith(f"| `{column.name}` |"))

        assert all(f"`{header}`" in row for header in column.japanese)

    def test_names_every_word_for_yes_and_no(self, document: Path) -> None:
        text = document.read_text(encoding="utf-8")

        for words in (YES, NO):
            assert any(all(f"`{word}`" in line for word in words) for line in text.splitlines())
