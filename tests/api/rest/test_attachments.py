"""A file over HTTP: announced, sent past the API, confirmed, submitted, read by those who decide."""

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api.proposals.models import Attachment
from tests.api.integrations.storage.conftest import LocalBrowser
from tests.api.rest.caller import Caller
from tests.attachments import CONTENT, Scanner, attached, deliver, expect
from tests.company import Company, draft, submitted

BROWSER = LocalBrowser()


def announce(caller: Caller, proposal_id: int, **changes: Any) -> Any:
    file = {
        "name": "見積書.pdf",
        "content_type": "application/pdf",
        "size": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
    }
    return caller.post(f"/proposals/{proposal_id}/attachments", **(file | changes))


class TestTheWholeWay:
    def test_from_the_page_to_those_who_decide(self, company: Company) -> None:
        applicant, manager = Caller(company.applicant), Caller(company.section_manager)
        proposal = draft(company)
        address = f"/proposals/{proposal.pk}"
        assert "attach" in applicant.get(address).json()["actions"]

        answer = announce(applicant, proposal.pk, name="髙﨑様～見積書👍.pdf")
        assert answer.status_code == 201
        attachment, upload = answer.json()["attachment"], answer.json()["upload"]
        assert (attachment["state"], attachment["reason"]) == ("expected", None)
        assert upload["url"] == "http://testserver/api/local-storage"
        ends = dt.datetime.fromisoformat(upload["expires_at"])
        assert dt.timedelta(minutes=59) < ends - timezone.now() <= dt.timedelta(hours=1)
        early = applicant.post(f"/attachments/{attachment['id']}/confirm")
        assert (early.status_code, early.json()["code"]) == (409, "attachment_not_arrived")
        unfinished = applicant.post(f"{address}/submit", version=1)
        assert (unfinished.status_code, unfinished.json()["code"]) == (409, "attachments_unfinished")
        assert "髙﨑様～見積書👍.pdf" in unfinished.json()["detail"]

        assert BROWSER.post(upload["url"], upload["fields"], CONTENT).status == 204
        confirmed = applicant.post(f"/attachments/{attachment['id']}/confirm")
        assert confirmed.json()["state"] == "available"
        submitted_ = applicant.post(f"{address}/submit", version=1).json()
        assert "attach" not in submitted_["actions"]
        assert [event["kind"] for event in submitted_["history"]] == ["created", "attachment_added", "submitted"]
        assert submitted_["history"][1]["attachment"] == submitted_["attachments"][0]["id"]

        (seen,) = manager.get(address).json()["attachments"]
        assert (seen["name"], seen["size"]) == ("髙﨑様～見積書👍.pdf", len(CONTENT))
        download = manager.get(f"/attachments/{seen['id']}/download").json()
        assert dt.datetime.fromisoformat(download["expires_at"]) - timezone.now() <= dt.timedelta(minutes=2)
        read = BROWSER.get(download["url"])
        assert read.body == CONTENT
        assert read.headers["content-disposition"].startswith("attachment;")
        assert read.headers["x-content-type-options"] == "nosniff"

    def test_goes_on_with_a_new_form_where_the_first_one_ended(self, company: Company) -> None:
        applicant = Caller(company.applicant)
        attachment = expect(draft(company), by=company.applicant)  # long ago
        answer = applicant.post(f"/attachments/{attachment.pk}/upload")
        assert answer.status_code == 200
        upload = answer.json()["upload"]
        assert BROWSER.post(upload["url"], upload["fields"], CONTENT).status == 204
        assert applicant.post(f"/attachments/{attachment.pk}/confirm").json()["state"] == "available"

    def test_ends_with_the_file_taken_out_of_the_draft(self, company: Company) -> None:
        applicant = Caller(company.applicant)
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant)
        assert applicant.delete(f"/attachments/{attachment.pk}").status_code == 204
        assert applicant.get(f"/proposals/{proposal.pk}").json()["attachments"] == []
        gone = applicant.delete(f"/attachments/{attachment.pk}")
        assert (gone.status_code, gone.json()["code"]) == (404, "no_such_attachment")


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"name": "a.exe"}, 422, "attachment_type_refused"),
            ({"name": "../a.pdf"}, 422, "attachment_name_invalid"),
            ({"name": ""}, 422, "attachment_name_invalid"),
            ({"size": 50 * 1024 * 1024 + 1}, 422, "attachment_too_large"),
            ({"size": 0}, 422, "attachment_empty"),
            ({"size": -1}, 400, "invalid_input"),
            ({"size": 2**70}, 400, "invalid_input"),
            ({"sha256": "A" * 64}, 400, "invalid_input"),
            ({"content_type": "text/html"}, 422, "attachment_type_refused"),
        ],
    )
    def test_of_what_is_announced(self, company: Company, changes: dict[str, Any], status: int, code: str) -> None:
        answer = announce(Caller(company.applicant), draft(company).pk, **changes)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert not Attachment.objects.exists()

    def test_say_in_both_languages_what_to_do(self, company: Company) -> None:
        proposal = draft(company)
        japanese = announce(Caller(company.applicant), proposal.pk, name="動画.mp4").json()["detail"]
        english = announce(Caller(company.applicant, language="en"), proposal.pk, name="動画.mp4").json()["detail"]
        assert "動画.mp4" in japanese
        assert "pdf" in japanese
        assert "ファイル" in japanese
        assert english.startswith("“動画.mp4” is not a kind of file")

    @pytest.mark.parametrize("person", ["section_manager", "administrator", "president"])
    def test_hide_a_draft_and_its_files_from_all_others(self, company: Company, person: str) -> None:
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant)
        other = Caller(getattr(company, person))
        assert announce(other, proposal.pk).json()["code"] == "no_such_proposal"
        for answer in (
            other.get(f"/attachments/{attachment.pk}/download"),
            other.post(f"/attachments/{attachment.pk}/confirm"),
            other.post(f"/attachments/{attachment.pk}/upload"),
            other.delete(f"/attachments/{attachment.pk}"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "no_such_attachment")

    def test_leave_a_submitted_proposals_files_as_they_are(self, company: Company) -> None:
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant)
        applicant, manager = Caller(company.applicant), Caller(company.section_manager)
        applicant.post(f"/proposals/{proposal.pk}/submit", version=1)
        assert applicant.delete(f"/attachments/{attachment.pk}").json()["code"] == "wrong_state"
        assert manager.delete(f"/attachments/{attachment.pk}").json()["code"] == "wrong_state"
        assert announce(manager, proposal.pk).json()["code"] == "wrong_state"
        assert manager.get(f"/attachments/{attachment.pk}/download").status_code == 200

    def test_of_what_has_not_been_checked(self, company: Company) -> None:
        attachment = expect(draft(company), by=company.applicant)
        answer = Caller(company.applicant).get(f"/attachments/{attachment.pk}/download")
        assert (answer.status_code, answer.json()["code"]) == (409, "attachment_not_ready")

    def test_of_an_infected_file_give_the_reason(self, company: Company, settings: Any) -> None:
        settings.MALWARE_SCANNER = "tests.api.rest.test_attachments.infected"
        attachment = expect(draft(company), by=company.applicant)
        deliver(attachment)
        answer = Caller(company.applicant).post(f"/attachments/{attachment.pk}/confirm")
        assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "refused", "infected")

    def test_where_the_store_does_not_answer(self, company: Company, settings: Any) -> None:
        settings.ATTACHMENT_STORE = "tests.attachments.BrokenStore"
        attachment_id = announce(Caller(company.applicant), draft(company).pk)
        assert (attachment_id.status_code, attachment_id.json()["code"]) == (503, "storage_unavailable")
        assert attachment_id["Retry-After"] == "2"


def infected() -> Scanner:
    from api.proposals.ports import ScanVerdict

    return Scanner(ScanVerdict.INFECTED)


class TestWithoutStorage:
    def test_says_that_files_are_off(self, company: Company, settings: Any) -> None:
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant)
        settings.ATTACHMENT_STORE = ""
        applicant = Caller(company.applicant)
        assert applicant.get("/me").json()["attachments"] is None
        assert "attach" not in applicant.get(f"/proposals/{proposal.pk}").json()["actions"]
        for answer in (
            announce(applicant, proposal.pk),
            applicant.get(f"/attachments/{attachment.pk}/download"),
            applicant.post(f"/attachments/{attachment.pk}/confirm"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "attachments_off")


class TestLimits:
    def test_are_told_to_the_page(self, company: Company) -> None:
        limits = Caller(company.applicant).get("/me").json()["attachments"]
        assert (limits["largest"], limits["most"]) == (50 * 1024 * 1024, 20)
        assert {"extension": "pdf", "content_type": "application/pdf"} in limits["kinds"]


class TestQueries:
    def test_do_not_grow_with_the_number_of_files(self, company: Company, django_assert_max_num_queries: Any) -> None:
        proposal = submitted(company)
        caller = Caller(company.applicant)
        attachments = [attached(draft(company), by=company.applicant) for _ in range(5)]
        with django_assert_max_num_queries(25) as before:
            caller.get(f"/proposals/{proposal.pk}")
        with django_assert_max_num_queries(25) as after:
            caller.get(f"/proposals/{attachments[0].proposal_id}")
        assert len(after) <= len(before) + 1


class TestLocalStorage:
    def form(self, company: Company) -> dict[str, Any]:
        upload: dict[str, Any] = announce(Caller(company.applicant), draft(company).pk).json()["upload"]
        return upload

    def test_of_an_upload_cut_off_keeps_nothing_and_takes_it_again(self, company: Company) -> None:
        upload = self.form(company)
        boundary = "b0undary"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in upload["fields"].items()
        ]
        file = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf'
        body = "".join([*parts, f"--{boundary}\r\n{file}\r\n\r\n"]).encode() + CONTENT[:5]
        answer = Client().post("/api/local-storage", body, content_type=f"multipart/form-data; boundary={boundary}")
        assert answer.status_code == 400
        from tests.attachments import store

        assert list(store().incoming().iterdir()) == []
        assert BROWSER.post(upload["url"], upload["fields"], CONTENT).status == 204

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b"", "multipart/form-data; boundary=x"),
            (b"nothing", "multipart/form-data"),
            (b"{}", "application/json"),
            (
                b'--x\r\nContent-Disposition: form-data; name="policy"\r\n\r\n' + b"x" * 3 * 1024**2,
                "multipart/form-data; boundary=x",
            ),
        ],
    )
    def test_of_what_is_no_form_is_refused(self, company: Company, body: bytes, content_type: str) -> None:
        assert Client().post("/api/local-storage", body, content_type=content_type).status_code in {400, 403}

    def test_of_a_form_without_a_file_is_refused(self, company: Company) -> None:
        upload = self.form(company)
        assert Client().post(upload["url"], upload["fields"]).status_code == 400

    def test_answers_nothing_else(self, company: Company) -> None:
        assert Client().get("/api/local-storage").status_code == 405
        assert Client().delete("/api/local-storage/attachments/x").status_code == 405
