"""Another release comes and goes while people work: the page of before with the new API, and the new page with the old.

By the deployment's own steps, `up` and `rollback`; meanwhile somebody saves one draft after the other.
"""

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.deploy.rehearsal import next_release
from tests.deploy.rehearsal.conftest import SitDown
from tests.deploy.rehearsal.next_release import MARK
from tests.deploy.rehearsal.people import APPLICANT, SECTION_HEAD
from tests.deploy.rehearsal.standing import PYTHON, Rehearsal

ASK = (  # one line: the console takes one at a time
    "import ssl, sys, urllib.request as ask; tls = ssl.create_default_context(cafile=sys.argv[2]); "
    "print(ask.urlopen(sys.argv[1], context=tls).read().decode())"
)


@pytest.fixture(scope="module")
def tree(rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of the next release, with its artefact."""
    tree = tmp_path_factory.mktemp("next")
    next_release.copy(tree)
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    subprocess.run([PYTHON, next_release.__file__, str(tree)], cwd=tree, env=environment, check=True)
    return tree


def release_of_the_api(rehearsal: Rehearsal) -> str | None:
    facts = rehearsal.document("facts")
    address = str(facts["api"]).removesuffix("api/") + "health"
    health = rehearsal.document(shlex.join(["on", "corporate", PYTHON, "-c", ASK, address, facts["ca"]]))
    return str(health["release"]) if "release" in health else None


class Saving:
    """Somebody who saves drafts meanwhile, at work until `end`."""

    def __init__(self, rehearsal: Rehearsal, folder: Path, name: str) -> None:
        facts = rehearsal.document("facts")
        self._rehearsal, self._file, self._stop = rehearsal, folder / f"{name}.json", folder / f"{name}.stop"
        work = [PYTHON, "-m", "tests.deploy.rehearsal.at_work", facts["api"], facts["ca"], "1000", str(self._file)]
        words = shlex.join([*work, str(self._stop)])
        rehearsal.ask(shlex.join(["on", "corporate", "sh", "-c", f"{words} > {folder / name}.log 2>&1 &"]))

    def end(self) -> dict[str, list[str]]:
        """Return what was wanted and what there is."""
        self._stop.touch()
        self._rehearsal.wait_for(self._file)
        return dict(json.loads(self._file.read_text()))


def test_a_release_comes_and_goes_while_people_work(
    rehearsal: Rehearsal, sit_down: SitDown, tree: Path, tmp_path: Path
) -> None:
    first, second = "配備の最中に書いた申請", "切り戻しの最中に書いた申請"
    marked = f'meta[name=release][content="{MARK}"]'
    writer, head = sit_down(APPLICANT), sit_down(SECTION_HEAD)
    writer.write(first)
    writer.expect_saved()

    saving = Saving(rehearsal, tmp_path, "forward")
    status, said = rehearsal.ask(shlex.join(["from", str(tree), "up", "poc", "--yes"]))
    assert status == 0, said[-30:]
    assert release_of_the_api(rehearsal) == MARK
    told = saving.end()
    assert sorted(told["wanted"]) == told["found"]

    # The page of before, open all the while, with the new API; and parts of it that nobody had needed yet.
    writer.summary.fill("新しい版が配備された後に書き足しました。")
    writer.confirm()
    writer.submit()
    expect(writer.says(first)).to_be_visible()
    head.open(first)
    head.approve()
    expect(head.says(first)).to_be_visible()

    fresh = sit_down(APPLICANT)
    expect(fresh.page.locator(marked)).to_have_count(1)
    fresh.write(second)
    fresh.expect_saved()
    saving = Saving(rehearsal, tmp_path, "back")
    status, said = rehearsal.ask("deploy rollback poc --yes")
    assert status == 0, said[-30:]
    assert release_of_the_api(rehearsal) is None
    told = saving.end()
    assert sorted(told["wanted"]) == told["found"]

    # The new page with the API of before.
    fresh.summary.fill("元の版に戻された後に書き足しました。")
    fresh.confirm()
    fresh.submit()
    expect(fresh.says(second)).to_be_visible()
    head.page.reload()
    expect(head.page.locator(marked)).to_have_count(0)
    head.open(second)
    head.approve()
    expect(head.says(second)).to_be_visible()
    for title in (first, second):
        assert len(rehearsal.rows("SELECT 1 FROM proposals_proposal WHERE title = %s", title)) == 1
