"""What the timer does for files: asks again, gives up, deletes; twice is as good as once."""

import datetime as dt
from typing import Any

from api.proposals import attachments, operations
from api.proposals.models import Attachment
from api.proposals.operations.attachment_upkeep import BATCH, STILL_ARRIVING_FOR, UNFINISHED_FOR
from api.proposals.operations.attachments import UPLOAD_LASTS
from api.proposals.ports import ScanVerdict
from tests.api.proposals.test_attachments import DAY, recorded, remove, submit
from tests.attachments import BrokenStore, Scanner, attached, deliver, expect, store
from tests.company import NOON, Company, draft


class TestRecheck:
    def test_asks_again_until_the_scanner_knows(self, company: Company) -> None:
        pending = Scanner(ScanVerdict.PENDING)
        one = attached(draft(company), by=company.applicant, scanner=pending)
        two = attached(draft(company), by=company.applicant, scanner=pending)
        assert operations.recheck_attachments(at=NOON, store=store(), scanner=pending) == 0
        assert operations.recheck_attachments(at=NOON, store=store(), scanner=Scanner(ScanVerdict.CLEAN)) == 2
        assert operations.recheck_attachments(at=NOON, store=store(), scanner=Scanner(ScanVerdict.INFECTED)) == 0
        assert set(Attachment.objects.values_list("pk", "state")) == {(one.pk, "available"), (two.pk, "available")}
        assert recorded() == ["attachment_added", "attachment_added"]

    def test_is_not_stopped_by_a_file_whose_bytes_are_gone(self, company: Company) -> None:
        lost, kept = (
            attached(draft(company), by=company.applicant, scanner=Scanner(ScanVerdict.PENDING)) for _ in range(2)
        )
        store().delete(lost.key)
        assert operations.recheck_attachments(at=NOON, store=store(), scanner=Scanner(ScanVerdict.CLEAN)) == 1
        kept.refresh_from_db()
        assert kept.state == "available"

    def test_waits_where_the_store_does_not_answer(self, company: Company) -> None:
        attached(draft(company), by=company.applicant, scanner=Scanner(ScanVerdict.PENDING))
        scanner = Scanner(ScanVerdict.CLEAN)
        assert operations.recheck_attachments(at=NOON, store=BrokenStore(), scanner=scanner) == 0
        assert scanner.asked == []


class TestClean:
    late = NOON + UPLOAD_LASTS + UNFINISHED_FOR + dt.timedelta(seconds=1)

    def test_gives_up_what_never_came_a_day_after_its_leave_ended(self, company: Company) -> None:
        proposal = draft(company)
        attachment = expect(proposal, by=company.applicant)
        deliver(attachment)  # it came, but nobody confirmed it
        assert operations.clean_attachments(at=self.late - dt.timedelta(seconds=2), store=store()) == 0
        assert operations.clean_attachments(at=self.late, store=store()) == 1
        assert store().look_up(attachment.key) is None
        assert not attachments.working_copy(proposal).exists()
        assert operations.clean_attachments(at=self.late, store=store()) == 0
        submit(proposal, by=company.applicant)

    def test_refuses_what_the_scanner_never_passed_and_says_so(self, company: Company) -> None:
        attachment = attached(draft(company), by=company.applicant, scanner=Scanner(ScanVerdict.PENDING))
        assert operations.clean_attachments(at=self.late, store=store()) == 1
        attachment.refresh_from_db()
        assert (attachment.state, attachment.reason, attachment.purged_at) == ("refused", "not_scanned", self.late)
        assert recorded() == ["attachment_refused"]

    def test_deletes_what_was_removed_once_nothing_can_arrive_any_more(self, company: Company) -> None:
        attachment = attached(draft(company), by=company.applicant)
        remove(attachment, by=company.applicant)
        soon = NOON + UPLOAD_LASTS + STILL_ARRIVING_FOR
        assert operations.clean_attachments(at=soon, store=store()) == 0
        assert operations.clean_attachments(at=soon + dt.timedelta(seconds=1), store=store()) == 1
        assert store().look_up(attachment.key) is None

    def test_leaves_alone_what_is_in_use(self, company: Company) -> None:
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant)
        assert operations.clean_attachments(at=NOON + 365 * DAY, store=store()) == 0
        assert store().look_up(attachment.key) is not None

    def test_begins_again_where_the_store_did_not_answer(self, company: Company) -> None:
        expect(draft(company), by=company.applicant)
        assert operations.clean_attachments(at=self.late, store=BrokenStore()) == 0
        assert operations.clean_attachments(at=self.late, store=store()) == 1

    def test_goes_through_many_in_batches(self, company: Company) -> None:
        row = expect(draft(company), by=company.applicant)
        count = BATCH * 2 + 1
        Attachment.objects.bulk_create(
            Attachment(
                proposal=row.proposal,
                uploaded_by=row.uploaded_by,
                name="a.pdf",
                content_type="application/pdf",
                size=1,
                sha256="0" * 64,
                key=f"attachments/{number:032x}",
                created_at=NOON,
                offered_until=NOON,
            )
            for number in range(count)
        )
        assert operations.clean_attachments(at=self.late, store=store()) == count + 1
        assert not Attachment.objects.filter(purged_at=None).exists()

    def test_does_nothing_where_files_are_off(self, company: Company, settings: Any) -> None:
        expect(draft(company), by=company.applicant)
        settings.ATTACHMENT_STORE = ""
        assert operations.clean_attachments(at=self.late) == 0
        assert operations.recheck_attachments(at=self.late) == 0
        assert Attachment.objects.get().state == "expected"
