"""Build the artefact from the locked requirements and the application."""

import fcntl
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy import application
from deploy.artefact import archive, bytecode, inventory, requirements, trim
from deploy.failure import Failure

ROOT = Path(__file__).parent.parent.parent
LOCK = ROOT / "requirements.txt"
OWN = ("api", "project")
# Set-up, other servers' entry points, and what makes documents: of no use in the function.
NOT_RUN = {
    *(
        f"project/{name}.py"
        for name in ("bootstrap", "checks", "container", "sealed", "serving", "documents", "manifest", "start", "wsgi")
    ),
    "api/management/openapi.py",
}
NOT_RUN_FOLDERS = ("api/management/seed",)  # made-up companies, on developers' machines only
NAME = "cloister"
# Bytes zipped, most of which a start reads. psycopg2's wheel for arm64 carries two OpenSSLs.
LIMITS = {"x86_64": 8 * 2**20, "arm64": 10 * 2**20}


@dataclass(frozen=True, kw_only=True)
class Artefact:
    """A built artefact; the bill of materials and the licences lie beside the archive."""

    archive: Path
    architecture: str
    sha256: str
    zipped: int
    unzipped: int
    modules: int
    trimmed: dict[str, int]
    """Rule of deploy/artefact/trim.py -> bytes it deleted."""

    @property
    def bill_of_materials(self) -> Path:
        """The CycloneDX document."""
        return self.archive.with_suffix(".cdx.json")

    @property
    def licences(self) -> Path:
        """The list of licences, for a person."""
        return self.archive.with_suffix(".licences.txt")


def artefact(architecture: str, folder: Path = ROOT / "build", *, fresh: bool = False) -> Artefact:
    """Return the artefact for "x86_64" or "arm64" in the folder, building it unless its inputs are unchanged.

    Raises `Failure` when it cannot be built, or is larger than `LIMITS` allow.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{NAME}-{architecture}.zip"
    record = target.with_suffix(".json")
    with _alone(folder):
        inputs = _digest_of_inputs(architecture)
        if not fresh and target.exists() and record.exists():
            known = json.loads(record.read_text())
            if known.pop("inputs") == inputs and archive.digest(target) == known["sha256"]:
                return Artefact(**known | {"archive": target})
        built = _build(architecture, target)
        record.write_text(json.dumps(asdict(built) | {"archive": target.name, "inputs": inputs}, indent=2))
        return built


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process builds into the folder; whoever waited finds what the other has built."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(architecture: str, target: Path) -> Artefact:
    with tempfile.TemporaryDirectory(prefix="cloister-artefact-") as work:
        tree = Path(work) / "task"
        hashes = requirements.install(LOCK, tree, architecture)
        packages = inventory.packages_of(tree, hashes)
        trimmed = trim.trim(tree)
        for file in own_files():
            copy = tree / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        modules = bytecode.compile_all(tree, OWN)
        unzipped = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file())
        packed = Path(work) / target.name
        archive.pack(tree, packed)
        shutil.copyfile(packed, target)
    built = Artefact(
        archive=target,
        architecture=architecture,
        sha256=archive.digest(target),
        zipped=target.stat().st_size,
        unzipped=unzipped,
        modules=modules,
        trimmed=trimmed,
    )
    bill = inventory.bill_of_materials(NAME, packages, architecture=architecture, sha256=built.sha256)
    built.bill_of_materials.write_text(json.dumps(bill, indent=2, ensure_ascii=False) + "\n")
    built.licences.write_text(inventory.licence_list(packages))
    if built.zipped > LIMITS[architecture]:
        raise Failure(
            f"The artefact has {built.zipped:,} bytes zipped and may have {LIMITS[architecture]:,}: look for what "
            "the function does not run, and add it to deploy/artefact/trim.py with the reason."
        )
    return built


def own_files() -> list[Path]:
    """Return the application's files that the function needs, sorted.

    No sources of translations, no caches, and of its management commands only those that an event may run.
    """
    commands = {"__init__", *application.read()["management_commands"]}
    return sorted(
        file
        for part in OWN
        for file in (ROOT / part).rglob("*")
        if file.is_file()
        and file.suffix not in {".po", ".pot", ".pyc"}
        and not any(name.startswith(".") or name == "__pycache__" for name in file.relative_to(ROOT).parts)
        and file.relative_to(ROOT).as_posix() not in NOT_RUN
        and not any(file.is_relative_to(ROOT / folder) for folder in NOT_RUN_FOLDERS)
        and not (file.parts[-3:-1] == ("management", "commands") and file.stem not in commands)
    )


def _digest_of_inputs(architecture: str) -> str:
    """Return a digest of everything that the artefact is made from, the builder itself included."""
    digest = hashlib.sha256(f"{architecture} {sys.version}".encode())
    for file in [LOCK, *sorted(Path(__file__).parent.glob("*.py")), *own_files()]:
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
