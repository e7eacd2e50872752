"""What only S3 has: credentials that end, rights that are missing, a network in between."""

import base64
import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.integrations.aws.credentials import CredentialSource
from api.integrations.aws.transport import Answer, Unreachable
from api.integrations.storage.s3 import S3Store, from_settings
from api.proposals.ports import ExpectedFile, StoredFile, StoreUnavailable
from tests.api.integrations.storage.s3_front import ENVIRONMENT

AT = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
KEY = f"attachments/{'a' * 32}"
FILE = ExpectedFile(key=KEY, content_type="application/pdf", size=3, sha256="ab" * 32)
VPCE = "bucket.vpce-0123-abcd.s3.ap-northeast-1.vpce.amazonaws.com"


def answering(answer: Answer | Exception) -> Callable[..., Answer]:
    def send(*_arguments: Any, **_options: Any) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return send


def store(*, ends: dt.datetime | None = None, answer: Answer | Exception | None = None) -> S3Store:
    expiration = {"AWS_CREDENTIAL_EXPIRATION": ends.isoformat()} if ends else {}
    return S3Store(
        bucket="files",
        endpoint=VPCE,
        region="ap-northeast-1",
        credentials=CredentialSource(ENVIRONMENT | expiration),
        transport=answering(answer or Answer(200, {}, b"")),
    )


class TestOffers:
    def test_are_for_the_endpoints_host(self) -> None:
        assert store().offer_upload(FILE, at=AT, lasts=HOUR).url == f"https://files.{VPCE}/"
        download = store().offer_download(KEY, name="a.pdf", content_type="application/pdf", at=AT, lasts=HOUR)
        assert download.url.startswith(f"https://files.{VPCE}/{KEY}?")

    def test_end_when_asked_to(self) -> None:
        upload = store(ends=AT + 2 * HOUR).offer_upload(FILE, at=AT, lasts=HOUR)
        assert upload.expires_at == AT + HOUR
        assert json.loads(base64.b64decode(upload.fields["policy"]))["expiration"] == "2026-11-22T04:00:00Z"

    def test_end_no_later_than_the_credentials(self) -> None:
        soon = store(ends=AT + dt.timedelta(minutes=5))
        upload = soon.offer_upload(FILE, at=AT, lasts=HOUR)
        assert upload.expires_at == AT + dt.timedelta(minutes=5)
        assert json.loads(base64.b64decode(upload.fields["policy"]))["expiration"] == "2026-11-22T03:05:00Z"
        download = soon.offer_download(KEY, name="a.pdf", content_type="application/pdf", at=AT, lasts=HOUR)
        assert download.expires_at == AT + dt.timedelta(minutes=5)
        assert parse_qs(urlsplit(download.url).query)["X-Amz-Expires"] == ["300"]

    def test_are_never_made_with_credentials_that_have_ended(self) -> None:
        ended = store(ends=AT)
        with pytest.raises(StoreUnavailable, match="ended"):
            ended.offer_upload(FILE, at=AT, lasts=HOUR)
        with pytest.raises(StoreUnavailable, match="ended"):
            ended.offer_download(KEY, name="a.pdf", content_type="application/pdf", at=AT, lasts=HOUR)

    def test_for_the_longest_name_fit_into_an_address(self) -> None:
        download = store().offer_download(
            KEY, name="𠮷" * 251 + ".pdf", content_type="application/pdf", at=AT, lasts=HOUR
        )
        assert len(download.url) < 8000


class TestLookUp:
    def test_reads_size_and_checksum(self) -> None:
        headers = {"content-length": "3", "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex("ab" * 32)).decode()}
        assert store(answer=Answer(200, headers, b"")).look_up(KEY) == StoredFile(size=3, sha256="ab" * 32)

    @pytest.mark.parametrize("checksum", [None, "", "q83vEjRWeJA=-3", "***"])
    def test_knows_no_digest_where_s3_has_none_of_the_whole_file(self, checksum: str | None) -> None:
        headers = {"content-length": "3"} | ({} if checksum is None else {"x-amz-checksum-sha256": checksum})
        found = store(answer=Answer(200, headers, b"")).look_up(KEY)
        assert found is not None
        assert found.sha256 is None

    def test_without_the_right_to_list_says_which_rights_are_needed(self) -> None:
        with pytest.raises(StoreUnavailable, match="s3:ListBucket"):
            store(answer=Answer(403, {}, b"")).look_up(KEY)

    @pytest.mark.parametrize("answer", [Answer(503, {}, b""), Unreachable("timed out")])
    def test_that_fails_is_unavailable(self, answer: Answer | Exception) -> None:
        with pytest.raises(StoreUnavailable):
            store(answer=answer).look_up(KEY)
        with pytest.raises(StoreUnavailable):
            store(answer=answer).delete(KEY)


def test_functions_ask_by_s3s_own_name_and_not_by_the_endpoint_that_lets_only_the_company_in() -> None:
    asked: list[tuple[str, str]] = []

    def transport(method: str, url: str, headers: dict[str, str], **_: object) -> Answer:
        asked.append((url, headers["host"]))
        return Answer(404, {}, b"")

    made = S3Store(
        bucket="files",
        endpoint=VPCE,
        own="s3.ap-northeast-1.amazonaws.com",
        region="ap-northeast-1",
        credentials=CredentialSource(ENVIRONMENT),
        transport=transport,
    )
    made.look_up(KEY)
    made.delete(KEY)

    own = "files.s3.ap-northeast-1.amazonaws.com"
    assert asked == [(f"https://{own}/{KEY}", own)] * 2
    assert made.offer_upload(FILE, at=AT, lasts=HOUR).url == f"https://files.{VPCE}/"


def test_from_settings_uses_the_endpoint(settings: Any) -> None:
    settings.ATTACHMENTS_BUCKET, settings.ATTACHMENTS_ENDPOINT = "files", VPCE
    settings.AWS_REGION = "ap-northeast-1"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        assert from_settings().offer_upload(FILE, at=AT, lasts=HOUR).url == f"https://files.{VPCE}/"
