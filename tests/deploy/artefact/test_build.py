"""How the artefact is made: the same every time, for the right machine, with nothing in it that does not run."""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy import budget
from deploy.artefact import archive, build, bytecode, requirements, trim
from deploy.failure import Failure
from deploy.rehearsal import runtime

ROOT = Path(__file__).parent.parent.parent.parent
FOREIGN = {"zappa", "boto3", "botocore", "requests", "urllib3", "yaml", "werkzeug", "pip", "tests", "deploy", "bench"}


@pytest.fixture(scope="module")
def names(artefact: build.Artefact) -> list[str]:
    with zipfile.ZipFile(artefact.archive) as opened:
        return opened.namelist()


class TestTheArtefact:
    def test_is_the_same_from_another_folder(self, artefact: build.Artefact, tmp_path: Path) -> None:
        elsewhere = tmp_path / "a clone" / "in another place"
        for part in ("api", "project", "deploy"):
            shutil.copytree(ROOT / part, elsewhere / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "requirements.txt", elsewhere)

        subprocess.run(
            [sys.executable, "-m", "deploy", "package", "--folder", "out"],
            cwd=elsewhere,
            check=True,
            capture_output=True,
        )

        again = elsewhere / "out" / artefact.archive.name
        assert archive.digest(again) == artefact.sha256
        for beside in (artefact.bill_of_materials, artefact.licences):
            assert (again.parent / beside.name).read_text() == beside.read_text()

    def test_is_small(self, artefact: build.Artefact) -> None:
        assert artefact.zipped <= build.LIMITS["x86_64"] == 8 * 2**20

    def test_has_only_what_runs(self, names: list[str]) -> None:
        assert FOREIGN.isdisjoint({name.partition("/")[0].removesuffix(".pyc") for name in names})
        assert not [name for name in names if name.endswith((".po", ".pyi", ".c", ".h"))]
        assert not [name for name in names if "/tests/" in name]

    def test_has_the_application_and_its_catalogues(self, names: list[str]) -> None:
        assert "project/lambda_handler.py" in names
        assert "project/__pycache__/lambda_handler.cpython-313.pyc" in names
        assert {name for name in names if name.startswith("api/locale/")} == {"api/locale/ja/LC_MESSAGES/django.mo"}

    def test_can_be_read_by_another_user(self, artefact: build.Artefact) -> None:
        with zipfile.ZipFile(artefact.archive) as opened:
            assert {entry.external_attr >> 16 for entry in opened.infolist()} == {0o100644}

    def test_trusts_its_bytecode(self, artefact: build.Artefact) -> None:
        with zipfile.ZipFile(artefact.archive) as opened:
            flags = {opened.read(name)[4:8] for name in opened.namelist() if name.endswith(".pyc")}

        assert flags == {b"\x01\0\0\0"}  # PEP 552: by hash, unchecked

    def test_has_the_bytecode_of_its_sources(self, artefact: build.Artefact, names: list[str]) -> None:
        """Python does not compare them, so that this does."""
        sources = [Path(name) for name in names if name.endswith(".py")]
        with zipfile.ZipFile(artefact.archive) as opened:
            for source in sources:
                compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
                recorded = opened.read(str(compiled))[8:16]
                assert recorded == importlib.util.source_hash(opened.read(str(source))), source

        assert len(sources) > 100

    def test_can_import_every_module_of_the_application(self, task_root: Path) -> None:
        """Nothing that was trimmed away is missed by code that the start happens not to reach."""
        script = (
            "import importlib, pkgutil, project.lambda_handler\n"
            "for package in ('api', 'project'):\n"
            "    for module in pkgutil.walk_packages([package], package + '.'):\n"
            "        importlib.import_module(module.name)\n"
        )
        done = subprocess.run(
            [runtime.INTERPRETER, "-S", "-c", script],
            cwd=task_root,
            env={"PYTHONPATH": str(runtime.folder()), **budget.VARIABLES},
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr


class TestTheStart:
    def test_imports_nothing_that_is_not_on_the_list(self, task_root: Path) -> None:
        added = budget.imported(task_root) - budget.listed()

        assert not added, (
            f"{len(added)} modules are new at start: {', '.join(sorted(added))}. If they are worth their time, "
            "accept them with `python -m deploy budget --write`."
        )

    def test_imports_none_of_the_packages_that_cost_most(self, task_root: Path) -> None:
        packages = {name.partition(".")[0] for name in budget.imported(task_root)}

        assert packages.isdisjoint({"requests", "yaml", "uritemplate", "drf_spectacular", "boto3"})


class TestTheOtherArchitecture:
    def test_has_libraries_for_its_machine(self, tmp_path: Path) -> None:
        built = build.artefact("arm64", tmp_path)

        with zipfile.ZipFile(built.archive) as opened:
            libraries = [name for name in opened.namelist() if ".so" in Path(name).suffixes]
            machines = {opened.read(name)[18:20] for name in libraries}

        assert any("aarch64" in name for name in libraries)
        assert machines == {b"\xb7\0"}  # EM_AARCH64

    def test_cannot_have_the_wrong_ones(self, task_root: Path) -> None:
        with pytest.raises(Failure, match="is built for machine 62, not for arm64"):
            requirements.check_libraries(task_root, "arm64")

    def test_cannot_have_another_pythons(self, tmp_path: Path) -> None:
        header = b"\x7fELF" + bytes(14) + (62).to_bytes(2, "little")
        (tmp_path / "fast.cpython-312-x86_64-linux-gnu.so").write_bytes(header)

        with pytest.raises(Failure, match="another Python than"):
            requirements.check_libraries(tmp_path, "x86_64")


class TestTheInstallation:
    def test_needs_a_wheel_for_the_platform(self, tmp_path: Path) -> None:
        lock = tmp_path / "requirements.txt"
        lock.write_text("apig-wsgi==2.20.0 --hash=sha256:" + "0" * 64 + "\n")

        with pytest.raises(Failure, match="could not be installed for x86_64"):
            requirements.install(lock, tmp_path / "task", "x86_64")


class TestTheRulesOfTrimming:
    def test_each_still_delete_something(self, artefact: build.Artefact) -> None:
        """A rule that matches nothing has outlived an upgrade; what it meant to delete may lie elsewhere now."""
        assert [rule for rule, size in artefact.trimmed.items() if size == 0] == []


class TestBytecodeWithoutSource:
    SOURCE = b'"""Doc."""\n\ndef f(x):\n    """Doc."""\n    assert x\n    return x\n\ndef g():\n    """Doc."""\n'

    def test_keeps_assertions_and_loses_docstrings(self, tmp_path: Path) -> None:
        (tmp_path / "module.pyc").write_bytes(bytecode.sourceless(self.SOURCE, "/var/task/module.py"))
        script = "import module; print(module.__doc__, module.f.__doc__, module.g(), module.f(1)); module.f(0)"

        done = subprocess.run(
            [runtime.INTERPRETER, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
        )

        assert done.stdout == "None None None 1\n"
        assert 'File "/var/task/module.py", line 5, in f' in done.stderr
        assert "AssertionError" in done.stderr

    def test_is_the_same_every_time(self) -> None:
        assert len({bytecode.sourceless(self.SOURCE, "m.py") for _ in range(3)}) == 1


class TestTheBillOfMaterials:
    def test_is_cyclonedx(self, artefact: build.Artefact) -> None:
        error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(artefact.bill_of_materials.read_text())

        assert error is None, error

    def test_names_every_locked_package_with_its_hash(self, artefact: build.Artefact) -> None:
        bill = json.loads(artefact.bill_of_materials.read_text())
        locked = {line.partition("==")[0] for line in build.LOCK.read_text().splitlines() if "==" in line}
        locked -= {line.partition("==")[0] for line in build.LOCK.read_text().splitlines() if "win32" in line}

        assert {component["name"] for component in bill["components"]} == locked
        lock = build.LOCK.read_text()
        for component in bill["components"]:
            assert component["hashes"][0]["content"] in lock

    def test_names_the_libraries_inside_a_wheel(self, artefact: build.Artefact) -> None:
        inside = _inside_psycopg2(artefact)

        assert {"krb5-libs", "openssl"} <= {item["name"] for item in inside}
        assert {item["version"] for item in inside if item["name"] == "openssl"} != set()
        assert "psycopg2_binary" not in {item["name"] for item in inside}

    def test_names_every_shared_library_with_its_hash(self, artefact: build.Artefact) -> None:
        with zipfile.ZipFile(artefact.archive) as opened:
            libraries = {
                name: hashlib.sha256(opened.read(name)).hexdigest()
                for name in opened.namelist()
                if name.startswith("psycopg2") and ".so" in Path(name).suffixes
            }

        assert any(Path(name).name.startswith("libpq") for name in libraries)
        assert libraries == {
            item["name"]: item["hashes"][0]["content"] for item in _inside_psycopg2(artefact) if item["type"] == "file"
        }

    def test_belongs_to_this_artefact(self, artefact: build.Artefact) -> None:
        bill = json.loads(artefact.bill_of_materials.read_text())

        assert bill["metadata"]["component"]["hashes"][0]["content"] == artefact.sha256


def _inside_psycopg2(artefact: build.Artefact) -> list[dict[str, Any]]:
    """Return the components that the bill of materials has below psycopg2's."""
    bill = json.loads(artefact.bill_of_materials.read_text())
    (inside,) = (component["components"] for component in bill["components"] if component["name"] == "psycopg2-binary")
    listed: list[dict[str, Any]] = inside
    return listed


class TestTheLicences:
    def test_are_all_known_and_told_in_their_own_words(self, artefact: build.Artefact) -> None:
        text = artefact.licences.read_text()

        assert "LicenseRef-unknown" not in text
        assert "Inside the wheels of psycopg2-binary" in text
        assert "django 5.2" in text
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in text.upper()


def test_the_stub_of_generic_views_gives_djangos_own_by_every_name(tmp_path: Path) -> None:
    import django.views.generic

    (tmp_path / "stub.py").write_text(trim.STUBS["django/views/generic/__init__.py"])
    spec = importlib.util.spec_from_file_location("stub", tmp_path / "stub.py")
    assert spec is not None
    assert spec.loader is not None
    stub = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stub)

    assert sorted(stub.__all__) == sorted(django.views.generic.__all__)
    for name in set(stub.__all__) - {"GenericViewError"}:
        assert getattr(stub, name) is getattr(django.views.generic, name)
