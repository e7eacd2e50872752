"""The folder that an image is built from: Dockerfile, the artefact's tree, and the server's layer."""

import hashlib
import shutil
from pathlib import Path

from deploy.artefact import archive, build, requirements

HERE = Path(__file__).parent
DOCKERFILE = HERE / "Dockerfile"
LOCK = build.ROOT / "requirements-container.txt"
BESIDE = ("container.py", "sealed.py", "serving.py")
"""What of `project/` only containers run."""
ENTRY = """import sys

from project.container import main

sys.exit(main())
"""
"""What `python /var/task` runs; with it, that folder is the first place where modules are looked for."""


def make(artefact: build.Artefact, folder: Path, *, base: str = "") -> str:
    """Make the folder anew; answer a digest of what is in it, by which equal images are known.

    `base` takes the place of the Dockerfile's own base image: a company's mirror of it.
    """
    if folder.exists():
        shutil.rmtree(folder)
    archive.unpack(artefact.archive, folder / "app", read_only=False)
    server = folder / "server"
    shutil.copytree(installed(artefact.architecture), server)
    (server / "__main__.py").write_text(ENTRY, encoding="utf-8")
    (server / "project").mkdir()
    for name in BESIDE:
        shutil.copyfile(build.ROOT / "project" / name, server / "project" / name)
    text = DOCKERFILE.read_text(encoding="utf-8")
    if base:
        text = "".join(f"FROM {base}\n" if line.startswith("FROM ") else f"{line}\n" for line in text.splitlines())
    (folder / "Dockerfile").write_text(text, encoding="utf-8")
    return _digest(folder)


def installed(architecture: str) -> Path:
    """Return a folder with the locked packages, installed when the lock has changed: later images need no index."""
    folder = build.ROOT / "build" / f"server-{architecture}"
    record, wanted = folder.with_suffix(".sha256"), hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not folder.is_dir() or not record.is_file() or record.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        requirements.install(LOCK, folder, architecture)
        record.write_text(wanted)
    return folder


def identity(artefact: build.Artefact, base: str) -> str:
    """Digest of all that an image is made of, without making it; `base` names or identifies the image below."""
    digest = hashlib.sha256(f"{artefact.sha256}\0{base}\0{ENTRY}".encode())
    for path in (LOCK, DOCKERFILE, *(build.ROOT / "project" / name for name in BESIDE)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        file.chmod(0o644)  # readable by the image's user, whatever this machine's habits are
        digest.update(f"\0{file.relative_to(folder)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
