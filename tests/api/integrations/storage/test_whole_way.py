"""The API over each store: what a page does from announcing a file to its download, and after an interruption."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from api.proposals import operations, outside
from api.proposals.ports import AttachmentStore
from tests.api.integrations.storage.conftest import Place
from tests.api.rest.caller import Caller
from tests.company import NOON, Company, draft

CONTENT = b"%PDF-1.7" + bytes(100_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NAME = "髙﨑～見積書👍.pdf"
_stores: list[AttachmentStore] = []


def configured() -> AttachmentStore:
    return _stores[-1]


@pytest.fixture
def api(place: Place, company: Company, settings: Any) -> Iterator[Caller]:
    """The applicant, calling an API that keeps files in `place`."""
    _stores.append(place.store)
    settings.ATTACHMENT_STORE = f"{__name__}.configured"
    outside._made.cache_clear()
    yield Caller(company.applicant)
    outside._made.cache_clear()
    _stores.clear()


class TestTheWholeWay:
    def test_leads_to_the_same_bytes_under_the_same_name(self, api: Caller, place: Place, company: Company) -> None:
        proposal = draft(company)
        announced = api.post(
            f"/proposals/{proposal.pk}/attachments", name=NAME, size=len(CONTENT), sha256=DIGEST
        ).json()
        attachment, upload = announced["attachment"]["id"], announced["upload"]
        url = upload["url"].removeprefix("http://testserver")
        assert place.browser.post(url, upload["fields"], CONTENT).status == 204
        assert api.post(f"/attachments/{attachment}/confirm").json()["state"] == "available"
        api.post(f"/proposals/{proposal.pk}/submit", version=1)

        download = Caller(company.section_manager).get(f"/attachments/{attachment}/download").json()
        answer = place.browser.get(download["url"].removeprefix("http://testserver"))
        assert answer.body == CONTENT

    def test_begins_again_by_a_new_form(self, api: Caller, place: Place, company: Company) -> None:
        attachment, old = operations.add_attachment(
            proposal_id=draft(company).pk,
            name=NAME,
            content_type="",
            size=len(CONTENT),
            sha256=DIGEST,
            by=company.applicant,
            at=NOON,  # long ago: the form has ended, as it does with the credentials that signed it
            store=place.store,
        )
        assert place.browser.post(old.url, old.fields, CONTENT).status == 403
        answer = api.post(f"/attachments/{attachment.pk}/confirm")
        assert (answer.status_code, answer.json()["code"]) == (409, "attachment_not_arrived")

        upload = api.post(f"/attachments/{attachment.pk}/upload").json()["upload"]
        assert upload["fields"]["key"] == old.fields["key"]
        url = upload["url"].removeprefix("http://testserver")
        assert place.browser.post(url, upload["fields"], CONTENT).status == 204
        assert api.post(f"/attachments/{attachment.pk}/confirm").json()["state"] == "available"
