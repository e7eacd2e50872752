"""People who are invited, choose a password and are in; and who is not."""

import datetime as dt
import re
from typing import Any

import pytest
from axes.models import AccessFailureLog
from django.core import mail
from django.utils import timezone
from knox.models import AuthToken

from api import timers
from api.organization.models import Invitation, Person
from api.proposals import outside
from api.proposals.models import AuditEvent, OutboxMessage
from api.proposals.outbox import drain
from api.proposals.verification import verify
from api.rest import attempts
from tests.api.rest.caller import Caller
from tests.company import PASSWORD, Company, add_person

NEW = "choose-a-longer-word"
NOT_VALID = (404, "invitation_not_valid")


class Letterbox:
    """A company's mail: what it was given to send."""

    def __init__(self) -> None:
        self.letters: list[dict[str, str]] = []

    def send(self, *, to: str, subject: str, body: str, message_id: str) -> None:
        self.letters.append({"to": to, "subject": subject, "body": body, "message_id": message_id})


@pytest.fixture
def letterbox(settings: Any) -> Any:
    """Mail that is on, and what it sent."""
    settings.MAILER = "tests.api.rest.test_invitations.Letterbox"
    outside._made.cache_clear()
    yield outside.mailer()
    outside._made.cache_clear()


@pytest.fixture
def newcomer(company: Company) -> Person:
    person = add_person("newcomer", email="newcomer@example.co.jp")
    person.set_unusable_password()
    person.save()
    return person


def invite(company: Company, *people: Person) -> list[dict[str, Any]]:
    answer = Caller(company.administrator).post("/invitations", people=[person.pk for person in people])
    assert answer.status_code == 201, answer.json()
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def token_of(link: str) -> str:
    return link.rpartition("#/invitation/")[2]


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def state_of(company: Company, person: Person) -> str:
    (row,) = Caller(company.administrator).get("/accounts", q=person.username).json()["results"]
    state: str = row["state"]
    for each in ("uninvited", "pending", "expired", "ready"):
        listed = Caller(company.administrator).get("/accounts", q=person.username, state=each).json()["results"]
        assert bool(listed) == (each == state), "the filter and the row agree"
    return state


class TestTheWayIn:
    def test_leads_from_the_link_to_a_session(self, company: Company, newcomer: Person) -> None:
        assert state_of(company, newcomer) == "uninvited"
        (made,) = invite(company, newcomer)
        assert state_of(company, newcomer) == "pending"
        token = token_of(made["link"])

        seen = Caller().post("/invitation", token=token).json()
        assert (seen["username"], seen["has_password"], seen["shortest_password"]) == ("newcomer", False, 12)
        entered = Caller().post("/invitation/password", token=token, password=NEW)

        assert entered.status_code == 201
        assert entered.json()["person"]["id"] == newcomer.pk
        assert Caller().post("/session", username="newcomer", password=NEW).status_code == 201
        assert state_of(company, newcomer) == "ready"
        assert told(Caller().post("/invitation/password", token=token, password="another-long-word")) == NOT_VALID

    def test_is_recorded_by_ids_only(self, company: Company, newcomer: Person) -> None:
        (made,) = invite(company, newcomer)
        Caller().post("/invitation/password", token=token_of(made["link"]), password=NEW)

        events = list(AuditEvent.objects.order_by("sequence"))
        assert [event.kind for event in events][-2:] == ["person_invited", "password_chosen"]
        assert [event.actor_id for event in events][-2:] == [company.administrator.pk, newcomer.pk]
        written = str([(event.kind, event.data) for event in events])
        assert "newcomer" not in written
        assert token_of(made["link"]) not in written
        assert verify() is None

    def test_a_new_password_ends_what_was_signed_in_before(self, company: Company) -> None:
        before = Caller(company.applicant)
        (made,) = invite(company, company.applicant)
        assert before.get("/me").status_code == 200, "until it is used, the old password counts"

        Caller().post("/invitation/password", token=token_of(made["link"]), password=NEW)

        assert before.get("/me").status_code == 401
        assert Caller().post("/session", username="applicant", password=PASSWORD).status_code == 401
        assert AuthToken.objects.filter(user=company.applicant).count() == 1

    @pytest.mark.parametrize(
        ("password", "says"),
        [
            ("short", "12 characters or more"),
            ("password1234", "people use most"),
            ("newcomer-2026", "much like your user name"),
            ("19850401198504", "digits only"),
        ],
    )
    def test_takes_no_weak_password_and_stays_open(
        self, company: Company, newcomer: Person, password: str, says: str
    ) -> None:
        (made,) = invite(company, newcomer)
        refused = Caller(language="en").post("/invitation/password", token=token_of(made["link"]), password=password)

        assert told(refused) == (422, "password_not_strong")
        assert says in refused.json()["detail"]
        assert Caller().post("/invitation/password", token=token_of(made["link"]), password=NEW).status_code == 201


class TestALinkThatIsNotGood:
    def test_is_answered_alike_whatever_the_reason(self, company: Company, newcomer: Person) -> None:
        bad = {"never made": "x" * 43}
        (made,) = invite(company, newcomer)
        bad["replaced"] = token_of(made["link"])
        (made,) = invite(company, newcomer)
        bad["revoked"] = token_of(made["link"])
        revoked = Caller(company.administrator).post(f"/invitations/{made['invitation']['id']}/revoke")
        assert revoked.json()["state"] == "uninvited"
        (made,) = invite(company, newcomer)
        bad["expired"] = token_of(made["link"])
        Invitation.objects.filter(pk=made["invitation"]["id"]).update(expires_at=timezone.now())
        assert state_of(company, newcomer) == "expired"
        (made,) = invite(company, company.applicant)
        bad["of somebody who left"] = token_of(made["link"])
        Person.objects.filter(pk=company.applicant.pk).update(is_active=False)

        answers = {
            reason: [
                Caller().post("/invitation", token=token).content,
                Caller().post("/invitation/password", token=token, password=NEW).content,
            ]
            for reason, token in bad.items()
        }

        assert len({content for both in answers.values() for content in both}) == 1, answers
        assert not Person.objects.get(pk=newcomer.pk).has_usable_password()

    def test_may_not_be_tried_for_ever(self, company: Company, newcomer: Person) -> None:
        (made,) = invite(company, newcomer)
        for _ in range(attempts.MOST - 1):
            assert told(Caller().post("/invitation", token="guess")) == NOT_VALID
        assert Caller().post("/invitation", token=token_of(made["link"])).status_code == 200
        Caller().post("/invitation/password", token="guess", password=NEW)

        refused = Caller().post("/invitation", token=token_of(made["link"]))

        assert told(refused) == (429, "too_many_attempts")
        assert refused["Retry-After"] == "900"
        AccessFailureLog.objects.update(attempt_time=timezone.now() - attempts.WITHIN)
        assert Caller().post("/invitation", token=token_of(made["link"])).status_code == 200


class TestLetters:
    def work_off(self) -> None:
        at = timezone.now()
        tally = drain(handlers=timers.HANDLERS, clock=lambda: at, until=at + dt.timedelta(minutes=1))
        assert tally.dead == tally.failed == 0

    @pytest.mark.parametrize(("language", "words"), [("ja", "パスワードを決めて"), ("en", "choose a password")])
    def test_bring_the_link_in_the_persons_language(
        self, company: Company, newcomer: Person, letterbox: Letterbox, language: str, words: str
    ) -> None:
        Person.objects.filter(pk=newcomer.pk).update(language=language)
        (made,) = invite(company, newcomer)
        assert made["link"] is None, "who invites does not hold the link"
        self.work_off()

        (letter,) = letterbox.letters
        assert letter["to"] == "newcomer@example.co.jp"
        assert words in letter["body"]
        (link,) = re.findall(r"http\S+", letter["body"])
        assert token_of(link) not in str(list(OutboxMessage.objects.values()))
        assert Caller().post("/invitation/password", token=token_of(link), password=NEW).status_code == 201
        assert not mail.outbox

    def test_are_not_sent_for_what_was_taken_back(
        self, company: Company, newcomer: Person, letterbox: Letterbox
    ) -> None:
        (made,) = invite(company, newcomer)
        Caller(company.administrator).post(f"/invitations/{made['invitation']['id']}/revoke")
        self.work_off()
        assert letterbox.letters == []

    def test_sent_again_leave_one_good_link(self, company: Company, newcomer: Person, letterbox: Letterbox) -> None:
        invite(company, newcomer)
        self.work_off()
        OutboxMessage.objects.update(state="waiting", finished_at=None, next_attempt_at=timezone.now())
        self.work_off()

        first, second = (token_of(re.findall(r"http\S+", letter["body"])[0]) for letter in letterbox.letters)
        assert told(Caller().post("/invitation", token=first)) == NOT_VALID
        assert Caller().post("/invitation", token=second).status_code == 200

    def test_whoever_has_no_address_gets_the_link_by_hand(self, company: Company, letterbox: Letterbox) -> None:
        (made,) = invite(company, company.applicant)
        assert made["link"]


class TestAnAdministrator:
    def test_invites_all_or_nobody(self, company: Company, newcomer: Person) -> None:
        answer = Caller(company.administrator).post("/invitations", people=[newcomer.pk, 10**9])
        assert told(answer) == (404, "nobody_to_invite")
        assert not Invitation.objects.exists()

    def test_takes_back_once_and_only_what_is_open(self, company: Company, newcomer: Person) -> None:
        (made,) = invite(company, newcomer)
        administrator, path = Caller(company.administrator), f"/invitations/{made['invitation']['id']}/revoke"
        assert administrator.post(path).status_code == 200
        assert told(administrator.post(path)) == (409, "invitation_closed")
        assert told(administrator.post("/invitations/999999/revoke")) == (404, "no_such_invitation")

    def test_sees_no_link_again(self, company: Company, newcomer: Person) -> None:
        (made,) = invite(company, newcomer)
        listed = Caller(company.administrator).get("/accounts", limit=100)
        assert token_of(made["link"]) not in listed.content.decode()
