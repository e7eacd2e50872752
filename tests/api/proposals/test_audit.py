"""The chain tells of every row that was changed, removed, inserted or cut off."""

import pytest

from api.proposals import audit
from api.proposals.models import AuditEvent
from tests.company import NOON, Company, approved


@pytest.fixture
def trail(company: Company) -> list[AuditEvent]:
    approved(company, amount=1_500_000)
    return list(AuditEvent.objects.order_by("sequence"))


class TestFirstBroken:
    def test_is_none_for_an_untouched_trail(self, trail: list[AuditEvent]) -> None:
        assert trail[0].previous_hash == audit.GENESIS
        assert audit.first_broken() is None

    def test_names_a_changed_row(self, trail: list[AuditEvent]) -> None:
        AuditEvent.objects.filter(sequence=3).update(actor=None, kind="rejected")
        assert audit.first_broken() == 3

    def test_names_a_removed_row(self, trail: list[AuditEvent]) -> None:
        AuditEvent.objects.filter(sequence=2).delete()
        assert audit.first_broken() == 2

    def test_names_a_row_cut_off_at_the_end(self, trail: list[AuditEvent]) -> None:
        AuditEvent.objects.filter(sequence=len(trail)).delete()
        assert audit.first_broken() == len(trail)

    def test_names_an_inserted_row(self, trail: list[AuditEvent]) -> None:
        last = trail[-1]
        forged = AuditEvent(
            sequence=last.sequence + 1, at=NOON, kind="approved", data={}, previous_hash=last.hash, hash="f" * 64
        )
        forged.save(force_insert=True)
        assert audit.first_broken() == forged.sequence

    def test_names_a_row_that_was_changed_and_hashed_anew(self, trail: list[AuditEvent]) -> None:
        row = trail[1]
        row.kind = "rejected"
        row.hash = audit.digest(row)
        row.save()
        assert audit.first_broken() == 3


class TestRecord:
    def test_holds_no_names_and_no_words(self, trail: list[AuditEvent]) -> None:
        for event in trail:
            for value in event.data.values():
                assert isinstance(value, int) or len(value) == 64

    @pytest.mark.django_db(transaction=True)
    def test_belongs_into_a_transaction(self) -> None:
        with pytest.raises(RuntimeError, match="transaction"):
            audit.record(kind="created", at=NOON, by=None)
