"""The manifest of the release that now stands, written when it differs from the last one."""

import datetime as dt

from deploy.artefact import build
from deploy.release import Releases, next_one
from deploy.up import containers, migrate, web
from deploy.up.deployment import Deployment
from deploy.up.journal import digest
from deploy.words import Words
from deploy.zappa.artefact import key

SAME = Words("Release {number} stands unchanged.", "リリース {number} のままです。")
WRITTEN = Words("This is release {number}.", "リリース {number} です。")


def run(deployment: Deployment, built: build.Artefact, site: str, now: dt.datetime, *, image: str = "") -> int:
    """Write it and return its number; 0 when the last one says the same."""
    releases = Releases(deployment.account.client("s3"), deployment.bucket)
    before = releases.last()
    release = next_one(
        before,
        now,
        artefact={
            "key": key(deployment.stage.prefix, built.sha256),
            "sha256": built.sha256,
            "architecture": built.architecture,
            **({"image": image} if image else {}),
        },
        site=site,
        schema=migrate.known(deployment),
        settings=containers.settings(deployment) if image else web.settings(deployment),
        stage=digest([dict(deployment.stage.values), dict(deployment.stage.tags), str(deployment.stage.destinations)]),
    )
    if before and before.content == release.content:
        deployment.tell(SAME, number=before.number)
        return 0
    releases.write(release)
    deployment.tell(WRITTEN, number=release.number)
    return release.number
