"""Somebody with a shell in a clone of the repository, in front of a cloud on this machine with a real database."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2

from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.front import Cloud, is_change
from tests import postgresql
from tests.deploy.paths import ROOT
from tests.deploy.surroundings import client

COPIED = ("deploy", "api", "spa/dist", "zappa_settings.json")
"""What a test may change; the rest of the clone is this tree's."""

STAGE = '[alarms]\nenabled = false\n[database]\ndeletion_protection = false\n[aws]\naccount = "123456789012"\n'
MASTER = "admin"


class Clone:
    """A clone and its commands; `said` is all that they have written, `killed` whether the last one was."""

    def __init__(self, folder: Path, cloud: Cloud) -> None:
        self.folder, self.cloud = folder, cloud
        self.said = ""
        for path in ROOT.iterdir():
            if path.name not in {part.partition("/")[0] for part in COPIED} | {".git", ".venv"}:
                (folder / path.name).symlink_to(path)
        for part in COPIED:
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / part, folder / part)
        (folder / "spa" / "index.html").symlink_to(ROOT / "spa" / "index.html")
        self.write_stage(STAGE)
        self.environment = {
            "PATH": f"{sys.prefix}/bin:{os.defpath}",
            "HOME": str(folder),
            "LANG": "en_US.UTF-8",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_ENDPOINT_URL": cloud.endpoint,
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "NO_PROXY": "127.0.0.1,169.254.169.254,localhost",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def write_stage(self, text: str) -> None:
        """Write the stage file."""
        (self.folder / "deploy" / "stages" / "poc.toml").write_text(text, encoding="utf-8")

    def deploy(self, *words: str, die_after: int = 0) -> int:
        """Run `python -m deploy WORDS` and return its exit status.

        `die_after`: it and all that it has started are killed once that many calls that change something were done,
        before it learns of the last one.
        """
        done = 0
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy", *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

        def watch(called: str) -> None:
            nonlocal done
            done += is_change(called)
            if done == die_after:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

        self.cloud.watch = watch if die_after else None
        self.said = process.communicate(timeout=300)[0]
        self.cloud.watch = None
        return process.returncode
