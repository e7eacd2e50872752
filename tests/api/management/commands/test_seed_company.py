"""`manage.py seed_company`: a company to look at, on a developer's machine only."""

import datetime as dt
import io

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory, override_settings

from api.management.commands.seed_company import DEMO_DEPARTMENTS, DEMO_PASSWORD, DEMO_PEOPLE
from api.management.seed.company import found_company
from api.management.seed.demo import DAYS, tell_demo
from api.organization.models import Department, Person
from api.proposals.models import Assignment, Proposal, ProposalType
from api.proposals.operations import publish_types
from api.proposals.states import AssignmentState, ProposalState
from api.proposals.verification import verify


def seed(*words: str) -> str:
    stdout = io.StringIO()
    call_command("seed_company", *words, stdout=stdout)
    return stdout.getvalue()


@pytest.mark.django_db
class TestDemo:
    def test_has_people_departments_and_proposals_in_every_state(self) -> None:
        told = seed("--demo", "--language=en")

        assert Person.objects.count() >= 240
        assert Department.objects.count() >= 36
        assert set(Proposal.objects.values_list("state", flat=True)) == set(ProposalState)
        assert verify() is None

        usernames = [line.split()[0] for line in told.splitlines() if line.startswith("  ")]
        applicant, *superiors, administrator = (Person.objects.get(username=name) for name in usernames)
        assert set(applicant.proposals.values_list("state", flat=True)) == set(ProposalState)
        waiting = Assignment.objects.filter(state=AssignmentState.PENDING)
        assert all(waiting.filter(person=superior).exists() for superior in superiors)
        assert len(superiors) == 4
        assert [one.username for one in Person.objects.filter(is_administrator=True)] == [administrator.username]
        assert f"the password {DEMO_PASSWORD}" in told
        assert administrator.check_password(DEMO_PASSWORD)

    def test_has_something_to_decide_on_a_monday_morning_too(self) -> None:
        now = dt.datetime(2026, 11, 23, 0, 54, tzinfo=dt.UTC)  # 9:54 in Japan, after a weekend
        company = found_company(
            people=DEMO_PEOPLE, departments=DEMO_DEPARTMENTS, seed=1, today=now.date(), password="-"
        )
        publish_types(at=now - DAYS)
        tell_demo(company, seed=1, now=now)

        own = Assignment.objects.filter(proposal__applicant=company.applicant.person, state=AssignmentState.PENDING)
        assert own.filter(person=company.line[0].person, step__revision__number=1).exists()


@pytest.mark.django_db
class TestCompanyOfAnySize:
    def test_is_as_large_as_asked_for(self) -> None:
        told = seed("--people=60", "--departments=12", "--proposals=5", "--language=ja")

        assert told == "12部署、60人の会社を作りました。\n"
        assert (Person.objects.count(), Department.objects.count(), Proposal.objects.count()) == (60, 12, 5)
        assert ProposalType.objects.count() == 3

    @pytest.mark.parametrize("words", [("--departments=3",), ("--people=20", "--departments=11")])
    def test_is_refused_when_it_is_too_small(self, words: tuple[str, ...]) -> None:
        with pytest.raises(CommandError, match="two people or more in each"):
            seed(*words, "--language=en")

        assert not Person.objects.exists()


@pytest.mark.django_db
class TestRefusal:
    @override_settings(STAGE="poc")
    def test_of_a_deployed_stage(self) -> None:
        with pytest.raises(CommandError, match="This is the stage “poc”"):
            seed("--language=en")

        assert not Person.objects.exists()

    def test_of_a_database_with_people(self) -> None:
        Person.objects.create_user("sato", employee_number="1", family_name="佐", given_name="藤")

        with pytest.raises(CommandError, match="すでに社員か部署があります"):
            seed("--language=ja")

        assert Person.objects.count() == 1


@pytest.mark.django_db
def test_people_sign_in_with_the_password_that_is_shown() -> None:
    seed("--people=10", "--departments=4")

    person = Person.objects.order_by("pk")[5]

    assert (
        authenticate(RequestFactory().post("/api/session"), username=person.username, password=DEMO_PASSWORD) == person
    )
