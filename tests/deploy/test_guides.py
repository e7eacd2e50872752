"""What people read while they deploy: commands that exist, pages that are there, in both languages."""

import re
import shlex
from pathlib import Path

import pytest

from deploy.__main__ import parser
from tests.deploy.paths import ROOT

PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/guide/*.md"), *ROOT.glob("docs/runbook/*.md")])
_DEPLOY = re.compile(r"(?:^ *|[`/] ?)python -m deploy (\S[^`\n]*)", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
_PAGE_OF_ALARM = re.compile(r"docs/runbook/([\w-]+)\.md")


def commands(page: Path) -> list[list[str]]:
    """Return the words after `python -m deploy` of every command that a page shows; placeholders are given values."""
    text = re.sub(r"\\\n\s*", "", page.read_text(encoding="utf-8"))
    found = [shlex.split(line, comments=True) for line in _DEPLOY.findall(text)]
    return [["poc" if word == "STAGE" else word for word in words] for words in found if words]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
class TestEachPage:
    def test_shows_commands_that_exist(self, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
        understood = parser()
        for words in commands(page):
            try:
                understood.parse_args(words)
            except SystemExit:
                pytest.fail(f"python -m deploy {' '.join(words)}\n{capsys.readouterr().err}")

    def test_links_to_what_is_there(self, page: Path) -> None:
        for target in _LINK.findall(page.read_text(encoding="utf-8")):
            assert "<" in target or (page.parent / target).exists(), target

    def test_is_there_in_the_other_language(self, page: Path) -> None:
        name = page.name
        other = name.replace(".ja.md", ".md") if ".ja." in name else name.replace(".md", ".ja.md")
        assert (page.parent / other).exists()
        assert [words[0] for words in commands(page)] == [words[0] for words in commands(page.parent / other)]


def test_a_command_that_does_not_exist_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("    python -m deploy levitate STAGE\n", encoding="utf-8")

    assert commands(page) == [["levitate", "poc"]]
    with pytest.raises(SystemExit):
        parser().parse_args(*commands(page))


def test_each_alarm_names_a_page_that_is_there() -> None:
    named = _PAGE_OF_ALARM.findall((ROOT / "deploy/templates/alarms.yaml").read_text(encoding="utf-8"))

    written = {path.stem for path in (ROOT / "docs/runbook").glob("*.md") if "." not in path.stem}
    assert set(named) == written - {"README"}
