"""What was kept long enough goes, and nothing else; what must stay still verifies."""

import datetime as dt
import io
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone
from knox.models import AuthToken

from api import personal_data, retention, timers
from api.integrations.storage.local_heads import LocalHeadStore
from api.management.commands.purge import NAMES
from api.organization.models import Person
from api.proposals import operations
from api.proposals.errors import NoSuchEmployee, PersonStillActive
from api.proposals.models import (
    Attachment,
    AuditEvent,
    Decision,
    Notice,
    NumberSequence,
    OutboxMessage,
    Proposal,
    Revision,
)
from api.proposals.operations import purging
from api.proposals.outbox import drain
from api.proposals.verification import export_head, telling_heads, verify
from api.rest.authentication import issue_token
from tests.attachments import BrokenStore, attached, store
from tests.company import NOON, Company, add_person, approved, decide, draft, found_company, pending, submitted
from tests.threads import together

YEAR = dt.timedelta(days=365)
AFTER_TEN_YEARS = dt.datetime(2036, 6, 15, 4, 0, tzinfo=dt.UTC)
JUST_BEFORE = dt.datetime(2036, 6, 15, 2, 0, tzinfo=dt.UTC)
NIGHT = dt.datetime(2036, 6, 15, 18, 0, tzinfo=dt.UTC)
"""03:00 in Tokyo."""


def with_everything(company: Company) -> Proposal:
    """Return an approved proposal that has a row in every table that can hold one."""
    proposal = draft(company, amount=1)
    attached(proposal, by=company.applicant)
    operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=NOON)
    operations.circulate(proposal_id=proposal.pk, people=[company.president.pk], by=company.applicant, at=NOON)
    operations.comment(proposal_id=proposal.pk, body="内密に", by=company.applicant, at=NOON)
    decide(Proposal.objects.get(pk=proposal.pk))
    deliver_all()
    return Proposal.objects.get(pk=proposal.pk)


def deliver_all() -> None:
    drain(handlers=timers.HANDLERS, clock=lambda: NOON, until=NOON + dt.timedelta(minutes=1))


class TestProposals:
    def test_go_ten_years_after_they_ended_with_all_their_parts(self, company: Company) -> None:
        proposal = with_everything(company)
        key = Attachment.objects.get().key
        assert retention.purge(at=JUST_BEFORE)["proposal"] == 0
        assert retention.due(at=AFTER_TEN_YEARS)["proposal"] == 1
        assert retention.purge(at=AFTER_TEN_YEARS)["proposal"] == 1
        assert store().look_up(key) is None
        tables: dict[type[Any], str] = {Proposal: "pk"} | purging.PARTS
        for model, path in tables.items():
            assert not model._default_manager.filter(**{path: proposal.pk}).exists(), model

    def test_leave_a_trail_that_verifies_and_a_number_that_is_not_given_again(
        self, company: Company, tmp_path: Any
    ) -> None:
        heads = LocalHeadStore(tmp_path)
        proposal = with_everything(company)
        export_head(heads, at=NOON)
        retention.purge(at=AFTER_TEN_YEARS)
        kinds = AuditEvent.objects.filter(proposal_id=proposal.pk).order_by("sequence").values_list("kind", flat=True)
        assert [*kinds][-1] == "purged"
        assert "completed" in kinds
        assert verify(telling_heads(heads)) is None
        assert NumberSequence.objects.get().last == 1
        assert approved(company, amount=1).decision_number == "購買-2026-00002"

    def test_stay_while_they_are_open_or_something_is_left_to_do(self, company: Company) -> None:
        submitted(company)
        approved(company, amount=1)  # its messages wait
        assert retention.purge(at=AFTER_TEN_YEARS + 50 * YEAR)["proposal"] == 0
        assert Proposal.objects.count() == 2

    def test_stay_whole_where_their_files_cannot_be_deleted(self, company: Company) -> None:
        with_everything(company)
        due = purging.ended_before(NOON + YEAR)
        assert purging.purge_proposals(due, at=AFTER_TEN_YEARS, store=BrokenStore()) == 0
        assert Revision.objects.exists()

    def test_stay_as_long_as_the_company_says(self, company: Company, settings: Any) -> None:
        with_everything(company)
        settings.RETENTION_YEARS = 15
        assert retention.due(at=AFTER_TEN_YEARS)["proposal"] == 0

    @pytest.mark.django_db(transaction=True)
    def test_are_purged_once_by_many_at_once(self, database: str) -> None:
        company = found_company()
        count = 6
        for _ in range(count):
            approved(company, amount=1)
        deliver_all()
        outcomes = together(3, lambda _number: retention.purge(at=AFTER_TEN_YEARS)["proposal"])
        assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == count, outcomes
        assert AuditEvent.objects.filter(kind="purged").count() == count
        assert verify() is None

    def test_are_deleted_from_every_table_that_leads_to_them(self) -> None:
        """A new table with a part of a proposal must say that it goes with it."""
        of_proposals = apps.get_app_config("proposals").get_models()
        parts = {Proposal, Revision, *purging.PARTS}
        pointing = {
            model
            for model in of_proposals
            for field in model._meta.local_fields
            if isinstance(field, models.ForeignKey) and field.related_model in parts and model is not AuditEvent
        }
        assert pointing == set(purging.PARTS)


class TestTheRest:
    def test_drafts_that_were_forgotten_go(self, company: Company) -> None:
        old, kept = draft(company), submitted(company)
        assert retention.purge(at=NOON + 2 * YEAR)["draft"] == 0
        assert retention.purge(at=NOON + 2 * YEAR + dt.timedelta(days=1))["draft"] == 1
        assert list(Proposal.objects.all()) == [kept]
        assert AuditEvent.objects.filter(proposal_id=old.pk, kind="purged").exists()

    def test_notices_and_messages_go_after_a_year_but_not_those_that_still_ask(self, company: Company) -> None:
        with_everything(company)
        waiting = submitted(company)
        deliver_all()
        retention.purge(at=NOON + YEAR + dt.timedelta(days=1))
        assert set(Notice.objects.values_list("proposal", flat=True)) == {waiting.pk}
        assert not OutboxMessage.objects.exists()
        assert pending(waiting).person == company.section_manager

    def test_sign_ins_go_after_thirty_days(self, company: Company) -> None:
        now = timezone.now()
        issue_token(person=company.applicant, at=now)
        AccessAttempt.objects.create(username="tanaka", ip_address="10.0.0.1", failures_since_start=1)
        for days, left in ((29, 2), (32, 0)):
            retention.purge(at=now + dt.timedelta(days=days))
            assert AuthToken.objects.count() + AccessAttempt.objects.count() == left


class TestPurge:
    def test_has_a_name_for_every_kind(self) -> None:
        assert NAMES.keys() == {kind.name for kind in retention.KINDS}

    def test_runs_at_night_only(self, company: Company) -> None:
        with_everything(company)
        assert retention.purge_at_night(at=NIGHT - dt.timedelta(hours=6)) is None
        assert Proposal.objects.exists()
        counts = retention.purge_at_night(at=NIGHT)
        assert counts is not None
        assert counts["proposal"] == 1

    def test_tells_what_it_would_do_and_does_it(self, company: Company) -> None:
        old = with_everything(company)
        Proposal.objects.update(decided_at=NOON - 11 * YEAR, created_at=NOON - 12 * YEAR)
        said = io.StringIO()
        call_command("purge", "--dry-run", stdout=said)
        assert "終わった申請:1件" in said.getvalue()
        assert Proposal.objects.filter(pk=old.pk).exists()
        call_command("purge", stdout=said)
        assert not Proposal.objects.filter(pk=old.pk).exists()


class TestAnonymize:
    @pytest.fixture
    def left(self, company: Company) -> Person:
        """Someone who decided, commented and left."""
        person = company.section_manager
        with_everything(company)
        person.email, person.family_name_kana = "tanaka@corp.example.co.jp", "たなか"
        person.is_active = False
        person.save()
        return person

    def test_takes_the_person_and_keeps_what_they_did(self, left: Person, tmp_path: Any) -> None:
        heads = LocalHeadStore(tmp_path)
        export_head(heads, at=NOON)
        before = {field: str(getattr(left, field)) for field in ("username", "employee_number", "email", "name")}
        said = io.StringIO()
        call_command("anonymize_person", left.employee_number, stdout=said)
        after = Person.objects.get(pk=left.pk)
        row = " ".join(str(value) for value in Person.objects.filter(pk=left.pk).values()[0].values())
        for value in before.values():
            assert value not in row, value
        assert (after.name, after.has_usable_password()) == (f"退職者 {left.pk}", False)
        assert Decision.objects.get(decided_by=after).verdict == "approve"
        assert Proposal.objects.get(state="approved").decision_number == "購買-2026-00001"
        assert verify(telling_heads(heads)) is None
        assert AuditEvent.objects.latest("sequence").data == {"person_id": left.pk}
        assert left.employee_number not in said.getvalue()

    def test_takes_their_sign_ins_and_nobody_elses(self, left: Person, company: Company) -> None:
        AccessLog.objects.create(username=left.username)
        for typed in (left.username, left.username.upper(), company.applicant.username):
            AccessAttempt.objects.create(username=typed, failures_since_start=1)
            AccessFailureLog.objects.create(username=typed, locked_out=False)
        call_command("anonymize_person", left.employee_number, stdout=io.StringIO())
        stays = [company.applicant.username]
        for model in retention.ATTEMPTS[:2]:
            assert list(model._default_manager.values_list("username", flat=True)) == stays
        assert not AccessLog.objects.exists()

    def test_is_refused_for_people_who_are_here_and_for_nobody(self, company: Company, left: Person) -> None:
        with pytest.raises(PersonStillActive):
            operations.anonymize_person(employee_number=company.applicant.employee_number, at=NOON)
        with pytest.raises(NoSuchEmployee):
            operations.anonymize_person(employee_number="nobody", at=NOON)
        with pytest.raises(CommandError, match="在籍中"):
            call_command("anonymize_person", company.applicant.employee_number)
        operations.anonymize_person(employee_number=left.employee_number, at=NOON)
        with pytest.raises(NoSuchEmployee):
            operations.anonymize_person(employee_number=left.employee_number, at=NOON)

    def test_of_two_gives_each_a_name_of_their_own(self, company: Company) -> None:
        people = [add_person(name, is_active=False) for name in ("a", "b")]
        names = {operations.anonymize_person(employee_number=p.employee_number, at=NOON).username for p in people}
        assert len(names) == 2


class TestTheTable:
    def test_knows_every_field_that_could_tell_something(self) -> None:
        known = personal_data.PERSONAL.keys() | personal_data.IMPERSONAL
        assert personal_data.telling_fields() - known == set(), "say in api/personal_data.py what these are"

    def test_names_no_field_that_there_is_not(self) -> None:
        fields = {f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.fields}
        assert personal_data.PERSONAL.keys() | personal_data.IMPERSONAL <= fields
        assert not personal_data.PERSONAL.keys() & personal_data.IMPERSONAL

    def test_says_of_each_how_long_it_stays(self) -> None:
        kinds = {kind.name for kind in retention.KINDS} | retention.NEVER_PURGED.keys()
        assert {row.kind for row in personal_data.PERSONAL.values()} <= kinds

    def test_leaves_nothing_of_a_person_that_anonymizing_forgot(self, company: Company) -> None:
        """Every personal field of a person's own row has another value afterwards, but for the language."""
        person = add_person("leaver", is_active=False, email="a@example.co.jp", last_login=NOON)
        Person.objects.filter(pk=person.pk).update(family_name_kana="り", given_name_kana="ば")
        mine = [field.rpartition(".")[2] for field in personal_data.PERSONAL if ".Person." in field]
        before = Person.objects.filter(pk=person.pk).values(*mine).get()
        operations.anonymize_person(employee_number=person.employee_number, at=NOON)
        after = Person.objects.filter(pk=person.pk).values(*mine).get()
        assert {field for field in mine if before[field] == after[field]} == {"language"}
