"""Every address, for everyone, in every situation: exactly what the tables of permissions say."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.urls import get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from api.management.openapi import descriptions
from api.organization.models import Person
from api.proposals import operations
from api.proposals.models import Assignment, Attachment, OutboxMessage, OutboxState, Proposal
from api.proposals.operations import Invited
from api.proposals.relations import IMPOSSIBLE, ROLES, SEES, Answer, Relation, Situation, answer_to
from api.proposals.states import Operation, Verdict
from api.rest.access import ACCESS, Access, Needs
from api.rest.authentication import issue_token
from tests.attachments import CONTENT, attached
from tests.company import PASSWORD, Company, add_person, add_post, decide, draft
from tests.organization_files import contents, digest, sent

STATUS = {Answer.UNSEEN: {404}, Answer.NOT_ALLOWED: {403}, Answer.WRONG_STATE: {409}, Answer.DONE: {200, 201, 204}}
STRANGER = "stranger"
"""Someone who is not signed in, beside the relations."""
NOWHERE = "api/<path:unknown>"
ON_A_DEVELOPERS_MACHINE = {"api/local-storage", "api/local-storage/<path:key>", "", r"^(?P<path>assets/.+)$"}


def real_addresses() -> Iterator[tuple[str, str]]:
    """Yield (method, address) of everything that Django would answer."""

    def walk(patterns: Sequence[Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            address = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, address)
            else:
                yield address, pattern.callback

    for address, view in walk(get_resolver().url_patterns, ""):
        for method in descriptions(view.cls) if hasattr(view, "cls") else ["get"]:
            yield method, address


@dataclass
class Scene:
    """A proposal in one situation, and who stands to it how."""

    company: Company
    proposal: Proposal
    people: dict[Relation, Person]
    file: Attachment
    message: OutboxMessage
    invited: Invited
    clients: dict[str, APIClient] = field(default_factory=dict)

    def client(self, who: str) -> APIClient:
        if who not in self.clients:
            self.clients[who] = client = APIClient(raise_request_exception=False)
            if who != STRANGER:
                token, _expires_at = issue_token(person=self.people[Relation(who)], at=timezone.now())
                client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return self.clients[who]


def scene_of(situation: Situation, company: Company) -> Scene:
    """Reach the situation by real operations, past a first revision that was approved once and then returned."""
    people = {
        Relation.APPLICANT: company.applicant,
        Relation.ASKED: company.section_manager,
        Relation.WAS_ASKED: company.department_manager,
        Relation.PLANNED: company.director,
        Relation.ADMINISTRATOR: company.administrator,
    }
    for relation in (Relation.VIEWER, Relation.COLLEAGUE):
        people[relation] = add_person(relation.value)
        add_post(people[relation], company.sales, 10, "社員")
    applicant, at = company.applicant, timezone.now()
    proposal = draft(company, at=at)
    file = attached(proposal, by=applicant, at=at)

    def submit() -> None:
        proposal.refresh_from_db()
        operations.submit(proposal_id=proposal.pk, version=proposal.version, by=applicant, at=at)
        proposal.refresh_from_db()

    if situation is not Situation.NEVER_SUBMITTED:
        submit()
        viewer = people[Relation.VIEWER]
        operations.circulate(proposal_id=proposal.pk, people=[viewer.pk], by=applicant, at=at)
        decide(decide(proposal, at=at), Verdict.RETURN, at=at)
    if situation in {Situation.IN_PROGRESS, Situation.PULLED_BACK, Situation.APPROVED, Situation.REJECTED}:
        submit()
    if situation is Situation.PULLED_BACK:
        operations.pull_back(proposal_id=proposal.pk, by=applicant, at=at)
    if situation is Situation.REJECTED:
        decide(proposal, Verdict.REJECT, at=at)
    if situation is Situation.WITHDRAWN:
        operations.withdraw(proposal_id=proposal.pk, by=applicant, at=at)
    proposal.refresh_from_db()
    while situation is Situation.APPROVED and proposal.state == "in_progress":
        proposal = decide(proposal, at=at)
    assert proposal.state == situation.state
    # Whoever was asked and is not now stands for all of these.
    if situation is not Situation.IN_PROGRESS:
        del people[Relation.ASKED]
    message = OutboxMessage.objects.create(kind="x", dedupe_key="x", created_at=at, state=OutboxState.DEAD)
    (made,) = operations.invite(people=[company.president.pk], by=company.administrator, at=at)
    return Scene(company, proposal, people, file, message, made)


def assignment_for(scene: Scene, person: Person | None) -> int:
    """Return the assignment that a person would decide on: their own, the newest, else anyone's."""
    all_ = Assignment.objects.filter(asked_at__isnull=False).order_by("-pk")
    own = all_.filter(person=person).first() if person else None
    found = own or all_.first()
    return found.pk if found else 1


def coming(scene: Scene) -> Attachment:
    """Return a file of the applicant's that was announced and has not arrived."""
    row = Attachment.objects.get(pk=scene.file.pk)
    row.pk, row.key, row.state, row.checked_at = None, "attachments/coming", "expected", None
    row.save(force_insert=True)
    return row


def call(scene: Scene, access: Access, who: str) -> int:
    """Ask one address as one person, as if nothing had been asked before; return the status."""
    proposal = Proposal.objects.get(pk=scene.proposal.pk)
    person = None if who == STRANGER else scene.people[Relation(who)]
    values: dict[str, Callable[[], int]] = {
        "proposal_id": lambda: proposal.pk,
        "attachment_id": lambda: coming(scene).pk if access.needs is Needs.OWN_UPLOAD else scene.file.pk,
        "assignment_id": lambda: assignment_for(scene, person),
        "message_id": lambda: scene.message.pk,
        "invitation_id": lambda: scene.invited.invitation.pk,
    }
    post = person.posts.get().pk if person else 1
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    bodies: dict[tuple[str, str], dict[str, Any]] = {
        ("post", "api/session"): {"username": "applicant", "password": PASSWORD},
        ("post", "api/invitation"): {"token": scene.invited.token},
        ("post", "password"): {"token": scene.invited.token, "password": "another-long-word"},
        ("post", "api/invitations"): {"people": [scene.company.president.pk]},
        ("post", "preview"): {"files": sent(contents())},
        ("post", "import"): {"files": sent(contents()), "digest": digest(contents())},
        ("patch", "api/me"): {"language": "ja"},
        ("post", "api/notices/read"): {"up_to": 1},
        ("post", "settle"): {"comment": "電話で伝えました"},
        ("post", "api/proposals"): {"type": "general", "post": post},
        ("patch", "api/proposals/<int:proposal_id>"): {"version": proposal.version},
        ("post", "submit"): {"version": proposal.version},
        ("post", "comments"): {"body": "承知しました"},
        ("post", "viewers"): {"people": [scene.company.president.pk]},
        ("post", "attachments"): {"name": "a.pdf", "size": len(CONTENT), "sha256": sha256},
        ("post", "decision"): {"verdict": "approve", "revision": max(1, proposal.revision)},
    }
    last = access.address.rpartition("/")[2]
    body = bodies.get((access.method, access.address)) or bodies.get((access.method, last)) or {}
    client = scene.client(who)  # signed in before, and still after
    with transaction.atomic():
        address = access.address
        for name, value in values.items():
            if f"<int:{name}>" in address:
                address = address.replace(f"<int:{name}>", str(value()))
        address = f"/{address}" + (f"?{access.query}" if access.query else "")
        arguments = {} if access.method == "get" else {"data": body, "format": "json"}
        status: int = getattr(client, access.method)(address, **arguments).status_code
        transaction.set_rollback(True)
    return status


def expected(access: Access, who: str, situation: Situation) -> set[int]:
    """Return the statuses that the tables allow: one, but for the different successes."""
    if access.needs in {Needs.NOTHING, Needs.LINK}:
        return STATUS[Answer.DONE]
    if who == STRANGER:
        return {401}
    relation = Relation(who)
    if access.needs is Needs.SIGN_IN:
        return STATUS[Answer.DONE]
    if access.needs is Needs.ADMINISTRATOR:
        return STATUS[Answer.DONE if relation is Relation.ADMINISTRATOR else Answer.NOT_ALLOWED]
    if access.needs is Needs.SIGHT:
        return STATUS[Answer.DONE if situation in SEES[relation] else Answer.UNSEEN]
    assert access.operation is not None
    answer = answer_to(access.operation, relation, situation)
    if access.needs is Needs.OWN_UPLOAD and relation is not Relation.APPLICANT:
        answer = Answer.UNSEEN
    if access.needs is Needs.ASSIGNMENT and answer is not Answer.DONE:
        # An assignment that is over is told to whom it was, and hidden from everyone else.
        answer = Answer.WRONG_STATE if relation is Relation.WAS_ASKED else Answer.UNSEEN
    return STATUS[answer]


@pytest.mark.django_db
@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("situation", Situation)
def test_every_address_answers_everyone_as_the_tables_say(situation: Situation, company: Company) -> None:
    scene = scene_of(situation, company)
    unexpected = []
    for who in (STRANGER, *scene.people):
        if who != STRANGER and (who, situation) in IMPOSSIBLE:
            continue
        for access in ACCESS:
            # What is not about the proposal is the same in every situation.
            if situation is not Situation.IN_PROGRESS and access.operation is None and access.needs is not Needs.SIGHT:
                continue
            status = call(scene, access, who)
            if status not in expected(access, who, situation):
                unexpected.append((who, access.method, access.address, status, expected(access, who, situation)))
    assert not unexpected, "\n".join(map(str, unexpected))


class TestTheTables:
    def test_name_every_address_that_there_is_and_no_other(self) -> None:
        real = {pair for pair in real_addresses() if pair[1] not in {NOWHERE, *ON_A_DEVELOPERS_MACHINE}}
        assert real == {(access.method, access.address) for access in ACCESS}

    def test_give_every_relation_its_sight_and_its_roles(self) -> None:
        assert SEES.keys() == ROLES.keys() == set(Relation)

    def test_use_every_operation_but_the_verdicts_that_one_address_shares(self) -> None:
        used = {access.operation for access in ACCESS if access.operation}
        assert set(Operation) - used == {Operation.COMPLETE, Operation.RETURN, Operation.REJECT}


@pytest.mark.django_db
def test_an_address_that_nobody_knows_is_nothing_to_anyone(company: Company) -> None:
    scene = scene_of(Situation.NEVER_SUBMITTED, company)
    for who in (STRANGER, Relation.ADMINISTRATOR):
        assert scene.client(who).get("/api/nowhere").status_code == 404
