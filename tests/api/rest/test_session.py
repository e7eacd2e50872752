"""Signing in and out."""

import datetime as dt

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone
from knox.models import AuthToken

from api.rest.authentication import end_of_working_day, issue_token
from tests.api.rest.caller import Caller
from tests.company import PASSWORD, Company

TOKYO = dt.timezone(dt.timedelta(hours=9))


class TestSignIn:
    def test_gives_a_token_and_says_who_it_is(self, company: Company) -> None:
        answer = Caller().post("/session", username="applicant", password=PASSWORD)
        assert answer.status_code == 201
        document = answer.json()
        assert document["person"]["posts"][0]["department"]["name"] == "営業一課"
        token = AuthToken.objects.get()
        assert document["token"] not in (token.digest, token.token_key)

    @pytest.mark.parametrize(("username", "password"), [("applicant", "wrong"), ("nobody", PASSWORD)])
    def test_tells_nobody_whether_the_name_exists(self, company: Company, username: str, password: str) -> None:
        answer = Caller(language="en").post("/session", username=username, password=password)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_failed")

    def test_refuses_whoever_left(self, company: Company) -> None:
        company.applicant.is_active = False
        company.applicant.save()
        assert Caller().post("/session", username="applicant", password=PASSWORD).status_code == 401

    def test_locks_out_after_wrong_passwords_and_says_how_long(self, company: Company) -> None:
        for _ in range(settings.AXES_FAILURE_LIMIT):
            answer = Caller().post("/session", username="applicant", password="wrong")
        assert (answer.status_code, answer.json()["code"]) == (429, "locked_out")
        assert int(answer["Retry-After"]) == 900
        assert "15" in answer.json()["detail"]
        assert Caller().post("/session", username="applicant", password=PASSWORD).status_code == 429
        # Somebody else at the same address is not locked out with them.
        assert Caller().post("/session", username="president", password=PASSWORD).status_code == 201
        assert AccessAttempt.objects.count() == 1

    def test_works_also_with_a_token_that_has_ended(self, company: Company) -> None:
        caller = Caller(company.applicant)
        AuthToken.objects.all().delete()
        assert caller.get("/me").json()["code"] == "token_not_valid"
        assert caller.post("/session", username="applicant", password=PASSWORD).status_code == 201

    def test_names_the_field_that_is_missing(self, company: Company) -> None:
        answer = Caller().post("/session", username="applicant")
        assert answer.json()["errors"][0]["pointer"] == "/password"


class TestSignOut:
    def test_ends_the_token(self, company: Company) -> None:
        caller = Caller(company.applicant)
        assert caller.delete("/session").status_code == 204
        assert caller.get("/me").status_code == 401
        assert not AuthToken.objects.exists()


class TestWorkingDay:
    @pytest.mark.parametrize(
        ("signed_in", "ends"),
        [
            (dt.datetime(2026, 6, 15, 8, 30, tzinfo=TOKYO), dt.datetime(2026, 6, 16, 4, 0, tzinfo=TOKYO)),
            (dt.datetime(2026, 6, 15, 23, 50, tzinfo=TOKYO), dt.datetime(2026, 6, 16, 4, 0, tzinfo=TOKYO)),
            (dt.datetime(2026, 6, 16, 0, 0, tzinfo=TOKYO), dt.datetime(2026, 6, 16, 4, 0, tzinfo=TOKYO)),
            (dt.datetime(2026, 6, 16, 3, 30, tzinfo=TOKYO), dt.datetime(2026, 6, 17, 4, 0, tzinfo=TOKYO)),
        ],
    )
    def test_ends_at_four_in_the_morning(self, signed_in: dt.datetime, ends: dt.datetime) -> None:
        assert end_of_working_day(signed_in) == ends

    def test_ends_the_token(self, company: Company) -> None:
        long_ago = timezone.now() - dt.timedelta(days=3)
        issue_token(person=company.applicant, at=long_ago)
        AuthToken.objects.update(expiry=timezone.now() - dt.timedelta(seconds=1))
        caller = Caller(company.president)
        assert caller.get("/me").status_code == 200
        AuthToken.objects.update(expiry=timezone.now() - dt.timedelta(seconds=1))
        assert caller.get("/me").status_code == 401


class TestMe:
    def test_keeps_the_language_that_was_chosen(self, company: Company) -> None:
        caller = Caller(company.applicant)
        assert caller.patch("/me", language="en").json()["language"] == "en"
        assert caller.get("/me").json()["language"] == "en"
        assert caller.patch("/me", language="fr").status_code == 400

    def test_lists_only_posts_that_are_valid_today(self, company: Company) -> None:
        company.applicant_post.valid_to = timezone.localdate() - dt.timedelta(days=1)
        company.applicant_post.save()
        assert Caller(company.applicant).get("/me").json()["posts"] == []
