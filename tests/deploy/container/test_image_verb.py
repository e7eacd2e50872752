"""`deploy image`: what it shows is what `up` finds, and what it cannot do it says."""

from pathlib import Path

import pytest

from deploy import stage_file
from deploy.__main__ import main
from deploy.artefact import build
from deploy.container import context
from tests.deploy.container.test_images import FARGATE


@pytest.fixture
def stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(stage_file.read, "__kwdefaults__", {"folder": tmp_path})
    monkeypatch.setenv("CLOISTER_LANGUAGE", "en")
    return tmp_path


def image(stages: Path, text: str, *options: str) -> int:
    (stages / "poc.toml").write_text(text)
    return main(["image", "poc", *options])


def test_it_shows_the_name_that_up_looks_for(
    stages: Path, artefact: build.Artefact, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert image(stages, FARGATE, "--folder", str(tmp_path / "image")) == 0

    said = capsys.readouterr().out
    assert f"/cloister-poc:{context.identity(artefact, '')[:16]} ." in said
    assert "docker login --username AWS --password-stdin ACCOUNT.dkr.ecr.ap-northeast-1.amazonaws.com" in said
    assert (tmp_path / "image" / "Dockerfile").is_file()


def test_it_shows_no_name_where_up_looks_for_another(
    stages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f'{FARGATE}[containers]\nbase = "build/base.tar"\n'
    assert image(stages, text, "--folder", str(tmp_path / "image")) == 0

    said = capsys.readouterr().out
    assert "python -m deploy image poc --push" in said
    assert "docker" not in said


@pytest.mark.parametrize(
    ("text", "options", "problem"),
    [
        ("", ("--push",), "poc runs in functions"),
        (FARGATE, ("--push", "--base", "mirror/python"), "--base has no say"),
        (FARGATE, ("--push", "--folder", "image"), "--folder has no say"),
    ],
)
def test_it_says_what_it_cannot_do(
    stages: Path, capsys: pytest.CaptureFixture[str], text: str, options: tuple[str, ...], problem: str
) -> None:
    assert image(stages, text, *options) == 1
    assert problem in capsys.readouterr().err
