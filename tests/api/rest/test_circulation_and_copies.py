"""Circulating, copying and first saves over HTTP, each answer held against the contract."""

import uuid

from tests.api.rest.caller import Caller
from tests.company import Company, add_person, approved, purchase, submitted


class TestCirculation:
    def test_from_the_applicant_to_a_colleague_and_back(self, company: Company) -> None:
        proposal, colleague = submitted(company), add_person("colleague")
        reader = Caller(colleague)
        assert reader.get(f"/proposals/{proposal.pk}").status_code == 404

        answer = Caller(company.applicant).post(f"/proposals/{proposal.pk}/viewers", people=[colleague.pk])
        assert answer.status_code == 201
        (viewer,) = answer.json()["viewers"]
        assert (viewer["person"]["id"], viewer["added_by"]["id"]) == (colleague.pk, company.applicant.pk)
        assert viewer["seen_at"] is None

        seen = reader.get(f"/proposals/{proposal.pk}").json()
        assert set(seen["actions"]) == {"comment", "acknowledge", "copy"}
        assert [row["id"] for row in reader.get("/proposals", scope="circulated").json()["results"]] == [proposal.pk]

        after = reader.post(f"/proposals/{proposal.pk}/seen")
        assert after.status_code == 200
        assert after.json()["viewers"][0]["seen_at"] is not None
        assert "acknowledge" not in after.json()["actions"]
        circulated, acknowledged = after.json()["history"][-2:]
        assert (circulated["kind"], acknowledged["kind"]) == ("circulated", "acknowledged")
        assert circulated["viewer"] == acknowledged["person"]["id"]

    def test_names_people_who_are_not_there(self, company: Company) -> None:
        answer = Caller(company.applicant, language="en").post(
            f"/proposals/{submitted(company).pk}/viewers", people=[10**12]
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "no_such_person")
        assert str(10**12) in answer.json()["detail"]

    def test_needs_someone(self, company: Company) -> None:
        answer = Caller(company.applicant).post(f"/proposals/{submitted(company).pk}/viewers", people=[])
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


class TestCopy:
    def test_answers_the_new_draft(self, company: Company) -> None:
        old = approved(company)
        key = str(uuid.uuid4())
        caller = Caller(company.applicant)
        first = caller.post(f"/proposals/{old.pk}/copy", key=key)
        assert (first.status_code, first.json()["left_out"], first.json()["files"]) == (201, [], 0)
        assert first.json()["proposal"]["content"] == old.content
        again = caller.post(f"/proposals/{old.pk}/copy", key=key)
        assert (again.status_code, again.json()) == (200, first.json())

    def test_says_what_it_left_out(self, company: Company) -> None:
        old = approved(company)
        company.section.is_active = False
        company.section.save()
        company.applicant_post.department = company.sales
        company.applicant_post.save()
        left_out = Caller(company.applicant).post(f"/proposals/{old.pk}/copy").json()["left_out"]
        assert left_out == [{"label": "費用負担部署", "label_en": "Department that pays", "because": "unfit"}]


class TestFirstSave:
    def test_sent_twice_is_one_draft(self, company: Company) -> None:
        caller, key = Caller(company.applicant), str(uuid.uuid4())
        body = {"type": "purchase", "post": company.applicant_post.pk, "content": purchase(company), "key": key}
        first = caller.post("/proposals", **body)
        second = caller.post("/proposals", **(body | {"title": "あとから"}))
        assert (first.status_code, second.status_code) == (201, 200)
        assert second.json() == first.json()

    def test_refuses_what_is_no_key(self, company: Company) -> None:
        answer = Caller(company.applicant).post(
            "/proposals", type="general", post=company.applicant_post.pk, key="mine"
        )
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/key")
