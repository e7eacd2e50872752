"""Files that pass through the application: how large they may be, and what a function's one call can carry."""

import base64
import datetime as dt
import hashlib
import json
import secrets
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import set_script_prefix
from django.utils import timezone

from api.integrations.storage.relayed import LARGEST
from api.proposals.ports import ExpectedFile, StoredFile
from deploy.rehearsal.events import Call, rest_event
from project.edge.http import REST_LIMIT
from tests.api.integrations.storage.conftest import Place

HOUR = dt.timedelta(hours=1)


pytestmark = pytest.mark.parametrize("place", ["relayed"], indirect=True)


def expected(content: bytes) -> ExpectedFile:
    return ExpectedFile(
        key=f"attachments/{secrets.token_hex(16)}",
        content_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def sent(place: Place, content: bytes) -> tuple[ExpectedFile, int]:
    file = expected(content)
    form = place.store.offer_upload(file, at=timezone.now(), lasts=HOUR)
    return file, place.browser.post(form.url, form.fields, content).status


class TestTheLargestFile:
    def test_passes_both_ways_and_fits_into_one_call_of_a_function(self, place: Place) -> None:
        content = secrets.token_bytes(LARGEST)
        file, status = sent(place, content)
        assert status == 204
        assert place.store.look_up(file.key) == StoredFile(size=LARGEST, sha256=file.sha256)

        address = place.store.offer_download(
            file.key, name="見積書.pdf", content_type="application/pdf", at=timezone.now(), lasts=HOUR
        ).url
        answer = place.browser.get(address)
        assert answer.body == content
        # What Lambda counts, both ways: JSON with the bytes in base64 (AWS, "Lambda quotas").
        assert len(base64.b64encode(content)) + 10_000 < REST_LIMIT
        assert len(json.dumps(rest_event(Call(method="POST", body=content + bytes(5_000)))).encode()) < REST_LIMIT

    def test_may_not_be_one_byte_larger(self, place: Place) -> None:
        file, status = sent(place, secrets.token_bytes(LARGEST + 1))
        assert status == 400
        assert place.store.look_up(file.key) is None


def test_a_download_can_do_nothing_on_the_pages_own_origin(place: Place) -> None:
    file, _ = sent(place, b"<script>alert(1)</script>")
    address = place.store.offer_download(
        file.key, name="a.txt", content_type="text/plain", at=timezone.now(), lasts=HOUR
    ).url
    answer = place.browser.get(address)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_addresses_lie_below_the_stage_of_the_api(place: Place) -> None:
    set_script_prefix("/poc/")
    try:
        form = place.store.offer_upload(expected(b"x"), at=timezone.now(), lasts=HOUR)
        read = place.store.offer_download("attachments/x", name="x", content_type="x", at=timezone.now(), lasts=HOUR)
    finally:
        set_script_prefix("/")
    assert form.url == "/poc/api/files"
    assert read.url.startswith("/poc/api/files/attachments/x?")


def test_a_bucket_that_does_not_answer_is_told_as_s3_tells_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    file, _ = sent(place, b"content")
    address = place.store.offer_download(
        file.key, name="a.txt", content_type="text/plain", at=timezone.now(), lasts=HOUR
    ).url
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")  # nobody listens there
    answer: Any = Client().get(address)
    assert isinstance(answer, HttpResponse)
    assert (answer.status_code, b"ServiceUnavailable" in answer.content) == (503, True)
    assert sent(place, b"content")[1] == 503
    assert "does not answer" in caplog.text
