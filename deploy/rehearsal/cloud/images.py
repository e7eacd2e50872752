"""Images of the local cloud's registry, with the bytes of their layers, and the tree that a container of each has."""

import hashlib
import json
import tarfile
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

from moto.ecr.models import ECRBackend, ecr_backends

from deploy.rehearsal.runtime_api import ACCOUNT

_complete = ECRBackend.complete_layer_upload


class NoImage(Exception):
    """No such image was pushed, or it runs nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(f"CannotPullContainerError: {name}: not found")


def complete_layer_upload(self: Any, repository_name: str, upload_id: str, *arguments: Any, **named: Any) -> Any:
    """Keep the bytes that were uploaded: moto keeps their number. What was announced must be what came, as ECR has it.

    Source: Amazon ECR API Reference, "CompleteLayerUpload" (InvalidLayerException).
    """
    repository = self._get_repository(repository_name)
    held = bytes(repository.uploads[upload_id].layer_parts)
    answer = _complete(self, repository_name, upload_id, *arguments, **named)
    repository.__dict__.setdefault("cloister_blobs", {})[f"sha256:{hashlib.sha256(held).hexdigest()}"] = held
    return answer


class Trees:
    """Folders with what images hold, each made once: its uppermost layer, for the base is this machine's python."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._making = folder, threading.Lock()

    def of(self, image: str, region: str) -> Path:
        """Return a folder as `deploy image` prepares one; raises `NoImage`."""
        repository, digest = self._found(image, region)
        target = self._folder / digest.partition(":")[2]
        with self._making:
            if not target.exists():
                self._unpack(repository, digest, target)
        return target

    def _found(self, image: str, region: str) -> tuple[Any, str]:
        name, _, digest = image.partition("@")
        repository: Any = ecr_backends[ACCOUNT][region].repositories.get(name.partition("/")[2])
        if repository is None or not any(held.get_image_digest() == digest for held in repository.images):
            raise NoImage(image)
        return repository, digest

    def _unpack(self, repository: Any, digest: str, target: Path) -> None:
        manifest = json.loads(next(i for i in repository.images if i.get_image_digest() == digest).image_manifest)
        blobs: dict[str, bytes] = repository.__dict__.get("cloister_blobs", {})
        config = json.loads(blobs[manifest["config"]["digest"]])["config"]
        making = target.with_suffix(".part")
        with tarfile.open(fileobj=BytesIO(blobs[manifest["layers"][-1]["digest"]])) as layer:
            layer.extractall(making / "tree", filter="tar")
        (making / "Dockerfile").write_text(
            f"FROM scratch\nCOPY tree/var/task/ /var/task/\nUSER {config['User']}\nCMD {json.dumps(config['Cmd'])}\n"
        )
        for path in (making, *making.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)  # for the image's user
        making.rename(target)


ALL: tuple[tuple[object, str, object], ...] = ((ECRBackend, "complete_layer_upload", complete_layer_upload),)
