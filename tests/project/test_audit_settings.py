"""Where a stage keeps the heads of the audit trail, by its variables."""

import pytest

from tests.project.test_settings import DEPLOYED, run, settings


class TestADeployedStage:
    def test_without_a_bucket_keeps_no_heads(self) -> None:
        assert settings("HEAD_STORE") == {"HEAD_STORE": ""}

    def test_with_a_bucket_keeps_them_there_for_as_long_as_it_says(self) -> None:
        found = settings(
            "HEAD_STORE",
            "AUDIT_BUCKET",
            "AUDIT_LOCK_DAYS",
            "AWS_REGION",
            CLOISTER_AUDIT_BUCKET="heads",
            CLOISTER_AUDIT_LOCK_DAYS="3650",
            AWS_REGION="ap-northeast-1",
        )
        assert found == {
            "HEAD_STORE": "api.integrations.storage.s3_heads.from_settings",
            "AUDIT_BUCKET": "heads",
            "AUDIT_LOCK_DAYS": 3650,
            "AWS_REGION": "ap-northeast-1",
        }

    @pytest.mark.parametrize(
        ("variables", "says"),
        [
            ({"CLOISTER_AUDIT_BUCKET": "heads"}, "AWS_REGION is not set."),
            ({"CLOISTER_AUDIT_BUCKET": "my.heads", "AWS_REGION": "r"}, "a bucket's name without a dot"),
            ({"CLOISTER_AUDIT_LOCK_DAYS": "0"}, "CLOISTER_AUDIT_LOCK_DAYS='0'"),
        ],
    )
    def test_says_what_is_wrong(self, variables: dict[str, str], says: str) -> None:
        ended = run("from project import settings", DEPLOYED | variables)
        assert ended.returncode != 0
        assert says in ended.stderr
