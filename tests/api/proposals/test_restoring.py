"""After a restore nothing is sent twice, no number is given twice, and the trail tells of a restore, not of a crime."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from api.integrations.storage.local_heads import LocalHeadStore
from api.proposals import attachments, audit, operations, outside
from api.proposals.attachments import Mismatch
from api.proposals.errors import TypesMissing
from api.proposals.models import AuditEvent, AuditHead, NumberSequence, OutboxMessage, OutboxState, ProposalType
from api.proposals.operations import Settled, settle_restore
from api.proposals.verification import Fault, Finding, export_head, restorations, telling_heads, verify
from tests.attachments import CONTENT, attached, deliver, store
from tests.audit_trail import without_guard
from tests.company import NOON, Company, approved, draft

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def heads(tmp_path: Path, settings: Any) -> Iterator[LocalHeadStore]:
    settings.AUDIT_FOLDER = str(tmp_path / "heads")
    outside._made.cache_clear()
    yield LocalHeadStore(tmp_path / "heads")
    outside._made.cache_clear()


@contextmanager
def lost_time() -> Iterator[None]:
    """Go back, at the end of the block, to how the database was at its beginning; what is kept outside stays."""
    with transaction.atomic():
        moment = transaction.savepoint()
        yield
        transaction.savepoint_rollback(moment)


@pytest.fixture
def restored(company: Company, heads: LocalHeadStore) -> LocalHeadStore:
    """A database that was restored to a moment between two approvals, with a head kept after each."""
    approved(company)
    export_head(heads, at=NOON)
    with lost_time():
        approved(company)
        export_head(heads, at=NOON + dt.timedelta(minutes=5))
    return heads


def settle(heads: LocalHeadStore, *, restore: str = "db-NEW", at: dt.datetime = LATER) -> Settled | None:
    settled = settle_restore(restore=restore, moment=NOON, heads=telling_heads(heads), at=at)
    export_head(heads, at=at)
    return settled


class TestTrail:
    def test_looks_cut_off_until_the_restore_is_settled(self, restored: LocalHeadStore) -> None:
        last = AuditEvent.objects.count()
        assert verify(telling_heads(restored)) == Finding(last + 1, Fault.CUT_OFF)

    def test_tells_of_a_restore_and_of_what_is_lost(self, restored: LocalHeadStore) -> None:
        before = AuditEvent.objects.count()
        lost = max(head.count for head in telling_heads(restored))
        settled = settle(restored)

        assert verify(telling_heads(restored)) is None
        (told,) = restorations(telling_heads(restored))
        assert (told.sequence, told.lost_through, told.moment) == (before + 1, lost, NOON.isoformat())
        assert settled is not None
        assert (settled.lost_from, settled.lost_through) == (before + 1, lost)
        kinds = list(AuditEvent.objects.filter(sequence__gt=before).values_list("kind", flat=True))
        assert kinds == ["restored", "numbers_skipped"]

    def test_goes_on_and_is_watched_as_before(self, restored: LocalHeadStore, company: Company) -> None:
        settle(restored)
        for minutes in range(1, 4):  # past the former end, over counts that were kept before
            approved(company)
            export_head(restored, at=LATER + dt.timedelta(minutes=minutes))
        assert verify(telling_heads(restored)) is None

        last = AuditEvent.objects.latest("sequence")
        with without_guard():
            AuditEvent.objects.filter(sequence=last.sequence).delete()
        AuditHead.objects.update(count=last.sequence - 1, hash=last.previous_hash)
        assert verify(telling_heads(restored)) == Finding(last.sequence, Fault.CUT_OFF)

    def test_is_not_excused_by_an_event_that_nobody_kept(self, restored: LocalHeadStore) -> None:
        settle_restore(restore="db-NEW", moment=NOON, heads=telling_heads(restored), at=LATER)  # and no head after it
        assert verify(telling_heads(restored)) is not None

    def test_is_not_excused_by_an_event_that_names_another_end(self, restored: LocalHeadStore) -> None:
        lost = max(head.count for head in telling_heads(restored))
        with transaction.atomic():
            audit.record(
                kind="restored", at=LATER, by=None, restore="x", moment="", lost_through=lost, former_hash="f" * 64
            )
        export_head(restored, at=LATER)
        assert verify(telling_heads(restored)) is not None

    def test_can_be_restored_again_to_before_the_first_restore(self, company: Company, heads: LocalHeadStore) -> None:
        approved(company)
        export_head(heads, at=NOON)
        with lost_time():
            with lost_time():
                approved(company)
                approved(company)
                export_head(heads, at=NOON + dt.timedelta(minutes=5))
            settle(heads, restore="db-ONE")
            approved(company)
            export_head(heads, at=LATER + dt.timedelta(minutes=5))
        assert verify(telling_heads(heads)) is not None
        settle(heads, restore="db-TWO", at=LATER + dt.timedelta(minutes=10))

        assert verify(telling_heads(heads)) is None
        assert len(restorations(telling_heads(heads))) == 1
        assert (approved(company).decision_number or "").endswith("-00005")  # 3 and 4 were given in the lost times

    def test_loses_nothing_known_where_no_head_was_kept_since(self, company: Company, heads: LocalHeadStore) -> None:
        approved(company)
        export_head(heads, at=NOON)
        settled = settle(heads)
        assert settled is not None
        assert settled.lost_from > settled.lost_through
        assert settled.skipped == ()
        assert verify(telling_heads(heads)) is None


class TestNumbers:
    def test_that_were_given_in_the_lost_time_are_skipped(self, restored: LocalHeadStore, company: Company) -> None:
        settled = settle(restored)

        assert settled is not None
        assert [(one.sequence, one.first, one.last) for one in settled.skipped] == [("purchase-2026", 2, 2)]
        event = AuditEvent.objects.get(kind="numbers_skipped")
        assert event.data == {"sequence": "purchase-2026", "first": 2, "last": 2}
        assert (approved(company).decision_number or "").endswith("-00003")

    def test_that_are_lowered_afterwards_are_found(self, restored: LocalHeadStore) -> None:
        settle(restored)
        NumberSequence.objects.update(last=1)
        finding = verify(telling_heads(restored))
        assert finding is not None
        assert finding.fault is Fault.NUMBERS_LOWERED

    def test_of_a_type_that_came_later_wait_for_the_type(self, restored: LocalHeadStore) -> None:
        ProposalType.objects.filter(code="purchase").update(code="another")
        before = AuditEvent.objects.count()
        with pytest.raises(TypesMissing, match="purchase"):
            settle(restored)
        assert AuditEvent.objects.count() == before
        assert not OutboxMessage.objects.filter(state=OutboxState.DEAD).exists()


class TestOutbox:
    def test_waits_for_a_person(self, restored: LocalHeadStore, company: Company) -> None:
        waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING).count()
        assert waiting
        settled = settle(restored)

        assert settled is not None
        assert settled.fenced == waiting
        assert not OutboxMessage.objects.filter(state=OutboxState.WAITING).exists()
        message = OutboxMessage.objects.filter(state=OutboxState.DEAD, error="restored").latest("id")
        operations.retry_message(message_id=message.pk, by=company.administrator, at=LATER)
        message.refresh_from_db()
        assert message.state == OutboxState.WAITING

    def test_is_fenced_once(self, restored: LocalHeadStore, company: Company) -> None:
        settle(restored)
        approved(company)
        events = AuditEvent.objects.count()
        waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING).count()
        assert waiting

        assert settle(restored) is None
        assert OutboxMessage.objects.filter(state=OutboxState.WAITING).count() == waiting
        assert AuditEvent.objects.count() == events


class TestCommands:
    def test_settle_and_verify_say_what_became_of_it(self, restored: LocalHeadStore) -> None:
        with pytest.raises(CommandError):
            call_command("verify_audit")
        said = io.StringIO()
        words = ("settle_restore", "--restore", "db-NEW", "--to", "2026-06-15T12:00:00+09:00")
        with translation.override("en"):
            for command in (words, words, ("verify_audit",)):
                call_command(*command, stdout=said)

        text = said.getvalue()
        assert "wait for an administrator" in text
        assert "Decision numbers purchase-2026: 2 to 2 are not given again." in text
        assert "This restore is settled already" in text
        assert "to 2026-06-15T03:00:00+00:00; event" in text

    @pytest.mark.parametrize("moment", ["yesterday", "2026-06-15T12:00:00"])
    def test_a_moment_without_a_zone_is_refused(self, db: None, moment: str) -> None:
        with pytest.raises(CommandError, match="is not a moment with its zone"):
            call_command("settle_restore", "--restore", "x", "--to", moment)


class TestFiles:
    def test_that_are_what_was_submitted_are_counted(self, company: Company) -> None:
        attached(draft(company), by=company.applicant)
        assert attachments.compare(store()) == (1, [])

    @pytest.mark.parametrize(
        ("content", "mismatch"), [(None, Mismatch.MISSING), (b"x", Mismatch.SIZE), (CONTENT[::-1], Mismatch.DIGEST)]
    )
    def test_that_are_not_are_named(self, company: Company, content: bytes | None, mismatch: Mismatch) -> None:
        attachment = attached(draft(company), by=company.applicant)
        store().delete(attachment.key)
        if content is not None:
            deliver(attachment, content)

        assert attachments.compare(store()) == (1, [(attachment.pk, mismatch)])
        with pytest.raises(CommandError) as failed:
            call_command("verify_attachments")
        assert failed.value.returncode == 1
