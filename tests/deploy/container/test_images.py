"""Images put together without an engine, and answers that only whoever asked can open."""

import gzip
import json
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from deploy.artefact import build
from deploy.aws import Account
from deploy.container import assembly, base, engine, sealed
from deploy.container.images import Images
from deploy.container.registry import Repository
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.images import Trees
from deploy.stage_file import parse
from project.sealed import seal
from tests.deploy.container.base_image import base_image
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import REGION, client

NAME = "cloister-poc"
FARGATE = (
    'door = "load-balancer"\nbackend = "fargate"\n[balancer]\nhost = "ringi.corp.example.co.jp"\n'
    f'certificate = "arn:aws:acm:{REGION}:123456789012:certificate/{"0" * 8}-0000-0000-0000-{"0" * 12}"\n'
)


@pytest.fixture
def below(tmp_path: Path) -> Path:
    path = tmp_path / "base.tar"
    base_image(path)
    return path


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A folder as `deploy image` prepares it, small."""
    folder = tmp_path / "context"
    for name, text in (("app/api/models.py", "x = 1\n"), ("server/__main__.py", "print(1)\n")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
    (folder / "Dockerfile").write_text(
        'FROM python:3.13-slim\nCOPY app/ /var/task/\nCOPY server/ /var/task/\nUSER 10001:10001\nCMD ["python", "x"]\n'
    )
    return folder


def built() -> build.Artefact:
    return build.Artefact(
        archive=Path("a.zip"), architecture="x86_64", sha256="0" * 64, zipped=0, unzipped=0, modules=0, trimmed={}
    )


class TestAnImage:
    def test_has_the_base_and_one_layer_more_with_the_dockerfiles_user_and_command(
        self, below: Path, context: Path, tmp_path: Path
    ) -> None:
        made = assembly.assemble(base.read(below, "x86_64"), context, tmp_path / "blobs")

        manifest = json.loads(made.manifest)
        config = json.loads(made.blobs[-1].path.read_text())
        assert [layer["digest"] for layer in manifest["layers"]] == [blob.digest for blob in made.blobs[:-1]]
        assert (config["config"]["User"], config["config"]["Cmd"]) == ("10001:10001", ["python", "x"])
        assert config["config"]["Env"] == ["PATH=/usr/local/bin:/usr/bin:/bin"]
        with tarfile.open(made.blobs[1].path) as layer:
            held = {entry.name: entry for entry in layer.getmembers()}
        assert held["var/task/api/models.py"].mode == held["var/task/__main__.py"].mode == 0o644
        assert {(entry.uid, entry.gid) for entry in held.values()} == {(0, 0)}
        plain = gzip.decompress(made.blobs[1].path.read_bytes())
        assert config["rootfs"]["diff_ids"][1] == f"sha256:{sha256(plain).hexdigest()}"

    def test_of_equal_inputs_is_equal(self, below: Path, context: Path, tmp_path: Path) -> None:
        first, second = (
            assembly.assemble(base.read(below, "x86_64"), context, tmp_path / name) for name in ("first", "second")
        )
        (context / "app" / "api" / "models.py").write_text("x = 2\n")
        other = assembly.assemble(base.read(below, "x86_64"), context, tmp_path / "other")

        assert first.digest == second.digest != other.digest

    def test_is_sent_once_also_when_its_sending_was_broken_off(
        self, below: Path, context: Path, tmp_path: Path
    ) -> None:
        made = assembly.assemble(base.read(below, "x86_64"), context, tmp_path / "blobs")
        with local_cloud():
            client("ecr").create_repository(repositoryName=NAME)
            repository = Repository(client("ecr"), NAME)

            digests = {repository.send(made, "tag") for _ in range(2)}

            assert digests == {made.digest, repository.digest_of(imageTag="tag")}
            assert repository.digest_of(imageTag="other") == ""
            tree = Trees(tmp_path / "trees").of(f"registry/{NAME}@{made.digest}", REGION)
        assert (tree / "tree" / "var" / "task" / "api" / "models.py").read_text() == "x = 1\n"

    @pytest.mark.parametrize(
        ("name", "architecture", "told"),
        [("none.tar", "x86_64", "skopeo copy"), ("base.tar", "arm64", "is for amd64"), ("text", "x86_64", "ReadError")],
    )
    def test_upon_what_is_no_base_is_refused(
        self, below: Path, tmp_path: Path, name: str, architecture: str, told: str
    ) -> None:
        (tmp_path / "text").write_text("FROM python")

        with pytest.raises(Failure, match=told):
            base.read(below.with_name(name), architecture)


class TestAStagesImage:
    def test_that_can_be_made_nowhere_names_every_way(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "/nowhere")
        with local_cloud():
            stage = parse(FARGATE, name="poc", path=STAGE_FILE)
            client("ecr").create_repository(repositoryName=NAME)

            with pytest.raises(Failure) as error:
                Images(stage, Account(stage), print).of(built())

        for way in ("containers.base", "python -m deploy image poc", "containers.image"):
            assert way in str(error.value)

    def test_that_the_company_names_must_be_there(self) -> None:
        digest = f"sha256:{'a' * 64}"
        with local_cloud():
            stage = parse(f'{FARGATE}[containers]\nimage = "{digest}"\n', name="poc", path=STAGE_FILE)
            client("ecr").create_repository(repositoryName=NAME)

            with pytest.raises(Failure, match="is not in the repository"):
                Images(stage, Account(stage), print).of(built())

            said: list[str] = []
            manifest = {"schemaVersion": 2, "mediaType": assembly.MANIFEST, "config": {}, "layers": []}
            client("ecr").put_image(repositoryName=NAME, imageManifest=json.dumps(manifest), imageDigest=digest)
            assert Images(stage, Account(stage), said.append).of(built()).endswith(f"/{NAME}@{digest}")
            assert "containers.image" in said[0]


class TestAnEngine:
    def test_whose_daemon_does_not_answer_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, status in (("docker", 1), ("podman", 0)):
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\nexit {status}\n")
            program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/bin")

        assert engine.found() == str(tmp_path / "podman")


class TestAnAnswer:
    def test_is_opened_by_its_own_key_alone(self) -> None:
        key = sealed.key()
        hidden = seal("申請: token", key)

        assert sealed.opened(hidden, key) == "申請: token"
        assert "token" not in hidden
        with pytest.raises(sealed.BrokenSeal):
            sealed.opened(hidden, sealed.key())
        with pytest.raises(sealed.BrokenSeal):
            sealed.opened(hidden[:-4] + "AAAA", key)
