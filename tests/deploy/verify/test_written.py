"""The files that look from anywhere: whole in themselves, and the same as the verb."""

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.failure import Failure
from deploy.verify import written
from deploy.verify.runner.command import endpoint
from deploy.verify.runner.report import PROBES
from tests.deploy.verify.looking import GIVEN, document, seen
from tests.deploy.verify.world import FOREIGN_API, FOREIGN_S3, World


def interpreters() -> list[str]:
    """The oldest Python from 3.9 on that this machine has, and the one that runs the tests."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found: list[str] = []
    for minor in range(9, sys.version_info.minor):
        found += [str(path) for path in sorted(pyenv.glob(f"3.{minor}.*/bin/python3.{minor}"))]
        found += [path for path in [shutil.which(f"python3.{minor}")] if path]
    oldest = next((path for path in found if _runs(path)), None)
    return [*([oldest] if oldest else []), sys.executable]


def _runs(interpreter: str) -> bool:
    """Say whether it is one: a shim of a version that is not installed only says so."""
    return subprocess.run([interpreter, "-I", "-V"], capture_output=True, check=False).returncode == 0


def carried_out(file: Path, *arguments: str, interpreter: str = sys.executable) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [interpreter, "-I", "-S", "-E", str(file), *arguments],
        cwd=file.parent,
        env={"PATH": os.environ["PATH"], "HTTPS_PROXY": "http://127.0.0.1:1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def options(world: World) -> list[str]:
    named = [word for host in GIVEN for word in ("--resolve", f"{host}:127.0.0.1")]
    foreign = [word for host in (FOREIGN_S3, FOREIGN_API) for word in ("--foreign-endpoint", host)]
    return ["--ca", str(world.authority.file), *named, *foreign, "--no-sign-in"]


@pytest.fixture
def file(world: World, tmp_path: Path) -> Path:
    path = tmp_path / "look.py"
    path.write_text(written.text(document(world), path), encoding="utf-8")
    return path


class TestThePythonFile:
    def test_is_python_3_9(self, file: Path) -> None:
        ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 9))

    def test_imports_what_every_python_has(self, file: Path) -> None:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = [
            alias.name if isinstance(node, ast.Import) else str(node.module)
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        ]
        assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names

    def test_names_nothing_twice(self, file: Path) -> None:
        names: list[str] = []
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.append(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names += [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
        assert sorted(names) == sorted(set(names))

    def test_holds_every_module_of_the_runner(self) -> None:
        folder = written.RUNNER
        assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(written.MODULES)

    @pytest.mark.parametrize("interpreter", interpreters(), ids=lambda path: Path(path).name)
    def test_says_what_the_verb_says_with_nothing_installed(self, world: World, file: Path, interpreter: str) -> None:
        done = carried_out(file, "--json", *options(world), interpreter=interpreter)

        assert (done.returncode, done.stderr) == (0, "")
        told = json.loads(done.stdout)
        verdicts = {line["id"]: line["verdict"] for line in told["lines"]}
        assert verdicts == {name: line.outcome.verdict for name, line in seen(world).items()}
        assert told["exit"] == 0
        assert "HTTPS_PROXY is set here and not used" in told["notes"][1]

    def test_ends_with_1_where_something_is_refuted(self, world: World, file: Path) -> None:
        world.broken.add("site PUT")
        done = carried_out(file, "--language", "ja", *options(world))
        assert done.returncode == 1
        assert "★不適合  wall.page-write: 画面のバケットには誰も書き込めない" in done.stdout
        assert re.search(r"不適合 1 件", done.stdout)

    def test_ends_with_2_where_it_cannot_begin(self, file: Path, tmp_path: Path) -> None:
        missing = carried_out(file, "--ca", str(tmp_path / "missing.pem"))
        assert (missing.returncode, missing.stdout) == (2, "")
        assert "missing.pem cannot be read" in missing.stderr
        for wrong in (["--resolve", "x"], ["--timeout", "0"], ["--control", "x"], ["--from", "home"]):
            done = carried_out(file, *wrong)
            assert done.returncode == 2
            assert wrong[1] in done.stderr

    def test_ends_with_2_where_something_could_not_be_looked_at(self, world: World, file: Path) -> None:
        done = carried_out(file, *[word for word in options(world) if word != "--no-sign-in"])
        assert done.returncode == 2
        assert "not proved  person.sign-in" in done.stdout
        assert "CLOISTER_VERIFY_PASSWORD" in done.stdout

    def test_says_what_was_to_come_from_a_closed_input(self, file: Path) -> None:
        command = f'exec "{sys.executable}" "{file}" --credentials-from-stdin <&-'
        done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("--credentials-from-stdin: ")

    def test_tells_of_an_address_that_nothing_uses(self, world: World, file: Path) -> None:
        done = carried_out(file, *options(world), "--resolve", "mistyped.example:10.0.0.1", "--from", "db")
        assert "--resolve mistyped.example: no check names this host" in done.stdout
        assert done.stdout.count("no check names this host") == 3  # and two that tests of other doors know


@pytest.mark.parametrize(
    "text",
    [
        "vpce-1.s3.eu-west-1.vpce.amazonaws.com",
        "*.vpce-1.s3.eu-west-1.vpce.amazonaws.com",  # as the console shows it
        "https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com/",
        "VPCE-1.S3.eu-west-1.vpce.amazonaws.com",
    ],
)
def test_an_endpoint_is_understood_as_people_copy_it(text: str) -> None:
    assert endpoint(text) == "vpce-1.s3.eu-west-1.vpce.amazonaws.com"


@pytest.mark.parametrize("text", ["", "vpce-1", "vpce-1.ssm.eu-west-1.vpce.amazonaws.com", "vpce 1.s3.example"])
def test_what_is_no_endpoint_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no endpoint for s3 or execute-api"):
        endpoint(text)


class TestThePowerShellFile:
    def test_looks_by_the_same_document(self, world: World, tmp_path: Path) -> None:
        made = document(world)
        content = written.text(made, tmp_path / "look.ps1")
        assert content.startswith("\ufeff#")
        assert "NOBODY HAS RUN THIS FORM YET" in content
        held = content.replace("\r\n", "\n").partition("ConvertFrom-Json @'\n")[2].partition("\n'@\n")[0]
        assert json.loads(held) == made
        assert not any(line.startswith("'@") for line in held.splitlines())

    def test_knows_every_kind_of_check_and_every_sentence_that_it_says(self, world: World) -> None:
        source = written.POWERSHELL.read_text(encoding="utf-8")
        assert {name.lower() for name in re.findall(r"^function Look-(\w+)", source, re.MULTILINE)} == set(PROBES)
        said = set(re.findall(r'New-Outcome (?:"[a-z ]+"|\$\(.*?\)) "(\w+)"', source))
        assert said
        assert said <= document(world)["words"].keys()


def test_a_file_of_another_form_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"look\.exe: name a file that ends in \.py, \.ps1 or \.json"):
        written.text(document(world), tmp_path / "look.exe")


def test_every_sentence_is_said_in_both_languages_with_the_same_places(world: World) -> None:
    words: dict[str, Any] = document(world)["words"]
    for name, sentence in words.items():
        places = {language: sorted(set(re.findall(r"{(\w+)", sentence[language]))) for language in ("en", "ja")}
        assert places["en"] == places["ja"], name


def test_every_line_can_be_said_in_both_languages(world: World) -> None:
    made = document(world)
    for line in seen(world, made).values():
        assert line.say(made["words"], "ja")
