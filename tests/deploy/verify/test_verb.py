"""`deploy verify`: it finds by itself where a stage stands and what was released there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy import __main__ as deploy
from deploy import stage_file
from deploy.cfn import Template
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.site.files import FOR_EVER
from deploy.stage_file import parse
from deploy.verification import Verification
from deploy.verify import plan
from tests.deploy import cloud
from tests.deploy.paths import STAGE_FILE
from tests.deploy.surroundings import client

TEXT = "[alarms]\nenabled = false\n"
ARCHIVE = "cloister-poc-artefacts-123456789012"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The outputs of a stage that stands in the local cloud, with an API and a page that was sent."""
    folder = tmp_path_factory.mktemp("stages")
    (folder / "poc.toml").write_text(TEXT)
    with local_cloud(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage_file.read, "__kwdefaults__", {"folder": folder})
        patch.setenv("CLOISTER_LANGUAGE", "en")
        cloud.stacks(parse(TEXT, name="poc", path=STAGE_FILE)).up()
        outputs = {"ApiId": client("apigateway").create_rest_api(name="cloister-poc")["id"]}
        for noun in ("endpoints", "data"):
            stack = client("cloudformation").describe_stacks(StackName=f"cloister-poc-{noun}")["Stacks"][0]
            outputs |= {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        yield outputs


def written(path: Path, *options: str) -> dict[str, Any]:
    assert deploy.main(["verify", "poc", "--write", str(path), *options]) == 0
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return made


class TestTheVerb:
    def test_without_a_release_names_the_command_that_sends_one(
        self, stage: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert deploy.main(["verify", "poc", "--write", str(tmp_path / "look.py")]) == 2
        assert f"{ARCHIVE} keeps no record of a page" in capsys.readouterr().err

    def test_writes_what_it_found(self, stage: dict[str, str], tmp_path: Path) -> None:
        assert deploy.main(["site", "poc"]) == 0

        made = written(tmp_path / "look.json")

        api = f"https://{stage['ApiId']}-{stage['ExecuteApiId']}.execute-api.ap-northeast-1.amazonaws.com/poc"
        page = f"https://cloister-poc-site-123456789012.{stage['S3Host']}"
        files = f"https://cloister-poc-attachments-123456789012.{stage['S3Host']}"
        assert (made["stage"], made["api"], made["site"]["base"]) == ("poc", api, f"{page}/")
        checks = {check["id"]: check for check in made["checks"]}
        assert checks["page.policy"]["connect"] == [api.removesuffix("/poc"), files]
        assert f"connect-src {api.removesuffix('/poc')} {files};" in checks["page.policy"]["recorded"]
        assert checks["wall.database"]["host"] == stage["DatabaseHost"]
        assert checks["wall.page-foreign"]["request"]["url"].startswith(
            "https://cloister-poc-site-123456789012.bucket."
        )
        public = f"https://{stage['ApiId']}.execute-api.ap-northeast-1.amazonaws.com/poc/health"
        assert checks["wall.api-public"]["request"]["url"] == public
        assert {name for name, check in checks.items() if check["claim"]} == {
            *(f"certificate.{noun}" for noun in ("page", "api", "files")),
            "page.encoding",
            "cors.files",
        }
        assets = [file for key, file in made["site"]["files"].items() if key.startswith("assets/")]
        assert assets
        assert {file["caching"] for file in assets} == {FOR_EVER}

    def test_is_what_the_verification_environment_looks_with(self, stage: dict[str, str], tmp_path: Path) -> None:
        known = parse(TEXT, name="poc", path=STAGE_FILE)
        place = Verification(known, cloud.stacks(known).account, "en", print, lambda _stack: True)
        text = 'Resources: {Looks: {Type: "AWS::SNS::Topic"}}\nOutputs: {ProbeId: {Value: i-0a}}\n'
        place.runner.up(place.stack, Template.parse(text, name="verification"), {})

        assert deploy.main(["verify", "poc", "--write", str(tmp_path / "look.py")]) == 0
        as_if = re.compile(r'"made": "[^"]*"')  # two runs may lie on both sides of a minute
        wanted = as_if.sub("", (tmp_path / "look.py").read_text(encoding="utf-8"))
        assert as_if.sub("", place.written()) == wanted

    def test_takes_the_release_from_a_file(self, stage: dict[str, str], tmp_path: Path) -> None:
        file = {"sha256": "ab" * 32, "bytes": 3, "type": "text/html", "encoding": "", "caching": "no-cache"}
        for told in ({"files": {"index.html": file}}, {"site": {"files": {"index.html": file}}}):
            record = tmp_path / "release.json"
            record.write_text(json.dumps(told))
            made = written(tmp_path / "look.json", "--manifest", str(record))
            assert made["site"]["files"] == {"index.html": file}

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": {"index.html": {}}}', '{"files": 3}'])
    def test_refuses_a_file_that_is_no_release(self, tmp_path: Path, text: str) -> None:
        record = tmp_path / "release.json"
        record.write_text(text)
        with pytest.raises(Failure, match=r"release\.json"):
            plan.read(record)

    def test_says_how_a_written_file_is_run(
        self, stage: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name, how in (("look.py", "python look.py"), ("look.ps1", "Nobody has run this form yet")):
            assert deploy.main(["verify", "poc", "--write", str(tmp_path / name)]) == 0
            assert how in capsys.readouterr().out
