"""A proposal over HTTP: the whole way, what each reader sees, and what is refused in which words."""

import base64
from typing import Any

import pytest

from api.proposals import operations
from api.proposals.models import Proposal
from api.proposals.states import Verdict
from tests.api.rest.caller import Caller
from tests.company import NOON, Company, approved, decide, draft, pending, purchase, submitted


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def begin(company: Company, caller: Caller, **changes: Any) -> dict[str, Any]:
    body = {
        "type": "purchase",
        "post": company.applicant_post.pk,
        "title": "ノートPCの購入",
        "content": purchase(company),
    }
    document: dict[str, Any] = caller.post("/proposals", **(body | changes)).json()
    return document


class TestTheWholeWay:
    def test_from_draft_to_decision_number(self, company: Company) -> None:
        applicant = Caller(company.applicant)
        proposal = begin(company, applicant)
        assert proposal["amount"] == 1_500_000
        assert proposal["actions"] == ["edit", "attach", "submit", "withdraw", "copy"]
        address = f"/proposals/{proposal['id']}"

        preview = applicant.get(f"{address}/route-preview").json()["steps"]
        assert [step["asked"][0]["person"]["name"] for step in preview] == [
            "section_manager 太郎",
            "department_manager 太郎",
            "director 太郎",
        ]

        proposal = applicant.post(f"{address}/submit", version=proposal["version"]).json()
        assert proposal["actions"] == ["withdraw", "pull_back", "comment", "circulate", "copy"]
        for superior in company.superiors[:3]:
            caller = Caller(superior)
            inbox = caller.get("/inbox").json()
            assert (inbox["count"], inbox["next"]) == (1, None)
            (item,) = inbox["results"]
            assert item["proposal"]["amount"] == 1_500_000
            assert item["proposal"]["applicant"]["post"]["department"] == "営業一課"
            before = caller.get(address).json()
            assert before["assignment"]["id"] == item["assignment_id"]
            assert {"approve", "return", "reject"} <= set(before["actions"])
            after = caller.post(
                f"/assignments/{item['assignment_id']}/decision", verdict="approve", revision=1, comment=""
            )
            assert after.json()["assignment"] is None
            assert caller.get("/inbox").json()["results"] == []

        proposal = applicant.get(address).json()
        assert (proposal["state"], proposal["decision_number"]) == ("approved", "購買-2026-00001")
        assert [event["kind"] for event in proposal["history"]] == [
            "created",
            "submitted",
            "approved",
            "approved",
            "completed",
        ]
        assert all(step["assignments"][0]["decision"]["verdict"] == "approve" for step in proposal["route"])
        assert proposal["references"]["departments"][0]["name"] == "営業一課"


class TestReaders:
    def test_see_the_revision_while_the_applicant_rewrites_it(self, company: Company) -> None:
        proposal = decide(submitted(company), Verdict.RETURN)
        operations.edit_draft(
            proposal_id=proposal.pk,
            version=proposal.version,
            by=company.applicant,
            at=NOON,
            title="書きかけ",
            content=purchase(company, amount=1),
        )
        address = f"/proposals/{proposal.pk}"
        own = Caller(company.applicant).get(address).json()
        theirs = Caller(company.section_manager).get(address).json()
        assert (own["title"], own["amount"]) == ("書きかけ", 1)
        assert (theirs["title"], theirs["amount"]) == ("ノートPCの購入", 1_500_000)
        (item,) = Caller(company.section_manager).get("/proposals", scope="decided").json()["results"]
        assert (item["title"], item["amount"]) == ("ノートPCの購入", 1_500_000)

    def test_are_only_those_whom_it_concerns(self, company: Company) -> None:
        proposal = submitted(company)
        address = f"/proposals/{proposal.pk}"
        for person in (company.applicant, company.section_manager, company.administrator):
            assert Caller(person).get(address).status_code == 200
        for stranger in (company.department_manager, company.president):  # not asked yet, or not at all
            answer = Caller(stranger).get(address)
            assert (answer.status_code, answer.json()["code"]) == (404, "no_such_proposal")

    def test_cannot_tell_a_hidden_proposal_from_none(self, company: Company) -> None:
        hidden = Caller(company.president).get(f"/proposals/{draft(company).pk}").json()
        missing = Caller(company.president).get("/proposals/999999").json()
        assert {**hidden, "detail": "", "values": {}} == {**missing, "detail": "", "values": {}}


class TestRefusals:
    def test_say_in_the_readers_language_which_field_is_wrong(self, company: Company) -> None:
        content = purchase(company) | {"category": "yacht", "items": [{"description": "机", "quantity": 0}]}
        body = {"type": "purchase", "post": company.applicant_post.pk, "title": "机", "content": content}
        for language, says in (("ja", "「数量」は"), ("en", "Quantity: ")):
            answer = Caller(company.applicant, language=language).post("/proposals", **body)
            assert answer.status_code == 422
            errors = {error["pointer"]: error for error in answer.json()["errors"]}
            assert set(errors) == {"/content/items/0/quantity", "/content/category"}
            assert errors["/content/items/0/quantity"]["detail"].startswith(says)

    def test_refuse_a_field_that_is_not_declared(self, company: Company) -> None:
        answer = Caller(company.applicant).post("/proposals", type="purchase", post=1, state="approved")
        assert answer.json()["errors"][0] == {
            "pointer": "/state",
            "code": "unknown_field",
            "detail": answer.json()["errors"][0]["detail"],
        }

    def test_take_no_number_that_the_database_cannot_hold(self, company: Company) -> None:
        caller = Caller(company.applicant)
        huge = 10**30
        assert caller.post("/proposals", type="purchase", post=huge).status_code == 400
        assert caller.get(f"/proposals/{huge}").status_code == 404
        assert caller.post(f"/assignments/{huge}/decision", verdict="approve", revision=huge).status_code == 404
        content = {"cost_department": huge, "items": [{"quantity": huge, "unit_price": huge}]}
        answer = begin(company, caller, content=content)
        assert {error["code"] for error in answer["errors"]} == {"too_large"}

    def test_give_conflicts_as_409_with_a_stable_code(self, company: Company) -> None:
        proposal = submitted(company)
        asked = pending(proposal).pk
        caller = Caller(company.section_manager)
        path = f"/assignments/{asked}/decision"
        stale = caller.post(path, verdict="approve", revision=2)
        assert (stale.status_code, stale.json()["code"]) == (409, "stale_revision")
        assert caller.post(path, verdict="approve", revision=1).status_code == 200
        again = caller.post(path, verdict="reject", revision=1, comment="理由")
        assert (again.status_code, again.json()["code"]) == (409, "already_decided")
        assert "承認済み" in again.json()["detail"], "whoever repeats a decision learns that the first one stands"
        late = Caller(company.applicant).post(f"/proposals/{proposal.pk}/pull-back")
        assert (late.status_code, late.json()["code"]) == (409, "decisions_made")

    def test_ask_for_a_reason(self, company: Company) -> None:
        proposal = submitted(company)
        path = f"/assignments/{pending(proposal).pk}/decision"
        answer = Caller(company.section_manager).post(path, verdict="reject", revision=1)
        assert (answer.status_code, answer.json()["code"]) == (422, "comment_needed")

    def test_name_the_empty_step(self, company: Company) -> None:
        company.director.posts.update(is_active=False)
        company.president.posts.update(is_active=False)
        caller = Caller(company.applicant)
        proposal = begin(company, caller)
        for answer in (
            caller.get(f"/proposals/{proposal['id']}/route-preview"),
            caller.post(f"/proposals/{proposal['id']}/submit", version=1),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, "route_empty")
            assert "営業本部" in answer.json()["detail"]

    @pytest.mark.parametrize(
        ("path", "query"),
        [
            ("/proposals", {"limit": 0}),
            ("/proposals", {"limit": 101}),
            ("/proposals", {"cursor": "x"}),
            ("/proposals", {"cursor": "WyJ4IiwxXQ=="}),
            ("/proposals", {"cursor": "bnVsbA=="}),
            ("/proposals", {"state": "open"}),
            ("/proposals", {"page": 2}),
            ("/people", {"cursor": "WzEsIngiXQ=="}),
            ("/people", {"cursor": cursor('["\\ud800",1]')}),
            ("/departments", {"cursor": cursor('["\\ud800"]')}),
            ("/departments", {"cursor": cursor('["\\u0000"]')}),
            ("/inbox", {"cursor": cursor('["0001-01-01T00:00:00+14:00",1]')}),
            ("/proposals", {"cursor": cursor('["9999-12-31T23:59:59-14:00",1]')}),
        ],
    )
    def test_refuse_a_query_that_means_nothing(self, company: Company, path: str, query: dict[str, Any]) -> None:
        answer = Caller(company.applicant).get(path, **query)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")

    def test_let_only_administrators_list_all(self, company: Company) -> None:
        submitted(company)
        draft(company)
        assert Caller(company.applicant).get("/proposals", scope="all").json()["code"] == "forbidden"
        assert len(Caller(company.administrator).get("/proposals", scope="all").json()["results"]) == 1


class TestPages:
    def test_show_every_proposal_once_newest_first(self, company: Company) -> None:
        made = [draft(company).pk for _ in range(7)]  # all at the same instant
        seen: list[int] = []
        cursor: dict[str, str] = {}
        caller = Caller(company.applicant)
        while True:
            page = caller.get("/proposals", limit=3, **cursor).json()
            seen += [row["id"] for row in page["results"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == sorted(made, reverse=True)

    def test_show_the_inbox_oldest_first_and_count_it(self, company: Company) -> None:
        made = [submitted(company).pk for _ in range(5)]
        caller = Caller(company.section_manager)
        first = caller.get("/inbox", limit=2).json()
        second = caller.get("/inbox", limit=4, cursor=first["next"]).json()
        assert [item["proposal"]["id"] for item in first["results"] + second["results"]] == made
        assert (first["count"], second["count"], second["next"]) == (5, 5, None)

    def test_choose_a_state(self, company: Company) -> None:
        approved(company)
        draft(company)
        rows = Caller(company.applicant).get("/proposals", state="approved").json()["results"]
        assert [row["state"] for row in rows] == ["approved"]

    def test_ask_the_database_the_same_number_of_questions_however_long(
        self, company: Company, django_assert_num_queries: Any
    ) -> None:
        caller = Caller(company.section_manager)
        for _ in range(3):
            submitted(company)
        with django_assert_num_queries(3):  # token, person, rows
            caller.get("/inbox")
        for _ in range(10):
            submitted(company)
        with django_assert_num_queries(3):
            caller.get("/inbox")


class TestOtherVerbs:
    def test_comment_withdraw_and_pull_back(self, company: Company) -> None:
        applicant, manager = Caller(company.applicant), Caller(company.section_manager)
        proposal = submitted(company)
        address = f"/proposals/{proposal.pk}"
        said = manager.post(f"{address}/comments", body="見積書はありますか")
        assert (said.status_code, said.json()["comments"][0]["body"]) == (201, "見積書はありますか")
        assert applicant.post(f"{address}/pull-back").json()["state"] == "draft"
        ended = applicant.post(f"{address}/withdraw", comment="不要になりました").json()
        assert (ended["state"], ended["actions"]) == ("withdrawn", ["comment", "circulate", "copy"])
        assert [event["comment"] for event in ended["history"]][-1] == "不要になりました"
        assert Proposal.objects.get().state == "withdrawn"

    def test_publish_their_types_and_find_people_and_departments(self, company: Company) -> None:
        caller = Caller(company.applicant)
        types = caller.get("/proposal-types").json()["results"]
        assert [row["code"] for row in types] == ["purchase", "travel", "general"]
        found = caller.get("/departments", q="営業一").json()["results"]
        assert [row["code"] for row in found] == ["111"]
        assert [row["code"] for row in found[0]["path"]] == ["000", "100", "110"]
        (person,) = caller.get("/people", q="president").json()["results"]
        assert person["post"]["title"] == "社長"
        first = caller.get("/people", limit=4).json()
        rest = caller.get("/people", cursor=first["next"]).json()
        assert len({row["id"] for row in first["results"] + rest["results"]}) == 6
