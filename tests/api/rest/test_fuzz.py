"""Whatever the contract allows to be sent, and what it does not: never a 5xx, never an answer that is not declared.

schemathesis makes the requests from openapi.yaml; real ids are put into most of them, so that they get somewhere.
`make fuzz` goes on without bound.
"""

import json
from contextlib import nullcontext, suppress
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from api.organization.models import Person
from api.proposals import operations
from api.proposals.models import Assignment, OutboxMessage, OutboxState
from api.proposals.states import Verdict
from tests.api.rest.caller import hold_to_contract, openapi, token_of
from tests.attachments import attached, expect
from tests.company import NOON, Company, approved, decide, draft, purchase, submitted
from tests.fuzz import examples

KNOWN_TO_NOBODY = [0, 10**9, 2**63 - 1, 2**63]


@cache
def described() -> dict[str, Any]:
    """Return every operation of openapi.yaml, by its label, such as GET /api/inbox."""
    schema = schemathesis.openapi.from_dict(openapi())
    found = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]  # an error is raised
    return {operation.label: operation for operation in found}


class Place:
    """A company in which something lies at most addresses, and what its ids are."""

    def __init__(self, company: Company) -> None:
        self.people = [company.applicant, company.section_manager, company.administrator]
        draft_ = draft(company)
        file = attached(draft_, by=company.applicant)
        expected = expect(draft(company), by=company.applicant)
        returned = decide(submitted(company), Verdict.RETURN)
        waiting, done = submitted(company), approved(company)
        operations.circulate(proposal_id=waiting.pk, people=[company.president.pk], by=company.applicant, at=NOON)
        message = OutboxMessage.objects.create(kind="x", dedupe_key="x", created_at=NOON, state=OutboxState.DEAD)
        (invited,) = operations.invite(people=[company.president.pk], by=company.administrator, at=timezone.now())
        self.tokens = {person.pk: token_of(person) for person in self.people}
        proposals = [draft_.pk, expected.proposal_id, returned.pk, waiting.pk, done.pk]
        self.real: dict[str, list[Any]] = {
            "proposal_id": proposals,
            "attachment_id": [file.pk, expected.pk],
            "assignment_id": list(Assignment.objects.values_list("pk", flat=True)),
            "message_id": [message.pk],
            "invitation_id": [invited.invitation.pk],
            "token": [invited.token],
            "type": ["purchase", "general", "travel"],
            "post": [company.applicant_post.pk],
            "version": [1, 2, 3],
            "revision": [1, 2],
            "people": [
                [company.president.pk],
                [company.applicant.pk],
                list(Person.objects.values_list("pk", flat=True)),
            ],
            "content": [purchase(company), purchase(company) | {"items": []}],
            "state": ["draft", "dead"],
        }


@pytest.fixture
def place(company: Company) -> Place:
    return Place(company)


def ask(place: Place, case: Any, data: st.DataObject) -> None:
    """Send one case as somebody, with real ids in most of the places for one, and take back what it did."""
    real = place.real
    for name in case.path_parameters or {}:
        if data.draw(st.integers(0, 9)):
            case.path_parameters[name] = data.draw(st.sampled_from(real[name] + KNOWN_TO_NOBODY))
    if isinstance(case.body, dict):
        for name in sorted(case.body.keys() & real.keys()):
            if data.draw(st.integers(0, 4)):
                case.body[name] = data.draw(st.sampled_from(real[name]))
    person = data.draw(st.sampled_from([*place.people, None]))
    headers = {"Accept-Language": data.draw(st.sampled_from(["ja", "en", "x"]))}
    if person is not None:
        headers["Authorization"] = f"Bearer {place.tokens[person.pk]}"
    path = case.formatted_path
    query = urlencode(case.query or {}, doseq=True, errors="surrogatepass")
    sends = case.method.upper() not in {"GET", "DELETE"} and case.media_type is not None
    body = json.dumps(case.body, default=str) if sends else ""
    with transaction.atomic():
        answer = Client(raise_request_exception=False).generic(
            case.method.upper(), path, body, content_type="application/json", headers=headers, QUERY_STRING=query
        )
        transaction.set_rollback(True)
    told = f"{case.method} {path}?{query} {body[:500]} as {person}"
    assert answer.status_code < 500, f"{told}: {answer.status_code} {answer.content!r}"
    hold_to_contract(case.method.lower(), path, answer)


@pytest.mark.django_db
@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "refused"])
def test_every_operation_answers_as_declared(mode: GenerationMode, place: Place) -> None:
    for operation in described().values():

        @examples(20 if mode is GenerationMode.POSITIVE else 8)
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def answers(case: Any, data: st.DataObject) -> None:
            ask(place, case, data)

        # Of some operations nothing that could be sent would be wrong.
        with suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext():
            answers()


@pytest.mark.django_db
def test_real_ids_lead_somewhere(place: Place) -> None:
    """The positive control: with what is put into them requests do get through."""
    headers = {"Authorization": f"Bearer {place.tokens[place.people[0].pk]}"}
    for id_ in place.real["proposal_id"]:
        assert Client().get(f"/api/proposals/{id_}", headers=headers).status_code == 200
    body = {"type": place.real["type"][0], "post": place.real["post"][0], "content": place.real["content"][0]}
    answer = Client().post("/api/proposals", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201
