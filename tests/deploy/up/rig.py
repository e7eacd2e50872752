"""Somebody with a shell in a clone of the repository, in front of a cloud on this machine with a real database."""

import base64
import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import boto3

from deploy.doctor.machine import CERTIFICATES
from deploy.rehearsal.cloud.front import Cloud, is_change
from deploy.rehearsal.events import Answer, Call, Event, answer_of, rest_event
from deploy.rehearsal.proxy import ResigningProxy
from tests.deploy.paths import ROOT
from tests.deploy.surroundings import REGION, client

COPIED = ("api", "build", "deploy", "spa", "zappa_settings.json")
"""What a test may change; the rest of the clone is this tree's."""

STAGE = (
    "[alarms]\nenabled = false\n"
    "[database]\ndeletion_protection = false\n"
    '[aws]\naccount = "123456789012"\n'
    '[site]\ncompression = "gzip"\n'  # brotli takes two seconds of each run
)
ASSET = "assets/later-0a1b2c3d.js"
MIGRATION = "9000_later"


class Clone:
    """A clone and its commands; `said` is what the last one wrote."""

    def __init__(self, folder: Path, cloud: Cloud) -> None:
        self.folder, self.cloud = folder, cloud
        self.said = ""
        for path in ROOT.iterdir():
            if path.name not in {*COPIED, ".git", ".venv"}:
                (folder / path.name).symlink_to(path)
        left_out = shutil.ignore_patterns("__pycache__", "node_modules")
        for part in COPIED:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, folder / part, ignore=left_out)
            else:
                shutil.copy(ROOT / part, folder / part)
        self.write_stage(STAGE)
        self.environment = {
            "PATH": f"{sys.prefix}/bin:{os.defpath}",
            "VIRTUAL_ENV": sys.prefix,
            "HOME": str(folder),
            "LANG": "en_US.UTF-8",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_ENDPOINT_URL": cloud.endpoint,
            "HTTPS_PROXY": "http://127.0.0.1:9",  # a dead port: nothing here can reach a network
            "NO_PROXY": "127.0.0.1,169.254.169.254,localhost",
        }

    def go_through(self, proxy: ResigningProxy) -> None:
        """Reach the cloud as a host inside a company reaches AWS: by AWS's own names, through its proxy alone."""
        del self.environment["AWS_ENDPOINT_URL"]
        self.environment |= {"HTTPS_PROXY": proxy.address, "https_proxy": proxy.address}
        self.environment |= {name: str(proxy.certificate) for name in CERTIFICATES}

    def write_stage(self, text: str) -> None:
        """Write the stage file."""
        (self.folder / "deploy" / "stages" / "poc.toml").write_text(text, encoding="utf-8")

    def type(self, command: list[str]) -> int:
        """Run a command in the clone at a terminal, where somebody answers every question by `yes`."""
        keyboard, terminal = pty.openpty()
        try:
            os.write(keyboard, b"yes\n" * 50)
            return self.run(command, stdin=terminal)
        finally:
            os.close(terminal)
            os.close(keyboard)

    def deploy(self, *words: str, die_at: str = "", time: int = 1) -> int:
        """Run `python -m deploy WORDS` and return its exit status.

        `die_at`: it and all that it has started are killed when a request that this pattern matches was done for the
        `time`th time, before they learn of it.
        """
        return self.run([sys.executable, "-m", "deploy", *words], die_at=die_at, time=time)

    def run(self, command: list[str], *, die_at: str = "", time: int = 1, stdin: int = subprocess.DEVNULL) -> int:
        """Run a command in the clone; see `deploy`."""
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        met = 0

        def watch(called: str) -> None:
            nonlocal met
            met += bool(re.fullmatch(die_at, called))
            if met >= time:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

        self.cloud.watch = watch if die_at else None
        self.said = process.communicate(timeout=300)[0]
        self.cloud.watch = None
        return process.returncode

    def call(self, event: Event) -> Answer:
        """Call the web function by an event of the gateway or the load balancer."""
        make: Any = boto3.client
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        functions = make("lambda", region_name=REGION, endpoint_url=self.cloud.endpoint, **keys)
        answer = functions.invoke(FunctionName="cloister-poc", Payload=json.dumps(event))
        return answer_of(json.loads(answer["Payload"].read()))

    def status(self, path: str) -> int:
        """Call the web function as the gateway would and return its answer's status."""
        return self.call(rest_event(Call(path=path))).status

    def change_everything(self) -> None:
        """Make another release: code with a migration, an asset that the page asks for, and a setting."""
        migrations = self.folder / "api" / "organization" / "migrations"
        before = max(path.stem for path in migrations.glob("0*.py"))
        made = "CREATE TABLE later (id bigint PRIMARY KEY)", "DROP TABLE later"
        text = (
            "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
            f'    dependencies = [("organization", "{before}")]\n'
            f'    operations = [migrations.RunSQL("{made[0]}", "{made[1]}")]\n'
        )
        (migrations / f"{MIGRATION}.py").write_text(text)
        self._build(f"api/organization/migrations/{MIGRATION}.py", text)
        page = self.folder / "spa" / "dist" / "index.html"
        page.write_text(page.read_text().replace("</head>", f'<script type="module" src="./{ASSET}"></script></head>'))
        (self.folder / "spa" / "dist" / ASSET).write_text("export {};\n" * 40)
        settings = self.folder / "zappa_settings.json"
        settings.write_text(settings.read_text().replace('"memory_size": 512', '"memory_size": 768'))

    def _build(self, name: str, text: str) -> None:
        """Put a file into the built artefact, as building it again would; that takes an installer and a minute."""
        archive = self.folder / "build" / "cloister-x86_64.zip"
        with zipfile.ZipFile(archive, "a") as opened:
            opened.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
        told = (
            "from deploy.artefact import archive, build; import json, pathlib;"
            "target = pathlib.Path('build/cloister-x86_64.zip'); record = target.with_suffix('.json');"
            "known = json.loads(record.read_text());"
            "known |= {'sha256': archive.digest(target), 'inputs': build._digest_of_inputs('x86_64')};"
            "record.write_text(json.dumps(known))"
        )
        assert self.run([sys.executable, "-c", told]) == 0, self.said

    def changes(self, *words: str) -> list[str]:
        """Run `python -m deploy WORDS`, which must go well, and return the requests that may have changed something.

        How CloudFormation is asked what it would do is none of them.
        """
        before = len(self.cloud.requests)
        assert self.deploy(*words) == 0, self.said
        asked = [called for called in self.cloud.requests[before:] if is_change(called)]
        return [
            called
            for called in asked
            if called not in ("cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet")
        ]


def function(name: str = "cloister-poc") -> dict[str, Any]:
    """Describe a function."""
    return dict(client("lambda").get_function_configuration(FunctionName=name))


def sha256(configuration: dict[str, Any]) -> str:
    """Return the hash of a function's code, hexadecimal."""
    return base64.b64decode(configuration["CodeSha256"]).hex()


def document(bucket: str, key: str) -> dict[str, Any]:
    """Read a JSON document from a bucket."""
    return dict(json.loads(client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()))


def keys(bucket: str, prefix: str = "") -> list[str]:
    """List a bucket."""
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return sorted(entry["Key"] for page in pages for entry in page.get("Contents", []))
