"""Where a stage keeps files, by its variables."""

import pytest

from api.integrations.storage import relayed
from tests.project.test_settings import DEPLOYED, run, settings

VPCE = "bucket.vpce-0123-abcd.s3.ap-northeast-1.vpce.amazonaws.com"


class TestADeployedStage:
    def test_without_a_bucket_takes_no_files(self) -> None:
        assert settings("ATTACHMENT_STORE", "MALWARE_SCANNER") == {"ATTACHMENT_STORE": "", "MALWARE_SCANNER": ""}

    def test_with_a_bucket_reaches_it_by_the_endpoint(self) -> None:
        found = settings(
            "ATTACHMENT_STORE",
            "ATTACHMENTS_BUCKET",
            "ATTACHMENTS_ENDPOINT",
            "AWS_REGION",
            "PAGE_REACHES",
            CLOISTER_ATTACHMENTS_BUCKET="files",
            CLOISTER_ATTACHMENTS_ENDPOINT=VPCE,
            AWS_REGION="ap-northeast-1",
        )
        assert found == {
            "ATTACHMENT_STORE": "api.integrations.storage.s3.from_settings",
            "ATTACHMENTS_BUCKET": "files",
            "ATTACHMENTS_ENDPOINT": VPCE,
            "AWS_REGION": "ap-northeast-1",
            "PAGE_REACHES": [f"https://files.{VPCE}"],
        }

    def test_takes_files_itself_where_no_page_reaches_the_bucket(self) -> None:
        wanted = ("ATTACHMENT_STORE", "ATTACHMENTS_LARGEST", "PAGE_REACHES")
        bucket = {"CLOISTER_ATTACHMENTS_BUCKET": "files", "AWS_REGION": "ap-northeast-1"}
        found = settings(*wanted, CLOISTER_ATTACHMENTS_BY="function", **bucket)
        assert found == {
            "ATTACHMENT_STORE": "api.integrations.storage.relayed.from_settings",
            "ATTACHMENTS_LARGEST": relayed.LARGEST,
            "PAGE_REACHES": [],
        }
        smaller = settings(*wanted, CLOISTER_ATTACHMENTS_BY="function", CLOISTER_ATTACHMENTS_LARGEST="1", **bucket)
        assert smaller["ATTACHMENTS_LARGEST"] == 1024 * 1024

    def test_takes_the_buckets_own_region_before_its_own(self) -> None:
        found = settings(
            "AWS_REGION",
            "ATTACHMENTS_ENDPOINT",
            CLOISTER_ATTACHMENTS_BUCKET="files",
            CLOISTER_AWS_REGION="ap-northeast-3",
            AWS_REGION="ap-northeast-1",
        )
        assert found == {
            "AWS_REGION": "ap-northeast-3",
            "ATTACHMENTS_ENDPOINT": "s3.ap-northeast-3.amazonaws.com",
        }

    @pytest.mark.parametrize(
        ("variables", "says"),
        [
            ({"CLOISTER_ATTACHMENTS_BUCKET": "files"}, "AWS_REGION is not set."),
            ({"CLOISTER_ATTACHMENTS_BUCKET": "my.files", "AWS_REGION": "r"}, "a bucket's name without a dot"),
            (
                {"CLOISTER_ATTACHMENTS_BUCKET": "b", "AWS_REGION": "r", "CLOISTER_ATTACHMENTS_ENDPOINT": "https://x"},
                "a host name, without https://",
            ),
            ({"CLOISTER_ATTACHMENTS_TYPES": "pdf,exe"}, "cannot be used"),
            ({"CLOISTER_ATTACHMENTS_BY": "post"}, "endpoint or function"),
            ({"CLOISTER_ATTACHMENTS_LARGEST": "0"}, "a whole number from 1 to 1000"),
            ({"CLOISTER_ATTACHMENTS_MOST": "many"}, "a whole number from 1 to 100"),
        ],
    )
    def test_does_not_start_with_what_it_cannot_use(self, variables: dict[str, str], says: str) -> None:
        ended = run("import project.settings", DEPLOYED | {"AWS_REGION": ""} | variables)
        assert ended.returncode != 0
        assert says in ended.stderr

    def test_serves_no_local_storage(self) -> None:
        code = (
            "import django; django.setup(); from django.urls import resolve;"
            "view = resolve('/api/local-storage').func; print(getattr(view, 'cls', view).__name__)"
        )
        ended = run(code, DEPLOYED)
        assert ended.stdout.strip() == "UnknownAddress"
        local = run(code, {"CLOISTER_STAGE": "local", "CLOISTER_SECRET_KEY": "k" * 50})
        assert local.stdout.strip() == "upload"

    def test_has_addresses_for_files_only_where_they_pass_through_it(self) -> None:
        code = (
            "import django; django.setup(); from django.urls import resolve;"
            "view = resolve('/api/files').func; print(getattr(view, 'cls', view).__name__)"
        )
        bucket = {"CLOISTER_ATTACHMENTS_BUCKET": "files", "AWS_REGION": "ap-northeast-1"}
        assert run(code, DEPLOYED | bucket).stdout.strip() == "UnknownAddress"
        relaying = run(code, DEPLOYED | bucket | {"CLOISTER_ATTACHMENTS_BY": "function"})
        assert relaying.stdout.strip() == "upload"
