"""Files beside a proposal: who may add, see and remove them, what is checked, what stays."""

import datetime as dt
from typing import Any

import pytest

from api.organization.models import Person
from api.proposals import attachments, operations
from api.proposals.errors import (
    AttachmentNotArrived,
    AttachmentNotExpected,
    AttachmentNotReady,
    AttachmentsUnfinished,
    NoSuchAttachment,
    NoSuchProposal,
    StorageUnavailable,
    TooManyAttachments,
    WrongState,
)
from api.proposals.models import Attachment, AuditEvent, Proposal, Revision
from api.proposals.operations.attachments import UPLOAD_LASTS
from api.proposals.ports import ScanVerdict
from api.proposals.states import Verdict
from tests.attachments import CONTENT, BrokenStore, Scanner, attached, confirm, deliver, expect, store
from tests.company import NOON, Company, decide, draft, submitted

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def submit(proposal: Proposal, *, by: Person) -> Proposal:
    proposal.refresh_from_db()
    return operations.submit(proposal_id=proposal.pk, version=proposal.version, by=by, at=NOON)


def remove(attachment: Attachment, *, by: Person) -> None:
    operations.remove_attachment(attachment_id=attachment.pk, by=by, at=NOON)


def recorded() -> list[str]:
    kinds = AuditEvent.objects.filter(kind__startswith="attachment_").order_by("sequence")
    return list(kinds.values_list("kind", flat=True))


class TestAdd:
    def test_is_for_the_applicant_of_a_draft(self, company: Company) -> None:
        proposal = draft(company)
        attachment = expect(proposal, by=company.applicant)
        assert (attachment.state, attachment.content_type) == ("expected", "application/pdf")
        assert attachment.offered_until == NOON + UPLOAD_LASTS
        assert "見積書" not in attachment.key
        for person in (company.section_manager, company.administrator):
            with pytest.raises(NoSuchProposal):
                expect(proposal, by=person)

    def test_ends_with_the_submission(self, company: Company) -> None:
        proposal = submitted(company)
        with pytest.raises(WrongState):
            expect(proposal, by=company.applicant)
        decide(proposal, Verdict.RETURN)
        expect(proposal, by=company.applicant)

    def test_stops_at_the_most_that_a_proposal_can_have(self, company: Company, settings: Any) -> None:
        settings.ATTACHMENTS_MOST = 2
        proposal = draft(company)
        first = expect(proposal, by=company.applicant)
        expect(proposal, by=company.applicant)
        with pytest.raises(TooManyAttachments):
            expect(proposal, by=company.applicant)
        remove(first, by=company.applicant)
        expect(proposal, by=company.applicant)

    def test_writes_nothing_when_nothing_can_be_signed(self, company: Company) -> None:
        proposal = draft(company)
        with pytest.raises(StorageUnavailable):
            operations.add_attachment(
                proposal_id=proposal.pk,
                name="a.pdf",
                content_type="",
                size=1,
                sha256="0" * 64,
                by=company.applicant,
                at=NOON,
                store=BrokenStore(),
            )
        assert not Attachment.objects.exists()


class TestRenew:
    def test_gives_a_new_leave_for_the_same_file(self, company: Company) -> None:
        attachment = expect(draft(company), by=company.applicant)
        renewed, upload = operations.renew_upload(
            attachment_id=attachment.pk, by=company.applicant, at=NOON + 2 * HOUR, store=store()
        )
        assert (renewed.pk, upload.fields["key"]) == (attachment.pk, attachment.key)
        assert upload.expires_at == Attachment.objects.get().offered_until == NOON + 3 * HOUR

    def test_is_refused_for_what_has_arrived(self, company: Company) -> None:
        attachment = attached(draft(company), by=company.applicant)
        with pytest.raises(AttachmentNotExpected):
            operations.renew_upload(attachment_id=attachment.pk, by=company.applicant, at=NOON, store=store())

    def test_changes_nothing_when_nothing_can_be_signed(self, company: Company) -> None:
        attachment = expect(draft(company), by=company.applicant)
        with pytest.raises(StorageUnavailable):
            operations.renew_upload(attachment_id=attachment.pk, by=company.applicant, at=NOON, store=BrokenStore())
        attachment.refresh_from_db()
        assert (attachment.state, attachment.offered_until) == ("expected", NOON + UPLOAD_LASTS)


class TestConfirm:
    def test_makes_available_what_is_as_declared(self, company: Company) -> None:
        attachment = attached(draft(company), by=company.applicant)
        assert (attachment.state, attachment.checked_at) == ("available", NOON)
        event = AuditEvent.objects.get(kind="attachment_added")
        assert event.data == {"revision": 0, "attachment_id": attachment.pk, "sha256": attachment.sha256}

    def test_twice_is_as_good_as_once(self, company: Company) -> None:
        attachment = attached(draft(company), by=company.applicant)
        assert confirm(attachment, by=company.applicant).state == "available"
        assert recorded() == ["attachment_added"]

    def test_of_an_interrupted_upload_leaves_everything_as_it_was(self, company: Company) -> None:
        attachment = expect(draft(company), by=company.applicant)
        with pytest.raises(AttachmentNotArrived):
            confirm(attachment, by=company.applicant)
        deliver(attachment)
        assert confirm(attachment, by=company.applicant).state == "available"

    @pytest.mark.parametrize(
        ("content", "reason"), [(CONTENT[:-1], "wrong_size"), (b"!" + CONTENT[1:], "wrong_digest")]
    )
    def test_refuses_other_bytes_for_good(self, company: Company, content: bytes, reason: str) -> None:
        attachment = expect(draft(company), by=company.applicant)
        deliver(attachment, content)
        refused = confirm(attachment, by=company.applicant)
        assert (refused.state, refused.reason) == ("refused", reason)
        deliver(attachment)
        assert confirm(attachment, by=company.applicant).state == "refused"
        assert recorded() == ["attachment_refused"]

    def test_asks_the_scanner_and_refuses_what_is_infected(self, company: Company) -> None:
        scanner = Scanner(ScanVerdict.INFECTED)
        attachment = attached(draft(company), by=company.applicant, scanner=scanner)
        assert (attachment.state, attachment.reason) == ("refused", "infected")
        assert scanner.asked == [attachment.key]
        with pytest.raises(AttachmentNotReady):
            attachments.readable_by(person=company.applicant, attachment_id=attachment.pk)

    @pytest.mark.parametrize("verdict", [ScanVerdict.PENDING, None])
    def test_keeps_in_quarantine_what_the_scanner_did_not_pass(
        self, company: Company, verdict: ScanVerdict | None
    ) -> None:
        attachment = attached(draft(company), by=company.applicant, scanner=Scanner(verdict))
        assert attachment.state == "quarantined"
        assert recorded() == []
        assert confirm(attachment, by=company.applicant, scanner=Scanner(ScanVerdict.CLEAN)).state == "available"

    def test_changes_nothing_while_the_store_does_not_answer(self, company: Company) -> None:
        attachment = expect(draft(company), by=company.applicant)
        with pytest.raises(StorageUnavailable):
            operations.confirm_attachment(
                attachment_id=attachment.pk, by=company.applicant, at=NOON, store=BrokenStore(), scanner=None
            )
        attachment.refresh_from_db()
        assert attachment.state == "expected"


class TestRemove:
    def test_takes_a_file_out_of_a_draft(self, company: Company) -> None:
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant)
        remove(attachment, by=company.applicant)
        assert not attachments.working_copy(proposal).exists()
        assert recorded() == ["attachment_added", "attachment_removed"]
        with pytest.raises(NoSuchAttachment):
            remove(attachment, by=company.applicant)

    def test_of_what_never_arrived_is_no_event(self, company: Company) -> None:
        remove(expect(draft(company), by=company.applicant), by=company.applicant)
        assert recorded() == []

    def test_leaves_with_the_revision_what_was_submitted(self, company: Company) -> None:
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant)
        submit(proposal, by=company.applicant)
        with pytest.raises(WrongState):
            remove(attachment, by=company.applicant)
        decide(Proposal.objects.get(), Verdict.RETURN)
        remove(attachment, by=company.applicant)
        assert not attachments.working_copy(proposal).exists()
        operations.clean_attachments(at=NOON + 30 * DAY, store=store())
        assert store().look_up(attachment.key) is not None
        readable = attachments.readable_by(person=company.section_manager, attachment_id=attachment.pk)
        assert readable.pk == attachment.pk

        submit(proposal, by=company.applicant)
        first, second = Revision.objects.order_by("number")
        assert list(attachments.submitted_with(first)) == [attachment]
        assert list(attachments.submitted_with(second)) == []
        assert first.content_sha256 != second.content_sha256


class TestSubmit:
    def test_waits_for_files_and_names_them(self, company: Company) -> None:
        proposal = draft(company)
        attachment = expect(proposal, by=company.applicant, name="契約書.pdf")
        with pytest.raises(AttachmentsUnfinished) as refused:
            submit(proposal, by=company.applicant)
        assert "契約書.pdf" in refused.value.detail
        deliver(attachment)
        confirm(attachment, by=company.applicant, scanner=Scanner(ScanVerdict.PENDING))
        with pytest.raises(AttachmentsUnfinished):
            submit(proposal, by=company.applicant)
        confirm(attachment, by=company.applicant)
        assert submit(proposal, by=company.applicant).state == "in_progress"

    def test_does_not_pass_over_a_refused_file(self, company: Company) -> None:
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant, scanner=Scanner(ScanVerdict.INFECTED))
        with pytest.raises(AttachmentsUnfinished):
            submit(proposal, by=company.applicant)
        remove(attachment, by=company.applicant)
        submit(proposal, by=company.applicant)

    def test_covers_the_files_by_its_digest(self, company: Company) -> None:
        digests = set()
        for name, content in [("a.pdf", b"1"), ("b.pdf", b"1"), ("a.pdf", b"2"), (None, b"")]:
            proposal = draft(company)
            if name:
                attached(proposal, by=company.applicant, name=name, content=content)
            submit(proposal, by=company.applicant)
            digests.add(Revision.objects.get(proposal=proposal).content_sha256)
        assert len(digests) == 4


class TestReaders:
    """Who sees a file, by its state and by whether a revision holds it."""

    def readers(self, company: Company, attachment: Attachment) -> set[str]:
        found = set()
        for person in Person.objects.all():
            try:
                attachments.readable_by(person=person, attachment_id=attachment.pk)
            except (NoSuchAttachment, AttachmentNotReady):
                continue
            found.add(person.username)
        return found

    def test_of_an_expected_file_are_none(self, company: Company) -> None:
        assert self.readers(company, expect(draft(company), by=company.applicant)) == set()

    @pytest.mark.parametrize("verdict", [ScanVerdict.PENDING, ScanVerdict.CLEAN])
    def test_of_a_drafts_file_are_its_uploader(self, company: Company, verdict: ScanVerdict) -> None:
        attachment = attached(draft(company), by=company.applicant, scanner=Scanner(verdict))
        assert self.readers(company, attachment) == {"applicant"}

    def test_of_a_refused_file_are_none(self, company: Company) -> None:
        scanner = Scanner(ScanVerdict.INFECTED)
        assert self.readers(company, attached(draft(company), by=company.applicant, scanner=scanner)) == set()

    def test_of_a_submitted_file_are_those_who_see_the_proposal(self, company: Company) -> None:
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant)
        submit(proposal, by=company.applicant)
        assert self.readers(company, attachment) == {"applicant", "section_manager", "administrator"}

    def test_of_a_file_added_after_a_return_are_the_applicant_until_it_is_submitted(self, company: Company) -> None:
        proposal = submitted(company)
        decide(proposal, Verdict.RETURN)
        attachment = attached(proposal, by=company.applicant)
        assert self.readers(company, attachment) == {"applicant"}
        submit(proposal, by=company.applicant)
        assert self.readers(company, attachment) == {"applicant", "section_manager", "administrator"}
