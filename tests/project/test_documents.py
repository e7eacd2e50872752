"""Files made from code, and the command that makes them."""

import pytest

from project import documents
from project.bootstrap import ROOT
from project.environment import VARIABLES


def sample() -> str:
    return "made\n"


class TestDocuments:
    @pytest.mark.parametrize("file", documents.DOCUMENTS)
    def test_each_is_what_the_code_says(self, file: str) -> None:
        assert documents.difference(file) == []

    def test_settings_tells_of_every_variable(self) -> None:
        text = documents.settings()

        assert [name for name in VARIABLES if f"`{name}`" not in text] == []


class TestCheck:
    @pytest.fixture(autouse=True)
    def _sample(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(documents.DOCUMENTS, "docs/sample.md", f"{__name__}.sample")

    def test_fails_for_a_file_that_is_not_up_to_date_and_leaves_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        code = documents.main(["--check", "docs/sample.md"])

        assert code == 1
        assert "docs/sample.md is not what the code says: run `make documents`" in capsys.readouterr().out
        assert not (ROOT / "docs/sample.md").exists()

    def test_passes_for_one_that_is(self) -> None:
        assert documents.main(["--check", "docs/settings.md"]) == 0
