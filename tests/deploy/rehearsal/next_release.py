"""Another release of the same application, made from this tree's: other code, another column, a page whose parts all
have other names.

    python .../next_release.py TREE      with the copied tree first on PYTHONPATH

The artefact is this tree's with the changed files put into it: the packages inside are the same, and need no network.
"""

import json
import re
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[3]
COPIED = ("api", "build", "deploy", "project")
MARK = "next"
"""What /health answers as its release, and a meta tag of the page names."""

_MIGRATION = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("proposals", "{last}")]
    operations = [migrations.RunSQL("ALTER TABLE proposals_proposal ADD COLUMN rehearsed text", migrations.RunSQL.noop)]
"""


def copy(tree: Path) -> None:
    """Copy what a deployment needs, and change it."""
    leave = shutil.ignore_patterns("__pycache__", "node_modules")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, tree / folder, ignore=leave)
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy(file, tree / file.name)
    shutil.copytree(ROOT / "spa" / "dist", tree / "spa" / "dist")
    health = tree / "project" / "health.py"
    before = health.read_text()
    health.write_text(before.replace('{"status": "ok"}', f'{{"status": "ok", "release": "{MARK}"}}'))
    assert health.read_text() != before
    migrations = tree / "api" / "proposals" / "migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    (migrations / f"{int(last[:4]) + 1:04}_rehearsed.py").write_text(_MIGRATION.format(last=last))
    _rename_parts(tree / "spa" / "dist")


def _rename_parts(dist: Path) -> None:
    """Give every part of the page another name, as other contents would."""
    parts = {path.name: re.sub(r"-([\w-]{7})[\w-](\.\w+)$", r"-\g<1>9\2", path.name)
             for path in (dist / "assets").iterdir()}  # fmt: skip
    texts = [path for path in dist.rglob("*") if path.suffix in (".html", ".js", ".css", ".json")]
    for path in texts:
        text = path.read_text(encoding="utf-8")
        for before, after in parts.items():
            text = text.replace(before, after)
        if path.name == "index.html":
            text = text.replace("<head>", f'<head><meta name="release" content="{MARK}">')
        path.write_text(text, encoding="utf-8")
    for before, after in parts.items():
        if before != after:
            (dist / "assets" / before).rename(dist / "assets" / after)


def pack(tree: Path) -> None:
    """Put the changed files into the artefact, and note it as built from this tree; `deploy` is that of the tree."""
    from deploy.artefact import archive, build, bytecode

    assert tree == build.ROOT
    target = tree / "build" / "cloister-x86_64.zip"
    record = json.loads(target.with_suffix(".json").read_text())
    with tempfile.TemporaryDirectory() as work:
        task = Path(work) / "task"
        archive.unpack(target, task, read_only=False)
        own = Path(work) / "own"
        for file in build.own_files():
            held = own / file.relative_to(tree)
            held.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, held)
        bytecode.compile_all(own, build.OWN)
        for name in build.OWN:
            shutil.rmtree(task / name)
            shutil.copytree(own / name, task / name)
        target.unlink()
        archive.pack(task, target)
    known = {key: value for key, value in record.items() if key not in ("inputs", "archive")}
    built = build.Artefact(**known | {"archive": target, "sha256": archive.digest(target)})
    inputs = build._digest_of_inputs("x86_64")
    target.with_suffix(".json").write_text(
        json.dumps(asdict(built) | {"archive": target.name, "inputs": inputs}, indent=2)
    )


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
