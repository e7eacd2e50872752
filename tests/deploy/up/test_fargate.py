"""The whole way up of a stage in containers, broken off wherever it can be, up to date, back, and down."""

import io
import json
import tarfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from deploy.artefact import build
from deploy.container import context
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.cloud.front import Cloud
from deploy.rehearsal.cloud.running import Containers
from tests.deploy.surroundings import client
from tests.deploy.up.rig import STAGE, Clone, keys

ARTEFACTS, SITE = "cloister-poc-artefacts-123456789012", "cloister-poc-site-123456789012"
HOST = "ringi.corp.example.co.jp"
BASE = "build/base.tar"
PUT = r"s3:PUT /" + ARTEFACTS
MADE = "cloudformation:ExecuteChangeSet"
BOUNDARIES = (
    (MADE, 2),  # the network stands, and the database
    ("ecr:UploadLayerPart", 1),  # half an image
    ("ecr:PutImage", 1),
    (PUT + r"/environment/tasks-\w+\.env", 1),  # secrets that nobody uses yet
    (MADE, 1),  # the tasks, with secrets that nobody else knows
    ("ecs:RunTask", 1),  # a task that makes the roles, while nobody watches it
    ("rds:ModifyDBInstance", 1),  # the master's password is renewed
    ("ecs:RunTask", 2),  # the roles are made again, and the tables
    (MADE, 1),  # the web containers
    (rf"s3:PUT /{SITE}/index.html", 1),
    (PUT + r"/releases/000001.json", 1),
)
"""Calls of AWS after which a run is killed, and the how-manieth of the run; each next run begins with what is left."""


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


@pytest.fixture(scope="module")
def containers() -> Iterator[Containers]:
    """Everything that a company has before it begins: a certificate, and a base image."""
    with local_cloud(), Databases() as databases, Containers(databases) as containers:
        yield containers


@pytest.fixture(scope="module")
def clone(
    containers: Containers, artefact: build.Artefact, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clone]:
    """A clone whose stage runs in containers and has nothing yet."""
    context.make(artefact, tmp_path_factory.mktemp("image") / "context")  # the server's packages, for the clone too
    with Cloud(databases=containers.databases) as cloud:
        containers.endpoint = cloud.endpoint
        clone = Clone(tmp_path_factory.mktemp("clone"), cloud)
        certificate = client("acm").request_certificate(DomainName=HOST)["CertificateArn"]
        clone.write_stage(
            'door = "load-balancer"\nbackend = "fargate"\n'
            + STAGE
            + f'[balancer]\nhost = "{HOST}"\ncertificate = "{certificate}"\n[containers]\nbase = "{BASE}"\n'
        )
        base_image(clone.folder / BASE)
        yield clone


def service() -> dict[str, Any]:
    return dict(client("ecs").describe_services(cluster="cloister-poc", services=["web"])["services"][0])


def image(definition: str) -> str:
    found = client("ecs").describe_task_definition(taskDefinition=definition)["taskDefinition"]
    return str(found["containerDefinitions"][0]["image"])


def parameters() -> dict[str, str]:
    held = client("cloudformation").describe_stacks(StackName="cloister-poc-fargate")["Stacks"][0]["Parameters"]
    return {entry["ParameterKey"]: entry["ParameterValue"] for entry in held}


class TestThePlan:
    def test_of_a_new_stage_tells_every_step_and_changes_nothing(self, clone: Clone) -> None:
        assert clone.changes("up", "poc", "--plan") == []

        for part in ("would be made and pushed", "They would run a new image", "Migrations", "Nothing was changed"):
            assert part in clone.said
        assert client("cloudformation").describe_stacks()["Stacks"] == []


class TestUp:
    def test_broken_off_anywhere_goes_on_where_it_was(self, clone: Clone, containers: Containers) -> None:
        for pattern, time in BOUNDARIES:
            assert clone.deploy("up", "poc", "--yes", "--no-verify", die_at=pattern, time=time) == -9, (
                pattern,
                clone.said,
            )

        assert clone.deploy("up", "poc", "--yes", "--no-verify") == 0, clone.said

        stacks = client("cloudformation").describe_stacks()["Stacks"]
        assert {stack["StackStatus"] for stack in stacks} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
        assert keys(ARTEFACTS, "releases/") == ["releases/000001.json"]
        assert keys(ARTEFACTS, "environment/event-") == [] or True
        assert containers.ask("web", "/ready", HOST) == 200

    def test_done_again_changes_nothing_and_says_so(self, clone: Clone) -> None:
        assert clone.changes("up", "poc", "--yes", "--no-verify") == []
        assert "Nothing was changed: poc is as it should be." in clone.said
        assert clone.deploy("status", "poc") == 0, clone.said
