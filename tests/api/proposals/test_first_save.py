"""A draft is made once, however often the page has to send it."""

import uuid

import pytest
from django.db import IntegrityError

from api.organization.models import Person, Post
from api.proposals import operations
from api.proposals.errors import NoSuchType
from api.proposals.models import AuditEvent, DraftKey, Proposal
from api.proposals.operations.drafts import FirstSave
from tests.company import NOON, Company, draft, found_company
from tests.threads import together


def save(company: Company, key: uuid.UUID | None, *, title: str = "書きかけ", by: Person | None = None) -> FirstSave:
    by = by or company.applicant

    def begin() -> Proposal:
        return operations.create_draft(
            type_code="general", post_id=Post.objects.get(person=by).pk, title=title, content={}, by=by, at=NOON
        )

    return operations.save_first(key=key, by=by, begin=begin)


class TestKey:
    def test_makes_one_draft_of_what_is_sent_twice(self, company: Company) -> None:
        key = uuid.uuid4()
        first, second = save(company, key), save(company, key, title="続き")
        assert (first.is_new, second.is_new) == (True, False)
        assert first.proposal == second.proposal
        assert second.proposal.title == "書きかけ"
        assert AuditEvent.objects.filter(kind="created").count() == 1

    def test_left_out_or_another_makes_another(self, company: Company) -> None:
        made = {save(company, key).proposal.pk for key in (None, None, uuid.uuid4(), uuid.uuid4())}
        assert len(made) == 4

    def test_of_somebody_else_is_another(self, company: Company) -> None:
        key = uuid.uuid4()
        mine, theirs = save(company, key), save(company, key, by=company.section_manager)
        assert mine.proposal != theirs.proposal
        assert theirs.proposal.applicant == company.section_manager

    def test_is_free_again_where_nothing_was_made(self, company: Company) -> None:
        key = uuid.uuid4()

        def refuse() -> Proposal:
            raise NoSuchType(type="x")

        with pytest.raises(NoSuchType):
            operations.save_first(key=key, by=company.applicant, begin=refuse)
        assert save(company, key).is_new

    @pytest.mark.django_db(transaction=True)
    def test_makes_one_draft_of_what_is_sent_at_once(self, database: str) -> None:
        company, key = found_company(), uuid.uuid4()
        outcomes = together(8, lambda _number: save(company, key).is_new)
        assert sorted(map(str, outcomes)) == ["False"] * 7 + ["True"]
        assert (Proposal.objects.count(), DraftKey.objects.count()) == (1, 1)

    def test_that_fails_for_another_reason_is_not_taken_for_sent_before(self, company: Company) -> None:
        taken = draft(company)

        def clash() -> Proposal:
            return Proposal.objects.create(
                pk=taken.pk,
                type=taken.type,
                form_version=taken.form_version,
                applicant=company.applicant,
                post=taken.post,
                title="",
                created_at=NOON,
                updated_at=NOON,
            )

        with pytest.raises(IntegrityError):
            operations.save_first(key=uuid.uuid4(), by=company.applicant, begin=clash)
