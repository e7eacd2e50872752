"""What a company hands out, made in the local cloud before anything else: what a stage file names and nobody here has.

The local cloud gives ids of its own. They take the place of the handed-out ones in a copy of the stage file, which lies
over the real one inside the rehearsal's own mounts and nowhere else.
"""

import hashlib
import io
import json
import re
import tarfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from deploy import stage_file
from deploy.aws import Account
from deploy.rehearsal import granted, handed
from deploy.rehearsal.databases.authority import Authority
from deploy.rehearsal.namespaces import HOME, run
from deploy.stage import Stage

HOST = "ringi.corp.example.co.jp"
"""The company's name that is rehearsed with where the stage file has none."""
CERTIFICATE = "arn:aws:acm:ap-northeast-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
"""Stands in a stage file that names no certificate, until there is one."""
SECTION = re.compile(r"^\s*\[\s*(?P<name>[\w.]+)\s*\]\s*(#.*)?$")


def chosen(text: str, changes: Mapping[str, str]) -> str:
    """Write other values for keys into a stage file's text: `{"door": "api", "balancer.host": "..."}`."""
    for path, value in changes.items():
        section, _, key = path.rpartition(".")
        text = _changed(text, section, key, f'{key} = "{value}"')
    return text


def _changed(text: str, section: str, key: str, line: str) -> str:
    lines, here = text.splitlines(), ""
    for place, held in enumerate(lines):
        found = SECTION.match(held)
        here = found["name"] if found else here
        if here == section and re.match(rf"\s*{key}\s*=", held):
            lines[place] = line
            return "\n".join([*lines, ""])
    if not section:
        return "\n".join([line, *lines, ""])
    for place, held in enumerate(lines):
        if (found := SECTION.match(held)) and found["name"] == section:
            lines.insert(place + 1, line)
            return "\n".join([*lines, ""])
    return "\n".join([*lines, f"[{section}]", line, ""])


def asked(text: str, *, door: str = "", backend: str = "") -> str:
    """Write another door or backend into a stage file's text, with what it needs and the file does not have.

    Containers stand behind a load balancer only.
    """
    changes = {"backend": backend} if backend else {}
    if backend == "fargate":
        door = door or "load-balancer"
    if door:
        changes["door"] = door
    text = chosen(text, changes)
    if door == "load-balancer":
        held = tomllib.loads(text).get("balancer", {})
        for key, usual in (("host", HOST), ("certificate", CERTIFICATE)):
            if not held.get(key):
                text = chosen(text, {f"balancer.{key}": usual})
    return text


def hand_out(text: str, name: str, account: Account, authority: Authority) -> Stage:
    """Make what the stage file's text names, lay the text with the ids made over the stage file, and read it."""
    path = stage_file.STAGES / f"{name}.toml"
    stage = stage_file.parse(text, name=name, path=path)
    for named, made in _made(stage, account, authority).items():
        text = text.replace(named, made)
    if stage.text("corporate.peer_account"):  # the far end is in the local cloud's one account too
        text = chosen(text, {"corporate.peer_account": "", "corporate.peer_role": ""})
    if stage.in_containers:
        text = chosen(text, {"containers.base": str(_base_image()), "containers.image": ""})
    copy = HOME / "stages" / path.name
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(text, encoding="utf-8")
    run("mount", "--bind", str(copy), str(path))
    return stage_file.read(name)


def _made(stage: Stage, account: Account, authority: Authority) -> dict[str, str]:
    """Make it all; answer the id that the company named -> the local cloud's."""
    made = handed.network(stage, account) | granted.make(stage, account)
    certificate, key = stage.text("balancer.certificate"), stage.text("encryption.key")
    if certificate and not stage.has_api:
        held, secret = authority.issue([stage.text("balancer.host")])
        made[certificate] = account.client("acm").import_certificate(
            Certificate=held, PrivateKey=secret, CertificateChain=authority.certificate
        )["CertificateArn"]
    if key:
        made[key] = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    return made


def _base_image() -> Path:
    """Write an image for ours to stand upon, as `docker save` does: what it would hold is this machine's own python."""
    empty = io.BytesIO()
    tarfile.open(fileobj=empty, mode="w").close()
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(empty.getvalue()).hexdigest()}"]},
    }
    files = {
        "manifest.json": json.dumps([{"Config": "config.json", "Layers": ["layer.tar"]}]).encode(),
        "config.json": json.dumps(config).encode(),
        "layer.tar": empty.getvalue(),
    }
    path = HOME / "base.tar"
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path
