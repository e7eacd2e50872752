"""A new proposal with the content of an old one, on the form of today."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.organization.models import Post
from api.proposals import operations
from api.proposals.errors import NoSuchProposal, NoSuchType, NotAllowed, NotYourPost
from api.proposals.models import AuditEvent, Proposal, ProposalType
from api.proposals.operations.copies import Copy, LeftOutBecause
from api.proposals.operations.definitions import CATALOGUE
from tests.attachments import attached
from tests.company import NOON, Company, add_person, add_post, approved, draft, pending, submitted


def copied(proposal: Proposal, *, by: Any, **more: Any) -> Copy:
    return operations.copy_proposal(proposal_id=proposal.pk, by=by, at=NOON, **more)


@pytest.fixture
def publish(tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], object]], None]:
    """Publish the purchase form after a change to its definition."""

    def change(edit: Callable[[dict[str, Any]], object]) -> None:
        definition = json.loads((CATALOGUE / "purchase.json").read_text(encoding="utf-8"))
        edit(definition)
        (tmp_path / "purchase.json").write_text(json.dumps(definition), encoding="utf-8")
        operations.publish_types(at=NOON, catalogue=tmp_path)

    return change


def field(definition: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in definition["form"]["fields"] if one["name"] == name)
    return found


class TestCopy:
    def test_is_a_draft_of_whoever_asked(self, company: Company) -> None:
        old = approved(company)
        new = copied(old, by=company.applicant)
        assert (new.is_new, new.left_out, new.files) == (True, [], 0)
        assert (new.proposal.state, new.proposal.revision, new.proposal.decision_number) == ("draft", 0, None)
        assert (new.proposal.title, new.proposal.content, new.proposal.amount) == (old.title, old.content, old.amount)
        assert AuditEvent.objects.latest("sequence").data == {"copied_from": old.pk}

    def test_of_anothers_proposal_is_applied_for_in_ones_own_post(self, company: Company) -> None:
        new = copied(submitted(company), by=company.section_manager).proposal
        assert new.applicant == company.section_manager
        assert new.post == Post.objects.get(person=company.section_manager)

    def test_takes_the_post_that_was_chosen(self, company: Company) -> None:
        old = submitted(company)
        second = add_post(company.applicant, company.sales, 10, "社員", is_primary=False)
        assert copied(old, by=company.applicant).proposal.post == company.applicant_post
        assert copied(old, by=company.applicant, post_id=second.pk).proposal.post == second

    def test_needs_a_post(self, company: Company) -> None:
        old = submitted(company)
        outsider = add_person("outsider", is_administrator=True)
        with pytest.raises(NotYourPost):
            copied(old, by=outsider)

    def test_is_what_the_person_reads(self, company: Company) -> None:
        old = submitted(company)
        operations.pull_back(proposal_id=old.pk, by=company.applicant, at=NOON)
        old.refresh_from_db()
        operations.edit_draft(proposal_id=old.pk, version=old.version, by=company.applicant, at=NOON, title="書きかけ")
        assert copied(old, by=company.applicant).proposal.title == "書きかけ"
        with pytest.raises(NotAllowed):
            copied(old, by=company.section_manager)  # whose revision was taken back

    def test_is_refused_to_those_who_do_not_see_it(self, company: Company) -> None:
        with pytest.raises(NoSuchProposal):
            copied(draft(company), by=company.section_manager)

    def test_is_refused_where_the_type_is_no_longer_offered(self, company: Company) -> None:
        old = submitted(company)
        ProposalType.objects.update(is_active=False)
        with pytest.raises(NoSuchType):
            copied(old, by=company.applicant)

    def test_leaves_files_where_they_are_and_says_how_many(self, company: Company) -> None:
        old = draft(company)
        attached(old, by=company.applicant)
        assert copied(old, by=company.applicant).files == 1
        operations.submit(proposal_id=old.pk, version=old.version, by=company.applicant, at=NOON)
        new = copied(old, by=pending(old).person)
        assert (new.files, new.proposal.attachments.count()) == (1, 0)

    def test_sent_again_with_its_key_is_the_same(self, company: Company) -> None:
        old, key = approved(company), uuid.uuid4()
        first, second = (copied(old, by=company.applicant, key=key) for _ in range(2))
        assert (first.proposal, first.is_new, second.is_new) == (second.proposal, True, False)


class TestLeftOut:
    def test_names_fields_that_are_gone(self, company: Company, publish: Any) -> None:
        old = approved(company)
        publish(lambda it: it["form"]["fields"].remove(field(it, "supplier")))
        new = copied(old, by=company.applicant)
        assert [(part.label["en"], part.because) for part in new.left_out] == [("Supplier", LeftOutBecause.GONE)]
        assert old.content.keys() - new.proposal.content.keys() == {"supplier"}
        assert new.proposal.form_version.version == 2

    def test_names_columns_that_are_gone_once(self, company: Company, publish: Any) -> None:
        old = approved(company)
        columns = "columns"
        publish(lambda it: field(it, "items")[columns].pop(0))
        new = copied(old, by=company.applicant)
        assert len(new.left_out) == 1
        assert new.proposal.content["items"] == [{"quantity": 1, "unit_price": 100_000}]
        assert new.proposal.amount == 100_000

    def test_names_what_no_longer_fits(self, company: Company, publish: Any) -> None:
        old = approved(company)
        company.section.is_active = False
        company.section.save()
        company.applicant_post.department = company.sales
        company.applicant_post.save()

        def edit(it: dict[str, Any]) -> None:
            field(it, "purpose")["max_length"] = 3
            field(it, "supplier")["type"] = "date"

        publish(edit)
        new = copied(old, by=company.applicant)
        assert {(part.label["en"], part.because) for part in new.left_out} == {
            ("Supplier", LeftOutBecause.GONE),
            ("Purpose", LeftOutBecause.UNFIT),
            ("Department that pays", LeftOutBecause.UNFIT),
        }
        assert old.content.keys() - new.proposal.content.keys() == {"supplier", "purpose", "cost_department"}

    def test_says_nothing_of_a_total_that_nobody_wrote(self, company: Company, publish: Any) -> None:
        old = approved(company)
        publish(lambda it: it["form"].pop("total"))
        assert copied(old, by=company.applicant).left_out == []
