"""Signing in, sending and fetching a file: by the account that lives for an hour, against the real API."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from api.integrations.aws.credentials import CredentialSource
from api.integrations.storage.s3 import S3Store
from api.organization.models import Department, Person
from api.proposals import operations, outside
from api.proposals.attachments import working_copy
from api.proposals.models import AttachmentState, Proposal
from api.proposals.ports import AttachmentStore
from api.verification_account import close_account, open_account
from deploy.verify.account import hashed
from tests.api.integrations.storage.s3_front import BUCKET, ENDPOINT, ENVIRONMENT, REGION
from tests.deploy.verify.looking import document, refuted, seen, unproved
from tests.deploy.verify.world import FILES_HOST, World

NAME, PASSWORD = "verify-0123456789ab", "a long random password"
LINES = ["person.sign-in", "person.upload", "person.download", "person.sign-out"]
_stores: list[AttachmentStore] = []


def configured() -> AttachmentStore:
    return _stores[-1]


class _Ported(S3Store):
    """The store of a bucket whose endpoint answers at another port than 443."""

    def __init__(self, world: World) -> None:
        super().__init__(
            bucket=BUCKET,
            endpoint=f"{ENDPOINT}:{world.port}",
            region=REGION,
            credentials=CredentialSource(ENVIRONMENT),
            transport=world.front.send,
        )


@pytest.fixture
def account(world: World, transactional_db: None, settings: Any) -> Iterator[tuple[str, str]]:
    """An account of the application whose files lie in the bucket."""
    _stores.append(_Ported(world))
    settings.ATTACHMENT_STORE = f"{__name__}.configured"
    outside._made.cache_clear()
    operations.publish_types(at=timezone.now())
    open_account(name=NAME, password_hash=make_password(PASSWORD), at=timezone.now())
    yield NAME, PASSWORD
    outside._made.cache_clear()
    _stores.clear()


def test_a_person_signs_in_sends_a_file_fetches_it_and_signs_out(world: World, account: tuple[str, str]) -> None:
    # As the deploying side hashes it, which does not have Django's code.
    open_account(name=NAME, password_hash=hashed(PASSWORD, iterations=1000), at=timezone.now())

    lines = seen(world, only="person.", credentials=account)

    assert {name: line.outcome.verdict for name, line in lines.items()} == dict.fromkeys(LINES, "proved")
    proposal = Proposal.objects.get()
    (file,) = working_copy(proposal)
    assert file.state == AttachmentState.AVAILABLE
    assert _stores[-1].look_up(file.key) is not None

    assert close_account(name=NAME, at=timezone.now())
    assert _stores[-1].look_up(file.key) is None
    assert not Proposal.objects.exists()
    assert not Department.objects.exists()
    assert not Person.objects.filter(is_active=True).exists()


BREAKAGES: dict[str, str] = {
    "person.upload": "files POST",
    "person.download": "files GET",
    "person.sign-out": "api DELETE /api/session",
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_exactly_the_line_of_what_is_broken_is_refuted(world: World, account: tuple[str, str], name: str) -> None:
    world.broken.add(BREAKAGES[name])
    lines = seen(world, only="person.", credentials=account)
    assert refuted(lines) == {name}
    after = LINES[LINES.index(name) + 1 : -1]
    assert unproved(lines) == dict.fromkeys(after, "after_failure")


def test_a_database_that_is_waking_up_is_waited_for(world: World, account: tuple[str, str]) -> None:
    world.asleep = 3
    lines = seen(world, only="person.", credentials=account)
    assert refuted(lines) == set()
    assert world.asleep == 0


def test_a_database_that_does_not_wake_up_is_told(world: World, account: tuple[str, str]) -> None:
    world.asleep = 100
    lines = seen(world, only="person.", credentials=account)
    assert "HTTP 503 (database_unavailable)" in lines["person.sign-in"].say(document(world)["words"], "en")


def test_a_wrong_password_is_told_and_never_shown(world: World, account: tuple[str, str]) -> None:
    made = document(world)
    lines = seen(world, made, only="person.", credentials=(NAME, "not the password"))
    assert refuted(lines) == {"person.sign-in"}
    assert unproved(lines) == dict.fromkeys(LINES[1:], "after_failure")
    told = [line.say(made["words"], "en") for line in lines.values()]
    assert "POST /api/session: HTTP 401 (sign_in_failed)" in told[0]
    assert not any("not the password" in line for line in told)


def test_without_an_account_nobody_signs_in_and_it_is_said(world: World) -> None:
    lines = seen(world, only="person.")
    assert unproved(lines) == dict.fromkeys(LINES, "sign_in_off")


def test_where_the_stage_keeps_no_files_nothing_is_sent(world: World) -> None:
    made = document(world, files="")
    assert [check["id"] for check in made["checks"] if check["id"].startswith("person.")] == [LINES[0], LINES[-1]]
    assert {step["line"] for step in made["journey"]} == {"sign-in", "sign-out"}
    assert not any(FILES_HOST in str(check) for check in made["checks"] if check["kind"] != "policy")
