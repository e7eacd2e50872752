"""A small company, and proposals in it that reached their state through the real operations."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from api.organization.models import Department, Person, Post
from api.proposals import operations
from api.proposals.models import Assignment, Proposal
from api.proposals.states import AssignmentState, Verdict

NOON = dt.datetime(2026, 6, 15, 3, 0, tzinfo=dt.UTC)
"""12:00 in Tokyo."""
PASSWORD = "kaigi-shitsu-no-kagi"
LONG_AGO = dt.date(2020, 4, 1)


def add_department(code: str, name: str, *, parent: Department | None = None, **fields: Any) -> Department:
    return Department.objects.create(
        code=code,
        name=name,
        name_en=f"{code} en",
        parent=parent,
        valid_from=fields.pop("valid_from", LONG_AGO),
        **fields,
    )


def add_person(username: str, **fields: Any) -> Person:
    defaults = {"employee_number": f"E-{username}", "family_name": username, "given_name": "太郎", "name_en": username}
    return Person.objects.create_user(username, PASSWORD, **(defaults | fields))


def add_post(person: Person, department: Department, rank: int, title: str, **fields: Any) -> Post:
    defaults = {"title_code": title, "valid_from": LONG_AGO, "is_primary": True}
    return Post.objects.create(person=person, department=department, rank=rank, title=title, **(defaults | fields))


@dataclass
class Company:
    """本社 > 営業本部 > 営業部 > 営業一課, each with its head, and an applicant in the section."""

    head_office: Department
    division: Department
    sales: Department
    section: Department
    president: Person
    director: Person
    department_manager: Person
    section_manager: Person
    applicant: Person
    applicant_post: Post
    administrator: Person

    @property
    def superiors(self) -> list[Person]:
        return [self.section_manager, self.department_manager, self.director, self.president]


def found_company() -> Company:
    """Write the company; call inside a test's database."""
    operations.publish_types(at=NOON - dt.timedelta(days=365))
    head_office = add_department("000", "本社")
    division = add_department("100", "営業本部", parent=head_office)
    sales = add_department("110", "営業部", parent=division)
    section = add_department("111", "営業一課", parent=sales)
    people = {
        "president": (head_office, 100, "社長"),
        "director": (division, 80, "本部長"),
        "department_manager": (sales, 70, "部長"),
        "section_manager": (section, 50, "課長"),
        "applicant": (section, 10, "社員"),
        "administrator": (head_office, 10, "社員"),
    }
    made: dict[str, Any] = {}
    for username, (department, rank, title) in people.items():
        made[username] = add_person(username, is_administrator=username == "administrator")
        post = add_post(made[username], department, rank, title)
        if username == "applicant":
            made["applicant_post"] = post
    return Company(head_office=head_office, division=division, sales=sales, section=section, **made)


def purchase(company: Company, *, amount: int = 1_500_000) -> dict[str, Any]:
    """Return a complete content of a purchase of `amount` yen."""
    return {
        "purpose": "老朽化した端末の更新",
        "supplier": "株式会社サンプル",
        "items": [{"description": "ノートPC", "quantity": 1, "unit_price": amount}],
        "delivery_date": "2026-12-01",
        "category": "equipment",
        "cost_department": company.section.pk,
    }


def draft(company: Company, *, amount: int = 1_500_000, by: Person | None = None, at: dt.datetime = NOON) -> Proposal:
    by = by or company.applicant
    return operations.create_draft(
        type_code="purchase",
        post_id=Post.objects.get(person=by).pk,
        title="ノートPCの購入",
        content=purchase(company, amount=amount),
        by=by,
        at=at,
    )


def submitted(company: Company, *, amount: int = 1_500_000, at: dt.datetime = NOON) -> Proposal:
    proposal = draft(company, amount=amount, at=at)
    return operations.submit(proposal_id=proposal.pk, version=1, by=company.applicant, at=at)


def pending(proposal: Proposal) -> Assignment:
    """Return the one assignment by which a proposal waits."""
    return Assignment.objects.select_related("person").get(proposal=proposal, state=AssignmentState.PENDING)


def decide(
    proposal: Proposal, verdict: Verdict = Verdict.APPROVE, *, at: dt.datetime = NOON, comment: str = ""
) -> Proposal:
    """Let whoever is asked decide."""
    assignment = pending(proposal)
    return operations.decide(
        assignment_id=assignment.pk,
        verdict=verdict,
        revision=proposal.revision,
        by=assignment.person,
        at=at,
        comment=comment or ("" if verdict is Verdict.APPROVE else "見積書を添えてください"),
    )


def approved(company: Company, *, amount: int = 100_000, at: dt.datetime = NOON) -> Proposal:
    proposal = submitted(company, amount=amount, at=at)
    while proposal.state == "in_progress":
        proposal = decide(proposal, at=at)
    return proposal
