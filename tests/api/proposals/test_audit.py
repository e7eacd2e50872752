"""What the audit trail holds, and that nobody changes it."""

import pytest
from django.db import DatabaseError, connection, transaction

from api.proposals import audit
from api.proposals.models import AuditEvent
from tests.audit_trail import without_guard
from tests.company import NOON, Company, approved


@pytest.fixture
def trail(company: Company) -> list[AuditEvent]:
    approved(company, amount=1_500_000)
    return list(AuditEvent.objects.order_by("sequence"))


class TestRecord:
    def test_holds_no_names_and_no_words(self, trail: list[AuditEvent]) -> None:
        for event in trail:
            for value in event.data.values():
                assert isinstance(value, int) or len(value) == 64

    def test_chains_from_the_first_row_on(self, trail: list[AuditEvent]) -> None:
        assert trail[0].previous_hash == audit.GENESIS
        assert [event.previous_hash for event in trail[1:]] == [event.hash for event in trail[:-1]]

    @pytest.mark.django_db(transaction=True)
    def test_belongs_into_a_transaction(self) -> None:
        with pytest.raises(RuntimeError, match="transaction"):
            audit.record(kind="created", at=NOON, by=None)


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE proposals_auditevent SET kind = 'approved' WHERE sequence = 2",
            "DELETE FROM proposals_auditevent WHERE sequence = 2",
        ],
    )
    def test_refuses_to_change_or_remove_a_row(self, trail: list[AuditEvent], statement: str) -> None:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_lets_the_same_statement_pass_where_nothing_guards(self, trail: list[AuditEvent]) -> None:
        """The positive control: without the trigger the probe changes the row."""
        with without_guard(), connection.cursor() as cursor:
            cursor.execute("UPDATE proposals_auditevent SET kind = 'approved' WHERE sequence = 2")
            assert cursor.rowcount == 1
