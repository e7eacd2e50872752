"""Every endpoint refuses strangers, says what it takes, and answers problems as problems."""

import re

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import get_resolver
from rest_framework.permissions import AllowAny, IsAuthenticated

from api.management.openapi import endpoints
from api.proposals import queries
from api.rest.parsing import LARGEST_BODY
from tests.api.rest.caller import Caller, openapi
from tests.company import Company

OPEN = {("post", "/api/session"), ("post", "/api/invitation"), ("post", "/api/invitation/password")}
"""What a stranger may call: signing in, and coming in by a link."""
OPEN_VIEWS = {"UnknownAddress", "SessionEndpoint", "InvitationEndpoint", "InvitationPasswordEndpoint"}


def addresses() -> list[tuple[str, str]]:
    return [(method, path) for path, methods in openapi()["paths"].items() for method in methods]


@pytest.mark.django_db
class TestDenyByDefault:
    @pytest.mark.parametrize(("method", "path"), addresses())
    def test_refuses_strangers(self, method: str, path: str) -> None:
        address = re.sub(r"{\w+}", "1", path)
        answer = getattr(Client(), method)(address, content_type="application/json")
        expected = 400 if (method, path) in OPEN else 401
        assert answer.status_code == expected
        if expected == 401:
            assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_lets_nothing_else_be_open(self) -> None:
        for view in endpoints().values():
            if view.__name__ in OPEN_VIEWS:
                continue
            assert view.permission_classes == [IsAuthenticated], view
            assert AllowAny not in view.permission_classes


@pytest.mark.django_db
class TestProblems:
    def test_at_an_unknown_address(self) -> None:
        answer = Client().get("/api/nowhere", headers={"accept-language": "en"})
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"

    @override_settings(DEBUG=False)
    def test_outside_the_api(self) -> None:
        answer = Client().get("/wp-login.php")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    def test_name_the_methods_that_an_address_answers(self, company: Company) -> None:
        answer = Caller(company.applicant).delete("/inbox")
        assert answer.status_code == 405
        assert "GET" in answer["Allow"]

    def test_for_a_body_that_is_no_json(self, company: Company) -> None:
        answer = Client().post("/api/session", data="{", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "not_json")
        answer = Client().post("/api/session", data="a=1", content_type="application/x-www-form-urlencoded")
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")

    @pytest.mark.parametrize(
        "body",
        [
            b"[" * 100_000,
            b"[" * 500 + b"]" * 500,
            b'{"username": NaN}',
            b'{"username": "\\u0000", "password": "x"}',
            b'{"username": "\\ud800", "password": "x"}',
            b'{"username": "\xff"}',
            b'{"a": 1' + b"0" * 5000 + b"}",
            b"",
        ],
    )
    def test_for_json_that_nothing_behind_could_take(self, body: bytes) -> None:
        answer = Client().post("/api/session", data=body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["code"] in {"not_json", "invalid_input"}

    def test_for_a_body_that_is_too_large(self) -> None:
        body = b'{"username": "' + b"x" * LARGEST_BODY + b'"}'
        answer = Client().post("/api/session", data=body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    def test_lets_a_backslash_before_u0000_be_what_it_is(self) -> None:
        body = b'{"username": "\\\\u0000", "password": "x"}'
        answer = Client().post("/api/session", data=body, content_type="application/json")
        assert answer.json()["code"] == "sign_in_failed"

    def test_are_kept_by_no_cache_as_nothing_is(self, company: Company) -> None:
        assert Caller(company.applicant).get("/me")["Cache-Control"] == "no-store"
        assert Client().get("/api/me")["Cache-Control"] == "no-store"

    def test_when_the_database_is_busy(
        self, company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Refused(Exception):
            pgcode = "40P01"

        def busy(**_values: object) -> None:
            raise OperationalError("database is locked") from Refused()

        caller = Caller(company.applicant)
        monkeypatch.setattr(queries, "inbox", busy)
        answer = caller.get("/inbox")
        assert (answer.status_code, answer.json()["code"]) == (503, "database_busy")
        assert answer["Retry-After"] == "2"
        assert "the database refused: database is locked" in caplog.messages

    @override_settings(DEBUG=False)
    def test_when_nobody_knows_whether_the_database_has_written(
        self, company: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(**_values: object) -> None:
            raise OperationalError("server closed the connection unexpectedly")

        caller = Caller(company.applicant)
        monkeypatch.setattr(queries, "inbox", broken)
        assert caller.get("/inbox").json()["code"] == "server_error"

    @override_settings(DEBUG=False)
    def test_when_nobody_foresaw_it(self, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(**_values: object) -> None:
            raise ZeroDivisionError("secret")

        caller = Caller(company.applicant)
        monkeypatch.setattr(queries, "inbox", broken)
        answer = caller.get("/inbox")
        assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
        assert b"secret" not in answer.content


def test_the_resolver_knows_every_declared_path() -> None:
    known = {"/" + address.replace("<int:", "{").replace(">", "}") for address in endpoints()}
    assert set(openapi()["paths"]) <= known
    assert get_resolver().url_patterns
