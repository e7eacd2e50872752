"""Many at once on one file: it becomes available once, or is removed, and the trail tells one story."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from api.proposals import operations
from api.proposals.errors import NoSuchAttachment, TooManyAttachments
from api.proposals.models import Attachment, AuditEvent
from tests.attachments import attached, confirm, deliver, expect, store
from tests.company import NOON, draft, found_company
from tests.threads import together


def recorded() -> Counter[str]:
    return Counter(AuditEvent.objects.filter(kind__startswith="attachment_").values_list("kind", flat=True))


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_confirmations_of_one_file_add_it_once(self, database: str) -> None:
        company = found_company()
        attachment = expect(draft(company), by=company.applicant)
        deliver(attachment)

        outcomes = together(
            16 if database == "sqlite" else 32, lambda _number: confirm(attachment, by=company.applicant).state
        )

        assert set(outcomes) == {"available"}, outcomes
        assert recorded() == {"attachment_added": 1}

    def test_a_removal_and_confirmations_leave_it_removed(self) -> None:
        company = found_company()
        attachment = expect(draft(company), by=company.applicant)
        deliver(attachment)

        def act(number: int) -> str:
            if number == 0:
                operations.remove_attachment(attachment_id=attachment.pk, by=company.applicant, at=NOON)
                return "removed"
            return confirm(attachment, by=company.applicant).state

        outcomes = together(8, act)

        assert outcomes[0] == "removed"
        assert {type(outcome) for outcome in outcomes[1:]} <= {str, NoSuchAttachment}, outcomes
        attachment.refresh_from_db()
        assert attachment.state == "removed"
        added = recorded()["attachment_added"]
        assert added <= 1
        assert recorded()["attachment_removed"] == added

    def test_additions_at_the_limit_do_not_pass_it(self, settings: Any) -> None:
        settings.ATTACHMENTS_MOST = 3
        company = found_company()
        proposal = draft(company)

        outcomes = together(8, lambda _number: expect(proposal, by=company.applicant).state)

        assert outcomes.count("expected") == 3
        assert sum(isinstance(outcome, TooManyAttachments) for outcome in outcomes) == 5
        assert Attachment.objects.count() == 3

    def test_a_submission_and_a_removal_agree(self) -> None:
        company = found_company()
        proposal = draft(company)
        attachment = attached(proposal, by=company.applicant)

        def act(number: int) -> str:
            if number:
                operations.remove_attachment(attachment_id=attachment.pk, by=company.applicant, at=NOON)
                return "removed"
            return operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON).state

        outcomes = together(2, act)

        attachment.refresh_from_db()
        assert outcomes[0] == "in_progress"
        assert attachment.revisions.exists() == (attachment.state == "available")

    def test_two_timers_clean_as_one(self) -> None:
        company = found_company()
        proposal = draft(company)
        for _ in range(10):
            deliver(expect(proposal, by=company.applicant))
        late = NOON + 2 * dt.timedelta(days=1)

        outcomes = together(4, lambda _number: operations.clean_attachments(at=late, store=store()))

        assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == 10, outcomes
        assert not Attachment.objects.filter(purged_at=None).exists()
