"""What one release of a stage consists of, written last, once all of it stands: for rollback, verify and status.

The manifests lie in the artefacts' bucket, numbered, and are never changed. They name sources of secrets and no secret.
"""

import datetime as dt
import importlib.metadata
import json
import platform
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.up.journal import digest

FOLDER = "releases/"
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, kw_only=True)
class Release:
    """One release.

    `artefact`: {"key", "sha256", "architecture"}, with "image" where containers run it; `site`: the digest of the
    page's record; `schema`: app -> last migration; `settings`: Zappa's keys of the stage, complete, or how containers
    run; `stage`: digest of the stage file's values; `versions`: what it was deployed with; `commit`: of the clone, "+"
    behind it where files differ; `time`: UTC, ISO 8601; `back_to`: the number of the release that this one repeats, 0
    for none.
    """

    number: int
    time: str
    commit: str
    artefact: Mapping[str, str]
    site: str
    schema: Mapping[str, str]
    settings: Mapping[str, Any]
    stage: str
    versions: Mapping[str, str]
    back_to: int = 0

    @property
    def content(self) -> str:
        """Digest of what is deployed, whoever deployed it and when."""
        return digest([self.artefact, self.site, self.schema, self.settings, self.stage])


def versions() -> dict[str, str]:
    """Return what this machine deploys with."""
    return {
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("zappa", "boto3")},
    }


def commit(folder: Path = ROOT) -> str:
    """Return the clone's commit, "+" behind it where files differ; empty outside a clone."""
    git = shutil.which("git")
    if git is None:
        return ""
    told = []
    for words in (("rev-parse", "HEAD"), ("status", "--porcelain")):
        done = subprocess.run([git, *words], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            return ""
        told.append(done.stdout.strip())
    return told[0] + ("+" if told[1] else "")


class Releases:
    """The manifests of one stage."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def all(self) -> list[Release]:
        """Return every release, oldest first; none where the bucket does not stand."""
        return [self._read(key) for key in self._keys()]

    def last(self) -> Release | None:
        """Return the release that stands, or nothing before the first."""
        keys = self._keys()
        return self._read(keys[-1]) if keys else None

    def write(self, release: Release) -> None:
        """Keep a manifest."""
        body = json.dumps(asdict(release), indent=1, sort_keys=True, ensure_ascii=False).encode()
        self._client.put_object(Bucket=self._bucket, Key=f"{FOLDER}{release.number:06}.json", Body=body)

    def _keys(self) -> list[str]:
        from botocore.exceptions import ClientError

        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=FOLDER)
        try:
            return sorted(entry["Key"] for page in pages for entry in page.get("Contents", []))
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise
            return []

    def _read(self, key: str) -> Release:
        return Release(**json.loads(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()))


def next_one(before: Release | None, now: dt.datetime, **parts: Any) -> Release:
    """Return the release that follows `before`, made of these parts."""
    number = before.number + 1 if before else 1
    return Release(number=number, time=now.isoformat(timespec="seconds"), commit=commit(), versions=versions(), **parts)
