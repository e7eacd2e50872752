"""The trail tells of every row that was changed, removed, inserted, cut off or written anew."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from api.integrations.storage.local_heads import LocalHeadStore
from api.proposals import audit, verification
from api.proposals.models import AuditEvent, AuditHead, NumberSequence
from api.proposals.verification import Fault, Finding, Head, export_head, telling_heads, verify
from tests.audit_trail import without_guard
from tests.company import NOON, Company, approved


@pytest.fixture
def trail(company: Company) -> list[AuditEvent]:
    approved(company, amount=1_500_000)
    return list(AuditEvent.objects.order_by("sequence"))


@pytest.fixture
def heads(tmp_path: Path) -> LocalHeadStore:
    return LocalHeadStore(tmp_path / "heads")


def kept(heads: LocalHeadStore) -> list[Head]:
    return telling_heads(heads)


def rewrite_from(sequence: int) -> None:
    """Write the trail anew from one row on, as someone would who owns the tables and knows how it is chained."""
    with without_guard():
        previous = audit.GENESIS
        for event in AuditEvent.objects.order_by("sequence"):
            if event.sequence == sequence:
                event.kind = "rejected"
            event.previous_hash = previous
            event.hash = previous = audit.digest(event)
            event.save()
    AuditHead.objects.update(hash=previous)


@pytest.mark.django_db
class TestVerify:
    def test_finds_nothing_in_an_untouched_trail(self, trail: list[AuditEvent], heads: LocalHeadStore) -> None:
        export_head(heads, at=NOON)
        assert verify(kept(heads)) is None

    def test_finds_nothing_where_nothing_was_written(self, db: None) -> None:
        assert verify() is None

    def test_names_a_changed_row(self, trail: list[AuditEvent]) -> None:
        with without_guard():
            AuditEvent.objects.filter(sequence=3).update(kind="rejected")
        assert verify() == Finding(3, Fault.CHANGED)

    def test_names_a_row_that_was_changed_and_hashed_anew(self, trail: list[AuditEvent]) -> None:
        row = trail[1]
        row.kind = "rejected"
        row.hash = audit.digest(row)
        with without_guard():
            row.save()
        assert verify() == Finding(3, Fault.CHANGED)

    def test_names_a_removed_row(self, trail: list[AuditEvent]) -> None:
        with without_guard():
            AuditEvent.objects.filter(sequence=2).delete()
        assert verify() == Finding(2, Fault.REMOVED)

    def test_names_an_inserted_row(self, trail: list[AuditEvent]) -> None:
        last = trail[-1]
        forged = AuditEvent(sequence=last.sequence + 1, at=NOON, kind="approved", data={}, previous_hash=last.hash)
        forged.hash = audit.digest(forged)
        forged.save(force_insert=True)
        assert verify() == Finding(forged.sequence, Fault.INSERTED)

    @pytest.mark.parametrize("sequence", [0, 999])
    def test_names_a_row_inserted_before_the_first_or_far_behind_the_last(
        self, trail: list[AuditEvent], sequence: int
    ) -> None:
        forged = AuditEvent(sequence=sequence, at=NOON, kind="approved", data={}, previous_hash=audit.GENESIS)
        forged.hash = audit.digest(forged)
        forged.save(force_insert=True)
        assert verify() == Finding(sequence, Fault.INSERTED)

    @pytest.mark.only_on("sqlite")
    def test_names_a_row_whose_moment_is_none(self, trail: list[AuditEvent]) -> None:
        with without_guard(), connection.cursor() as cursor:
            cursor.execute("UPDATE proposals_auditevent SET at = 'once' WHERE sequence = 3")
        assert verify() == Finding(3, Fault.CHANGED)

    def test_is_not_alarmed_by_what_is_appended_meanwhile(self, trail: list[AuditEvent]) -> None:
        appended: list[str] = []

        def append_before_the_head_is_read(execute: Any, sql: str, *rest: Any) -> Any:
            if "proposals_audithead" in sql and not appended:
                appended.append(sql)
                audit.record(kind="commented", at=NOON, by=None)
            return execute(sql, *rest)

        with connection.execute_wrapper(append_before_the_head_is_read):
            assert verify() is None
        assert AuditEvent.objects.count() == len(trail) + 1, "it was appended in the middle"

    def test_names_a_row_cut_off_at_the_end(self, trail: list[AuditEvent]) -> None:
        with without_guard():
            AuditEvent.objects.filter(sequence=len(trail)).delete()
        assert verify() == Finding(len(trail), Fault.CUT_OFF)

    def test_names_a_row_cut_off_together_with_the_head(self, trail: list[AuditEvent], heads: LocalHeadStore) -> None:
        export_head(heads, at=NOON)
        with without_guard():
            AuditEvent.objects.filter(sequence=len(trail)).delete()
        AuditHead.objects.update(count=F("count") - 1, hash=trail[-2].hash)
        assert verify() is None, "the table alone cannot show it"
        assert verify(kept(heads)) == Finding(len(trail), Fault.CUT_OFF)

    def test_names_where_the_trail_was_written_anew(self, trail: list[AuditEvent], heads: LocalHeadStore) -> None:
        export_head(heads, at=NOON)
        rewrite_from(4)
        assert verify() is None, "the table alone cannot show it"
        assert verify(kept(heads)) == Finding(len(trail), Fault.REWRITTEN)

    def test_notices_numbers_that_would_be_given_again(self, trail: list[AuditEvent], heads: LocalHeadStore) -> None:
        assert export_head(heads, at=NOON).numbers == {"purchase-2026": 1}
        NumberSequence.objects.update(last=0)
        assert verify(kept(heads)) == Finding(len(trail), Fault.NUMBERS_LOWERED)

    def test_knows_a_head_that_was_kept_before_the_first_row(self, db: None, heads: LocalHeadStore) -> None:
        export_head(heads, at=NOON)
        assert verify(kept(heads)) is None


class TestHeads:
    def test_are_not_excused_by_one_that_was_kept_after_the_trail_was_written_anew(
        self, trail: list[AuditEvent], heads: LocalHeadStore
    ) -> None:
        export_head(heads, at=NOON)
        rewrite_from(4)
        export_head(heads, at=NOON + dt.timedelta(minutes=5))
        assert verify(kept(heads)) == Finding(len(trail), Fault.REWRITTEN)

    def test_are_read_where_they_can_tell_something(self, trail: list[AuditEvent], heads: LocalHeadStore) -> None:
        for minutes in range(4):
            export_head(heads, at=NOON + dt.timedelta(minutes=minutes))
        assert [head.exported_at.minute for head in kept(heads)] == [0, 3]

    @pytest.mark.django_db
    def test_of_one_moment_are_one(self, heads: LocalHeadStore) -> None:
        for _ in range(2):
            export_head(heads, at=NOON)
        assert len(kept(heads)) == 1

    def test_reads_back_what_was_written(self) -> None:
        head = Head(NOON, 3, "ab", {"purchase-2026": 2})
        assert Head.from_bytes(head.to_bytes()) == head
        later = Head(NOON + dt.timedelta(seconds=1), 3, "ab", {})
        assert verification.Head.from_bytes(later.to_bytes()) != head
