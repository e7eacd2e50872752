"""The stores under test, each with what a browser does to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from moto.server import ThreadedMotoServer

from api.integrations.aws.credentials import CredentialSource
from api.integrations.aws.transport import Answer
from api.integrations.storage import relayed
from api.integrations.storage.local import from_settings
from api.integrations.storage.s3 import S3Store
from api.proposals.ports import AttachmentStore
from tests.api.integrations.storage.s3_front import BUCKET, ENDPOINT, ENVIRONMENT, REGION, S3Front


class Browser(Protocol):
    def post(self, url: str, fields: Mapping[str, str], content: bytes) -> Answer: ...

    def get(self, url: str) -> Answer: ...


class LocalBrowser:
    """A browser at the local store's addresses."""

    def post(self, url: str, fields: Mapping[str, str], content: bytes) -> Answer:
        file = SimpleUploadedFile("見積書.pdf", content, content_type="application/pdf")
        response = Client().post(url, {**fields, "file": file})
        return Answer(response.status_code, {k.lower(): v for k, v in response.items()}, response.content)

    def get(self, url: str) -> Answer:
        response = Client().get(url)
        content = b"".join(response) if response.streaming else response.content
        return Answer(response.status_code, {k.lower(): v for k, v in response.items()}, content)


@dataclass(frozen=True)
class Place:
    store: AttachmentStore
    browser: Browser


@pytest.fixture(scope="session")
def moto() -> Iterator[tuple[str, int]]:
    """moto's S3 on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()
    server.stop()


@pytest.fixture(params=["local", "relayed", "s3"])
def place(request: pytest.FixtureRequest, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A store, and a browser that may reach it."""
    if request.param == "local":
        settings.ATTACHMENTS_FOLDER = str(tmp_path)
        return Place(from_settings(), LocalBrowser())
    front = S3Front(*request.getfixturevalue("moto"))
    if request.param == "relayed":
        settings.ROOT_URLCONF = "tests.api.integrations.storage.relaying_urls"
        settings.ATTACHMENTS_BUCKET, settings.ATTACHMENTS_ENDPOINT, settings.AWS_REGION = BUCKET, ENDPOINT, REGION
        for name, value in ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        host, port = request.getfixturevalue("moto")
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}:{port}")
        return Place(relayed.from_settings(), LocalBrowser())
    store = S3Store(
        bucket=BUCKET,
        endpoint=ENDPOINT,
        region=REGION,
        credentials=CredentialSource(ENVIRONMENT),
        transport=front.send,
    )
    return Place(store, front)
