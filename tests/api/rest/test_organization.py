"""The organisation from an administrator's screen: looked at, then exactly that."""

from typing import Any

import pytest

from api.organization.models import Person, SyncRun
from api.organization.ports import Noun
from api.proposals.models import AuditEvent
from api.rest import organization
from tests.api.rest.caller import Caller
from tests.company import Company
from tests.organization_files import broken, contents, sent


@pytest.fixture
def administrator(company: Company) -> Caller:
    return Caller(company.administrator, language="en")


def look(caller: Caller, files: dict[Noun, bytes]) -> dict[str, Any]:
    answer = caller.post("/organization/preview", files=sent(files))
    assert answer.status_code == 200, answer.json()
    document: dict[str, Any] = answer.json()
    return document


def take_over(caller: Caller, files: dict[Noun, bytes], **more: Any) -> Any:
    return caller.post("/organization/import", files=sent(files), **more)


class TestALook:
    def test_shows_who_comes_and_changes_nothing(self, administrator: Caller) -> None:
        seen = look(administrator, contents())

        added = {change["noun"]: change["count"] for change in seen["changes"] if change["kind"] == "added"}
        assert added["people"] == 5
        assert not seen["must_confirm"]
        assert {left["source_name"] for left in seen["left_alone"]} == {"entered by hand"}
        assert not Person.objects.filter(source="csv").exists()

    def test_names_what_is_wrong_with_file_line_column_value_and_remedy(self, administrator: Caller) -> None:
        seen = look(administrator, broken())

        assert seen["digest"] is None
        assert seen["problem_count"] == len(seen["problems"]) > 5
        assert all(problem["problem"] and problem["remedy"] and problem["file"] for problem in seen["problems"])
        day = next(problem for problem in seen["problems"] if problem["code"] == "not_a_date")
        assert all(day[part] for part in ("line", "column", "value"))


class TestTakingOver:
    def test_does_what_was_shown_and_records_it_by_ids(self, administrator: Caller, company: Company) -> None:
        seen = look(administrator, contents())
        done = take_over(administrator, contents(), digest=seen["digest"])

        assert done.json()["changed"] == sum(change["count"] for change in seen["changes"])
        run = SyncRun.objects.get()
        event = AuditEvent.objects.get(kind="organization_changed")
        assert (run.by, event.actor_id, event.data["sync_run_id"]) == (
            company.administrator,
            company.administrator.pk,
            run.pk,
        )
        assert look(administrator, contents())["changes"] == []

    def test_is_refused_where_it_would_do_something_else(self, administrator: Caller) -> None:
        seen = look(administrator, contents())
        take_over(administrator, contents(), digest=seen["digest"])

        again = take_over(administrator, contents(), digest=seen["digest"])
        other = take_over(administrator, contents(6), digest=look(administrator, contents())["digest"])

        assert (again.status_code, again.json()["code"]) == (409, "organization_moved")
        assert (other.status_code, other.json()["code"]) == (409, "organization_moved")
        assert SyncRun.objects.count() == 1

    def test_is_refused_with_problems(self, administrator: Caller) -> None:
        refused = take_over(administrator, broken(), digest="x")
        assert (refused.status_code, refused.json()["code"]) == (422, "organization_not_usable")

    @pytest.mark.parametrize(("leaving", "must_confirm"), [(5, False), (6, True)])
    def test_of_many_who_leave_needs_their_number(
        self, administrator: Caller, leaving: int, must_confirm: bool
    ) -> None:
        everyone, fewer = contents(20), contents(20, leaving=leaving)
        take_over(administrator, everyone, digest=look(administrator, everyone)["digest"])

        seen = look(administrator, fewer)
        assert (seen["leaving"], seen["must_confirm"]) == (leaving, must_confirm)
        if must_confirm:
            for typed in ({}, {"deactivating": leaving - 1}, {"deactivating": None}):
                refused = take_over(administrator, fewer, digest=seen["digest"], **typed)
                assert (refused.status_code, refused.json()["code"]) == (409, "mass_deactivation")
            assert Person.objects.filter(source="csv", is_active=True).count() == 20
        done = take_over(administrator, fewer, digest=seen["digest"], deactivating=leaving)
        assert done.status_code == 200
        assert Person.objects.filter(source="csv", is_active=True).count() == 20 - leaving


class TestFiles:
    def test_that_are_too_large_say_the_limit(self, administrator: Caller) -> None:
        files = contents() | {Noun.PEOPLE: b"x" * organization.LARGEST}
        refused = administrator.post("/organization/preview", files=sent(files))
        assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
        assert "3 MB" in refused.json()["detail"]

    def test_must_be_base64(self, administrator: Caller) -> None:
        files = sent(contents()) | {"people": {"name": "people.csv", "content": "社員"}}
        refused = administrator.post("/organization/preview", files=files)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/files/people/content")
