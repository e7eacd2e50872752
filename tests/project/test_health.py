"""Probes: one that asks nothing, one that asks the database."""

import pytest
from django.db import OperationalError
from django.test import Client

from project import health


class TestHealth:
    def test_answers_without_the_database(self) -> None:
        answer = Client().get("/health")  # pytest-django refuses every query in this test
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer["Cache-Control"] == "no-store"


class TestReady:
    @pytest.mark.django_db
    def test_answers_with_the_database(self) -> None:
        answer = Client().get("/ready")
        assert (answer.status_code, answer.json()) == (200, {"status": "ready"})

    @pytest.mark.parametrize(("language", "says"), [("ja", "データベース"), ("en", "database")])
    def test_says_that_the_database_does_not_answer(
        self, monkeypatch: pytest.MonkeyPatch, language: str, says: str
    ) -> None:
        class Silent:
            def cursor(self) -> None:
                raise OperationalError("could not connect to server")

        monkeypatch.setattr(health, "connection", Silent())
        answer = Client().get("/ready", headers={"Accept-Language": language})
        assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
        assert (answer.json()["code"], answer["Retry-After"]) == ("database_unavailable", "5")
        assert says in answer.json()["detail"]
