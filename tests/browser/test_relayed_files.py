"""Files through the application, as behind a private API alone: the page sends where the server says."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import clear_url_caches
from moto.server import ThreadedMotoServer
from playwright.sync_api import expect

from api.integrations.storage.relayed import LARGEST
from api.proposals import outside
from api.proposals.models import Attachment
from tests.api.integrations.storage.s3_front import BUCKET, ENDPOINT, ENVIRONMENT, REGION, S3Front
from tests.browser.conftest import OpenAs
from tests.browser.people import APPLICANT
from tests.browser.words import LANGUAGES, words

NAME = "見積書(青空システムズ).pdf"


@pytest.fixture
def relaying(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep files in a bucket that only the application reaches."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    S3Front(host, port)
    for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL_S3": f"http://{host}:{port}"}.items():
        monkeypatch.setenv(name, value)
    settings.ATTACHMENTS_BUCKET, settings.ATTACHMENTS_ENDPOINT, settings.AWS_REGION = BUCKET, ENDPOINT, REGION
    settings.ATTACHMENT_STORE = "api.integrations.storage.relayed.from_settings"
    settings.ATTACHMENTS_LARGEST = LARGEST
    settings.ROOT_URLCONF = "tests.api.integrations.storage.relaying_urls"
    outside._made.cache_clear()
    yield
    server.stop()
    outside._made.cache_clear()
    clear_url_caches()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("relaying")
def test_the_largest_travels_both_ways_and_a_larger_one_is_refused_in_words(
    open_as: OpenAs, tmp_path: Path, language: str
) -> None:
    t = words(language)
    page = open_as(APPLICANT, "#/new/general", language=language)
    expect(page.get_by_text(t("file.help", most=20, largest="4 MB"))).to_be_visible()
    page.get_by_label(t("form.title")).fill("新しい机")
    for name, size in ((NAME, LARGEST), (f"大きい{NAME}", LARGEST + 1)):
        (tmp_path / name).write_bytes(hashlib.shake_128(b"file").digest(size))
        page.locator("input[type=file]").set_input_files(tmp_path / name)

    row = page.locator(".file").filter(has_text=NAME)
    expect(row.first).to_contain_text(t("file.state.available"))
    expect(page.get_by_text(t("file.refusal.too_large", largest="4 MB"))).to_be_visible()
    kept = Attachment.objects.get(name=NAME)
    assert (kept.size, kept.state) == (LARGEST, "available")
    with page.expect_download() as download:
        page.get_by_role("button", name=t("file.downloadNamed", name=NAME), exact=True).click()
    assert download.value.suggested_filename == NAME
    download.value.save_as(tmp_path / "read")
    assert (tmp_path / "read").read_bytes() == (tmp_path / NAME).read_bytes()
