"""An image put together without an engine: a base image's layers, the prepared folder as one more, and what is run.

Equal inputs give equal bytes. Source: Docker Registry, "Image Manifest Version 2, Schema 2"; Docker Image Specification
1.2 for the configuration.
"""

import copy
import gzip
import hashlib
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from deploy.container import dockerfile
from deploy.container.base import Base

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
MOMENT = "1980-01-01T00:00:00Z"
SECONDS = 315532800  # the same moment since 1970


@dataclass(frozen=True)
class Blob:
    """One file of an image, known by the digest of its bytes."""

    path: Path
    media: str

    @property
    def digest(self) -> str:
        """`sha256:` and 64 digits."""
        with self.path.open("rb") as opened:
            return f"sha256:{hashlib.file_digest(opened, 'sha256').hexdigest()}"

    def described(self) -> dict[str, Any]:
        """How a manifest names it."""
        return {"mediaType": self.media, "size": self.path.stat().st_size, "digest": self.digest}


@dataclass(frozen=True)
class Assembled:
    """An image that is ready to be sent: its files, the configuration last, and the manifest that names them."""

    blobs: tuple[Blob, ...]
    manifest: str

    @property
    def digest(self) -> str:
        """The image's own: of its manifest."""
        return f"sha256:{hashlib.sha256(self.manifest.encode()).hexdigest()}"


def assemble(base: Base, context: Path, folder: Path) -> Assembled:
    """Put the image of a prepared folder together from its Dockerfile; files are written into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    image = dockerfile.read(context / "Dockerfile")
    layers = [Blob(path, LAYER) for path in base.unpack(folder)]
    packed, plain = _layer(context, image.copies, folder / "application.tar.gz")
    layers.append(Blob(packed, LAYER))
    config = copy.deepcopy(base.config)
    config["created"] = MOMENT
    config.setdefault("config", {}).update(
        {"User": f"{image.user}:{image.group}", "Cmd": list(image.command), "Entrypoint": None}
    )
    config["rootfs"]["diff_ids"].append(plain)
    config.setdefault("history", []).append({"created": MOMENT, "created_by": "python -m deploy image"})
    written = folder / "config.json"
    written.write_text(json.dumps(config, sort_keys=True), encoding="utf-8")
    described = Blob(written, CONFIG)
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": described.described(),
        "layers": [layer.described() for layer in layers],
    }
    return Assembled((*layers, described), json.dumps(manifest, indent=1, sort_keys=True))


def _layer(context: Path, copies: tuple[tuple[str, str], ...], target: Path) -> tuple[Path, str]:
    """Pack what the Dockerfile copies, as root's, for everybody to read; answer the file, and its digest unpacked."""
    files: dict[str, Path] = {}
    for source, place in copies:
        for path in (context / source).rglob("*"):
            held = PurePosixPath(place.lstrip("/")) / path.relative_to(context / source).as_posix()
            files[str(held)] = path
            files |= {str(parent): context for parent in held.parents if str(parent) != "."}
    digest = hashlib.sha256()
    plain = target.with_suffix("")
    with tarfile.open(plain, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.mtime = SECONDS
            if files[name].is_dir():
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(entry)
            else:
                entry.size, entry.mode = files[name].stat().st_size, 0o644
                with files[name].open("rb") as opened:
                    archive.addfile(entry, opened)
    with (
        plain.open("rb") as opened,
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=3) as out,
    ):
        while part := opened.read(2**20):
            digest.update(part)
            out.write(part)
    plain.unlink()
    return target, f"sha256:{digest.hexdigest()}"
