"""A base image as `docker save` writes it."""

import io
import json
import tarfile
from hashlib import sha256
from pathlib import Path


def base_image(path: Path) -> None:
    """Write a base image as `docker save` does; what it would hold is this machine's own python here."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as held:
        held.addfile(tarfile.TarInfo("etc/base"), io.BytesIO())
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin"], "Cmd": ["python3"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha256(layer.getvalue()).hexdigest()}"]},
    }
    files = {
        "manifest.json": json.dumps([{"Config": "config.json", "Layers": ["layer.tar"]}]).encode(),
        "config.json": json.dumps(config).encode(),
        "layer.tar": layer.getvalue(),
    }
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
