"""One line for each request, that tells whose it was and what became of it, and nothing that anyone wrote."""

import io
import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api import timers
from api.organization.models import Person
from api.proposals import queries
from api.proposals.models import AuditEvent, OutboxMessage
from api.rest.authentication import issue_token
from project import requests
from project.logs import JsonLines
from tests.company import PASSWORD, Company, found_company, pending, purchase, submitted

WORDS = {
    "title": "極秘の買収計画",
    "supplier": "株式会社ひみつ",
    "comment": "田中さんの件は内密に",
    "email": "tanaka.hanako@corp.example.co.jp",
    "wrong": "tanakahanako",
}
"""What people write, each found nowhere else."""


class Log:
    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["message"] == "request"]


@pytest.fixture
def company(db: None) -> Company:
    return found_company()


@pytest.fixture
def log() -> Iterator[Log]:
    """All that a stage would write, down to DEBUG for what is ours."""
    made = Log()
    handler = logging.StreamHandler(made.stream)
    handler.setFormatter(JsonLines(prefix="cloister-poc"))
    root, line = logging.getLogger(), logging.getLogger("project.requests")
    levels = root.level, line.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    line.setLevel(logging.INFO)
    yield made
    root.removeHandler(handler)
    root.setLevel(levels[0])
    line.setLevel(levels[1])


def bearer(person: Person) -> dict[str, str]:
    token, _expires_at = issue_token(person=person, at=timezone.now())
    return {"Authorization": f"Bearer {token}"}


class TestALine:
    def test_names_route_person_status_and_time(self, company: Company, log: Log) -> None:
        proposal = submitted(company)
        answer = Client().get(f"/api/proposals/{proposal.pk}", headers=bearer(company.applicant))
        (line,) = log.requests
        assert (
            line.items()
            >= {
                "level": "INFO",
                "method": "GET",
                "route": "/api/proposals/{proposal_id}",
                "status": 200,
                "person": company.applicant.pk,
                "request_id": answer["X-Request-ID"],
            }.items()
        )
        assert isinstance(line["ms"], int)

    def test_is_written_for_strangers_and_for_what_nobody_serves(self, db: None, log: Log) -> None:
        Client().get("/api/me")
        Client().get("/api/tanaka/hanako")
        Client().get("/tanaka-hanako")
        Client().generic("TANAKA", "/api/me")
        assert [(line["method"], line["route"], line["status"], line["person"]) for line in log.requests] == [
            ("GET", "/api/me", 401, None),
            ("GET", "/api/{unknown}", 404, None),
            ("GET", "(none)", 404, None),
            ("?", "/api/me", 401, None),
        ]
        assert "anaka" not in log.text

    def test_says_which_request_waited_for_the_start(self, db: None, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(requests._Process, "is_cold", True)
        with requests.warming_up():
            Client().get("/api/me")
        for _ in range(2):
            Client().get("/api/me")
        assert [line["cold_start"] for line in log.requests] == [True, False]

    def test_is_left_out_for_a_probe_that_went_well(self, db: None, log: Log) -> None:
        Client().get("/health")
        assert log.requests == []


class TestTheId:
    def test_of_the_browser_leads_to_log_answer_audit_and_messages(self, company: Company, log: Log) -> None:
        proposal = submitted(company)
        id_ = str(uuid.uuid4())
        answer = Client().post(
            f"/api/assignments/{pending(proposal).pk}/decision",
            {"verdict": "approve", "revision": 1},
            content_type="application/json",
            headers=bearer(company.section_manager) | {"X-Request-ID": id_.upper()},
        )
        assert (answer.status_code, answer["X-Request-ID"]) == (200, id_)
        assert log.requests[-1]["request_id"] == id_
        assert AuditEvent.objects.latest("sequence").data["request"] == id_
        assert OutboxMessage.objects.latest("pk").payload["request"] == id_

    @pytest.mark.parametrize("id_", ["", "tanaka-hanako", "1", "x" * 10_000, "00000000-0000-0000-0000-00000000000g"])
    def test_is_a_new_one_where_the_caller_gives_none_or_words(self, db: None, log: Log, id_: str) -> None:
        answer = Client().get("/api/me", headers={"X-Request-ID": id_})
        assert uuid.UUID(answer["X-Request-ID"]).version == 4
        assert log.requests[-1]["request_id"] == answer["X-Request-ID"]

    def test_follows_a_message_into_what_it_causes(self, company: Company, settings: Any) -> None:
        settings.MAIL_IS_ON = True
        with requests.tracing() as id_:
            submitted(company, at=timezone.now())
        with requests.tracing() as other:
            timers.tick()
        mail = OutboxMessage.objects.get(kind="mail")
        assert mail.payload["request"] == id_ != other


class TestPersonalData:
    @pytest.mark.django_db(transaction=True)
    def test_is_in_no_line_whatever_people_write_and_whatever_breaks(
        self, log: Log, monkeypatch: pytest.MonkeyPatch, database: str
    ) -> None:
        company = found_company()
        for person in Person.objects.all():
            person.email = f"{person.username}.{WORDS['email']}"
            person.family_name, person.given_name = "田中", "花子"
            person.save()
        monkeypatch.setattr("django.conf.settings.AXES_VERBOSE", True)
        client = Client(raise_request_exception=False)

        def call(method: str, path: str, body: Any = None, *, by: Person | None = None) -> Any:
            return client.generic(
                method,
                path,
                json.dumps(body) if body is not None else "",
                content_type="application/json",
                headers=bearer(by) if by else {},
            )

        for name in ("applicant", WORDS["wrong"]):
            for _ in range(6):
                call("POST", "/api/session", {"username": name, "password": WORDS["wrong"]})
        call("POST", "/api/session", {"username": "president", "password": PASSWORD})
        content = purchase(company, amount=1) | {"supplier": WORDS["supplier"]}
        draft = {"type": "purchase", "post": company.applicant_post.pk, "title": WORDS["title"], "content": content}
        made = call("POST", "/api/proposals", draft, by=company.applicant).json()
        address = f"/api/proposals/{made['id']}"
        call("PATCH", address, {"version": 1, "content": {"supplier": [WORDS["supplier"]]}}, by=company.applicant)
        call("POST", f"{address}/submit", {"version": 1}, by=company.applicant)
        call("POST", f"{address}/comments", {"body": WORDS["comment"]}, by=company.applicant)
        call("GET", f"/api/people?q={WORDS['wrong']}", by=company.applicant)
        call("GET", f"/api/{WORDS['wrong']}", by=company.applicant)
        call("POST", f"{address}/{WORDS['wrong']}", by=company.applicant)

        def broken(**_values: object) -> None:
            raise ValueError(WORDS["comment"]) from KeyError(WORDS["email"])

        monkeypatch.setattr(queries, "inbox", broken)
        assert call("GET", "/api/inbox", by=company.applicant).status_code == 500
        timers.tick()
        logging.getLogger("some.package").error("No address %s", WORDS["email"])
        logging.getLogger("some.package").error(f"No address {WORDS['email']}")  # as others do

        assert len(log.requests) > 20
        for word in [*WORDS.values(), "田中", "花子", PASSWORD, "@", "applicant", "president"]:
            assert word not in log.text, word
        errors = [line["errors"] for line in log.lines if "errors" in line]
        assert ["builtins.ValueError", "builtins.KeyError"] in [[part["type"] for part in found] for found in errors]

    def test_would_be_found_where_it_was_written(self, log: Log) -> None:
        """The positive control: our own messages are written with their values."""
        logging.getLogger("api.somewhere").info("%s", WORDS["email"])
        assert WORDS["email"] in log.text


class TestMetrics:
    def test_are_told_by_every_tick(self, company: Company, log: Log) -> None:
        timers.tick()
        (line,) = [line for line in log.lines if "_aws" in line]
        assert (line["Stage"], line["OutboxAgeMinutes"], line["DeadLetters"]) == ("cloister-poc", 0, 0)
        (metrics,) = line["_aws"]["CloudWatchMetrics"]
        assert metrics["Namespace"] == "Cloister"
        assert {metric["Name"] for metric in metrics["Metrics"]} == {"OutboxAgeMinutes", "DeadLetters"}
        assert metrics["Dimensions"] == [["Stage"]]
