"""What every store owes the domain: the same tests for the folder of this machine and for S3."""

import base64
import datetime as dt
import hashlib
import json
import secrets
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from django.utils import timezone
from werkzeug.http import parse_options_header

from api.proposals.ports import ExpectedFile, StoredFile, Upload
from tests.api.integrations.storage.conftest import Place

CONTENT = "見積書の中身\n".encode() * 1000
HOUR = dt.timedelta(hours=1)
NAMES = [
    "見積書 2026年.pdf",
    "髙﨑～①.xlsx",
    "領収書👨‍👩‍👧‍👦.png",  # joined by characters that nobody sees
    'a"b;c%41.txt',
    "plain.csv",
    "が" * 250 + ".docx",
]


def expected(content: bytes = CONTENT) -> ExpectedFile:
    return ExpectedFile(
        key=f"attachments/{secrets.token_hex(16)}",
        content_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def offered(place: Place, file: ExpectedFile, *, ago: dt.timedelta = dt.timedelta(0)) -> Upload:
    return place.store.offer_upload(file, at=timezone.now() - ago, lasts=HOUR)


def stored(place: Place, content: bytes = CONTENT) -> ExpectedFile:
    file = expected(content)
    upload = offered(place, file)
    answer = place.browser.post(upload.url, upload.fields, content)
    assert answer.status == 204, answer
    return file


def changed_policy(fields: dict[str, str], change: Any) -> dict[str, str]:
    policy = json.loads(base64.b64decode(fields["policy"]))
    change(policy)
    return fields | {"policy": base64.b64encode(json.dumps(policy).encode()).decode()}


def longer(policy: dict[str, Any]) -> None:
    policy["expiration"] = "2099-01-01T00:00:00Z"


def larger(policy: dict[str, Any]) -> None:
    policy["conditions"] = [
        [row[0], row[1], row[2] + 1] if isinstance(row, list) else row for row in policy["conditions"]
    ]


class TestUpload:
    def test_of_what_was_declared_is_found_with_its_size_and_digest(self, place: Place) -> None:
        file = expected()
        assert place.store.look_up(file.key) is None
        upload = offered(place, file)
        assert place.browser.post(upload.url, upload.fields, CONTENT).status == 204
        assert place.store.look_up(file.key) == StoredFile(size=file.size, sha256=file.sha256)

    def test_may_be_sent_again_by_the_same_form(self, place: Place) -> None:
        file = stored(place)
        upload = offered(place, file)
        for _ in range(2):
            assert place.browser.post(upload.url, upload.fields, CONTENT).status == 204
        assert place.store.look_up(file.key) == StoredFile(size=file.size, sha256=file.sha256)

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (CONTENT + b"!", b"EntityTooLarge"),
            (CONTENT[:-1], b"EntityTooSmall"),
            (b"", b"EntityTooSmall"),
            (b"!" + CONTENT[1:], b"BadDigest"),
        ],
    )
    def test_of_other_bytes_is_refused_and_leaves_nothing(self, place: Place, content: bytes, code: bytes) -> None:
        file = expected()
        upload = offered(place, file)
        answer = place.browser.post(upload.url, upload.fields, content)
        assert answer.status == 400
        assert code in answer.body
        assert place.store.look_up(file.key) is None

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("key", f"attachments/{'0' * 32}"),
            ("key", "../../etc/passwd"),
            ("Content-Type", "text/html"),
            ("Content-Disposition", "inline"),
            ("x-amz-checksum-sha256", base64.b64encode(b"0" * 32).decode()),
            ("x-amz-checksum-algorithm", "CRC32"),
            ("x-amz-credential", "local/20260101/local/s3/aws4_request"),
            ("x-amz-date", "20990101T000000Z"),
            ("x-amz-signature", "0" * 64),
            ("x-amz-meta-more", "a field that the policy does not name"),
            ("acl", "public-read"),
            ("success_action_redirect", "https://example.test/"),
        ],
    )
    def test_with_a_field_changed_or_added_is_refused(self, place: Place, name: str, value: str) -> None:
        file = expected()
        upload = offered(place, file)
        answer = place.browser.post(upload.url, upload.fields | {name: value}, CONTENT)
        assert answer.status == 403, answer
        assert place.store.look_up(file.key) is None
        # The positive control: unchanged, the same form is good.
        assert place.browser.post(upload.url, upload.fields, CONTENT).status == 204

    @pytest.mark.parametrize("change", [longer, larger])
    def test_with_a_changed_policy_is_refused(self, place: Place, change: Any) -> None:
        file = expected()
        upload = offered(place, file)
        answer = place.browser.post(upload.url, changed_policy(upload.fields, change), CONTENT)
        assert answer.status == 403
        assert b"SignatureDoesNotMatch" in answer.body

    def test_after_the_end_is_refused(self, place: Place) -> None:
        file = expected()
        late = offered(place, file, ago=HOUR + dt.timedelta(seconds=1))
        assert late.expires_at < timezone.now()
        assert place.browser.post(late.url, late.fields, CONTENT).status == 403
        in_time = offered(place, file, ago=HOUR - dt.timedelta(minutes=1))
        assert place.browser.post(in_time.url, in_time.fields, CONTENT).status == 204


class TestDownload:
    def address(self, place: Place, key: str, name: str = "見積書.pdf", ago: dt.timedelta = dt.timedelta(0)) -> str:
        return place.store.offer_download(
            key, name=name, content_type="application/pdf", at=timezone.now() - ago, lasts=dt.timedelta(minutes=2)
        ).url

    @pytest.mark.parametrize("name", NAMES)
    def test_is_a_download_under_the_files_own_name(self, place: Place, name: str) -> None:
        answer = place.browser.get(self.address(place, stored(place).key, name))
        assert answer.status == 200
        assert answer.body == CONTENT
        kind, options = parse_options_header(answer.headers["content-disposition"])
        assert (kind, options["filename"]) == ("attachment", name)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "no-store"

    def test_after_the_end_is_refused(self, place: Place) -> None:
        key = stored(place).key
        assert place.browser.get(self.address(place, key, ago=dt.timedelta(minutes=3))).status == 403
        assert place.browser.get(self.address(place, key, ago=dt.timedelta(minutes=1))).status == 200

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("response-content-disposition", "inline"),
            ("response-content-type", "text/html"),
            ("X-Amz-Expires", "604800"),
            ("X-Amz-Date", "20990101T000000Z"),
            ("X-Amz-Signature", "0" * 64),
            ("X-Amz-Signature", "é"),
        ],
    )
    def test_by_a_changed_address_is_refused(self, place: Place, name: str, value: str) -> None:
        url = self.address(place, stored(place).key)
        base, _, query = url.partition("?")
        changed = dict(parse_qsl(query)) | {name: value}
        assert place.browser.get(f"{base}?{urlencode(changed, quote_via=quote)}").status == 403
        assert place.browser.get(url).status == 200

    def test_of_another_key_by_the_same_signature_is_refused(self, place: Place) -> None:
        one, other = stored(place), stored(place)
        assert place.browser.get(self.address(place, one.key).replace(one.key, other.key)).status == 403

    def test_without_a_signature_is_refused(self, place: Place) -> None:
        assert place.browser.get(self.address(place, stored(place).key).partition("?")[0]).status == 403

    def test_of_nothing_is_not_found(self, place: Place) -> None:
        assert place.browser.get(self.address(place, expected().key)).status == 404


class TestDelete:
    def test_takes_the_bytes_away_and_is_as_good_twice(self, place: Place) -> None:
        file = stored(place)
        place.store.delete(file.key)
        place.store.delete(file.key)
        assert place.store.look_up(file.key) is None
