"""The account by which a stage is verified: it works like any other, and leaves nothing behind."""

import datetime as dt
import io
import json

import pytest
from axes.models import AccessLog
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from api.organization.models import Department, Person, Post
from api.proposals import operations
from api.proposals.models import Attachment, AuditEvent, Proposal
from api.timers import tick
from api.verification_account import LASTS, NotAHash, NotAnAccount, StillNeeded, close_account, open_account
from tests.attachments import attached, store
from tests.company import Company

NAME, PASSWORD = "verify-0123456789ab", "a long random password"


@pytest.fixture
def person(company: Company) -> Person:
    return open_account(name=NAME, password_hash=make_password(PASSWORD), at=timezone.now())


def sign_in() -> int:
    body = json.dumps({"username": NAME, "password": PASSWORD})
    return Client().post("/api/session", body, content_type="application/json").status_code


def draft_of(person: Person) -> Proposal:
    post = Post.objects.get(person=person)
    now = timezone.now()
    return operations.create_draft(type_code="purchase", post_id=post.pk, title="verify", content={}, by=person, at=now)


class TestAnOpenAccount:
    def test_signs_in(self, person: Person) -> None:
        assert sign_in() == 201

    def test_opened_again_is_the_same_with_another_password(self, person: Person) -> None:
        again = open_account(name=NAME, password_hash=make_password("another one"), at=timezone.now())
        assert (again.pk, Department.objects.filter(code=NAME).count()) == (person.pk, 1)
        assert sign_in() == 401

    @pytest.mark.parametrize("name", ["verify-", "verify-0123456789AB", "tanaka", f"{NAME}\n", f" {NAME}"])
    def test_has_a_name_that_no_person_has(self, db: None, name: str) -> None:
        with pytest.raises(NotAnAccount):
            open_account(name=name, password_hash=make_password(PASSWORD), at=timezone.now())

    def test_is_given_a_hash_and_never_a_password(self, db: None) -> None:
        with pytest.raises(NotAHash):
            open_account(name=NAME, password_hash=PASSWORD, at=timezone.now())
        with pytest.raises(CommandError) as refused:
            call_command("verification_account", "open", NAME, PASSWORD, stdout=io.StringIO())
        assert PASSWORD not in str(refused.value)


class TestAClosedAccount:
    def test_is_gone_with_all_that_it_made(self, person: Person) -> None:
        assert sign_in() == 201
        attachment = attached(draft_of(person), by=person)
        assert store().look_up(attachment.key) is not None
        departments = Department.objects.count()

        assert close_account(name=NAME, at=timezone.now())

        assert Department.objects.count() == departments - 1
        assert not Post.objects.filter(person=person).exists()
        assert store().look_up(attachment.key) is None
        assert not Attachment.objects.exists()
        assert not Proposal.objects.exists()
        assert not AuthToken.objects.exists()
        assert not AccessLog.objects.exists()
        # As of every purged draft: ids and digests, by which the chain still verifies.
        assert set(AuditEvent.objects.filter(actor=person).values_list("kind", flat=True)) == {
            "created",
            "attachment_added",
        }
        assert sign_in() == 401

    def test_leaves_no_row_where_the_trail_does_not_name_it(self, person: Person) -> None:
        assert sign_in() == 201
        assert close_account(name=NAME, at=timezone.now())
        assert not Person.objects.filter(pk=person.pk).exists()

    def test_whose_row_the_trail_names_is_taken_again_by_the_next(self, person: Person) -> None:
        draft_of(person)
        assert close_account(name=NAME, at=timezone.now())
        assert not close_account(name=NAME, at=timezone.now())
        people = Person.objects.count()
        later = timezone.now() + dt.timedelta(days=1)

        again = open_account(name="verify-ba9876543210", password_hash=make_password(PASSWORD), at=later)

        assert (again.pk, Person.objects.count(), again.created_at) == (person.pk, people, later)
        assert sign_in() == 401  # by its former name

    def test_closed_again_there_is_none(self, person: Person) -> None:
        assert close_account(name=NAME, at=timezone.now())
        assert not close_account(name=NAME, at=timezone.now())

    def test_of_any_other_name_is_refused(self, company: Company) -> None:
        with pytest.raises(NotAnAccount):
            close_account(name=company.applicant.username, at=timezone.now())
        assert Person.objects.filter(pk=company.applicant.pk).exists()

    def test_cannot_sign_in_where_others_still_need_its_row(self, person: Person, company: Company) -> None:
        assert sign_in() == 201
        proposal = draft_of(person)
        Proposal.objects.filter(pk=proposal.pk).update(revision=1, state="withdrawn", submitted_at=timezone.now())
        with pytest.raises(StillNeeded):
            close_account(name=NAME, at=timezone.now())
        assert sign_in() == 401
        assert not AuthToken.objects.filter(user=person).exists()


class TestTheTimer:
    def test_removes_what_nobody_removed_in_time_and_nothing_else(self, company: Company) -> None:
        now = timezone.now()
        young, old = "verify-000000000001", "verify-000000000002"
        for name, at in ((young, now), (old, now - LASTS - dt.timedelta(minutes=1))):
            open_account(name=name, password_hash=make_password(PASSWORD), at=at)
        people = Person.objects.count()

        assert tick()["verification"] == 1

        assert Person.objects.filter(username=young).exists()
        assert not Person.objects.filter(username=old).exists()
        assert Person.objects.count() == people - 1


def test_the_command_opens_and_closes(company: Company) -> None:
    said = io.StringIO()
    call_command("verification_account", "open", NAME, make_password(PASSWORD), stdout=said)
    assert sign_in() == 201
    call_command("verification_account", "close", NAME, stdout=said)
    call_command("verification_account", "close", NAME, stdout=said)
    assert [line.split()[0] for line in said.getvalue().splitlines()][:2] == [NAME, NAME]
    assert PASSWORD not in said.getvalue()
    assert sign_in() == 401
