"""A base image as a file: what `docker save`, `podman save` and `skopeo copy ... docker-archive:FILE` write.

Source: Docker Image Specification 1.2, "Combined Image JSON + Filesystem Changeset Format" (`manifest.json`).
"""

import gzip
import hashlib
import json
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from deploy.failure import Failure
from deploy.words import Words, language

PROCESSORS = {"x86_64": "amd64", "arm64": "arm64"}
NO_FILE = Words(
    "containers.base = {path} cannot be read ({reason}). Where an engine and the registry can be reached: skopeo copy "
    "docker://{base} docker-archive:{path}, or docker save --output {path} {base}; then bring the file here.",
    "containers.base = {path} を読めません（{reason}）。レジストリに届く環境で skopeo copy docker://{base} "
    "docker-archive:{path} または docker save --output {path} {base} を実行し、ファイルを持ち込んでください。",
)
OTHER_PROCESSOR = Words(
    "containers.base = {path} is for {found}, and this stage runs on {wanted}.",
    "containers.base = {path} は {found} 用ですが、このステージは {wanted} で動きます。",
)
DEFAULT = "python:3.13-slim"


@dataclass(frozen=True)
class Base:
    """A base image: its configuration document, and its layers as names inside the archive, lowest first."""

    path: Path
    config: dict[str, Any]
    layers: tuple[str, ...]

    @property
    def identity(self) -> str:
        """Digest of the configuration, which names every layer by its digest."""
        return hashlib.sha256(json.dumps(self.config, sort_keys=True).encode()).hexdigest()

    def unpack(self, folder: Path) -> list[Path]:
        """Write every layer into the folder, compressed the same way each time; answer them, lowest first."""
        found = []
        with tarfile.open(self.path) as archive:
            for place, name in enumerate(self.layers):
                target = folder / f"base-{place}.tar.gz"
                with _member(archive, name) as layer:
                    packed = layer.read(2) == b"\x1f\x8b"
                    layer.seek(0)
                    with target.open("wb") as raw:
                        if packed:
                            shutil.copyfileobj(layer, raw)
                        else:
                            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as out:
                                shutil.copyfileobj(layer, out)
                found.append(target)
        return found


def read(path: Path, architecture: str) -> Base:
    """Read an archive's contents; raises `Failure` where it is none, or for another processor."""
    try:
        with tarfile.open(path) as archive:
            held = json.loads(_member(archive, "manifest.json").read())[0]
            config: dict[str, Any] = json.loads(_member(archive, held["Config"]).read())
            known = zip(held["Layers"], config["rootfs"]["diff_ids"], strict=True)  # one digest for each layer
            base = Base(path, config, tuple(name for name, _ in known))
    except (OSError, tarfile.TarError, ValueError, LookupError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Failure(NO_FILE.say(language(), path=path, reason=reason, base=DEFAULT)) from error
    wanted, found = PROCESSORS[architecture], str(config.get("architecture"))
    if found != wanted:
        raise Failure(OTHER_PROCESSOR.say(language(), path=path, found=found, wanted=wanted))
    return base


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    """Open a file of the archive; older archives name equal layers by links."""
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found
