"""One build of the page serves every stage; two values of it say which."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, override_settings

from project.bootstrap import ROOT
from project.page import BadPage, rendered

SOURCE = (ROOT / "spa" / "index.html").read_text(encoding="utf-8")
API = "https://abc123-vpce-0456.execute-api.ap-northeast-1.amazonaws.com/poc/api/"
BUCKET = "https://files.bucket.vpce-0456.s3.ap-northeast-1.vpce.amazonaws.com"


def _policy(html: str) -> str:
    return html.rpartition("connect-src ")[2].partition(";")[0]


class TestRendered:
    def test_leaves_a_page_alone_whose_api_lies_beside_it(self) -> None:
        assert rendered(SOURCE) == SOURCE

    def test_names_the_api_and_lets_the_page_talk_to_its_origin_only(self) -> None:
        html = rendered(SOURCE, api=API)

        assert f'<meta name="cloister-api" content="{API}">' in html
        assert _policy(html) == "https://abc123-vpce-0456.execute-api.ap-northeast-1.amazonaws.com"

    def test_lets_the_page_send_files_to_the_bucket(self) -> None:
        assert _policy(rendered(SOURCE, reaches=[BUCKET])) == f"'self' {BUCKET}"

    @pytest.mark.parametrize("api", ["https://host/", "javascript:/api/", "https://host;script-src */api/", "/api/"])
    def test_refuses_what_is_no_address_of_an_api(self, api: str) -> None:
        with pytest.raises(BadPage, match="no address"):
            rendered(SOURCE, api=api)

    @pytest.mark.parametrize("origin", ["*", "https://host/path", "https://host; script-src *", '"', "host"])
    def test_refuses_what_is_no_origin(self, origin: str) -> None:
        with pytest.raises(BadPage, match="no origin"):
            rendered(SOURCE, reaches=[origin])

    def test_refuses_a_page_that_was_rendered_already(self) -> None:
        with pytest.raises(BadPage, match="exactly once"):
            rendered(rendered(SOURCE, api=API), api=API)


class TestCommand:
    def test_renders_without_the_application(self) -> None:
        command = [sys.executable, "-m", "project.page", "--api", API, "--reaches", BUCKET]

        done = subprocess.run(command, cwd=ROOT, input=SOURCE, env={}, capture_output=True, text=True, check=True)

        assert done.stdout == rendered(SOURCE, api=API, reaches=[BUCKET])

    def test_says_what_is_wrong(self) -> None:
        command = [sys.executable, "-m", "project.page", "--api", "nowhere"]

        done = subprocess.run(command, cwd=ROOT, input=SOURCE, env={}, capture_output=True, text=True, check=False)

        assert (done.returncode, done.stdout) == (1, "")
        assert "'nowhere'" in done.stderr


class TestLocalServer:
    def test_lets_the_page_reach_the_bucket_that_is_set(self, tmp_path: Path) -> None:
        (tmp_path / "index.html").write_text(SOURCE, encoding="utf-8")

        with override_settings(SPA_DIST=tmp_path, PAGE_REACHES=[BUCKET]):
            answer = Client().get("/")

        assert _policy(answer.content.decode()) == f"'self' {BUCKET}"
