"""`manage.py invite_administrator`: how the first administrator comes in."""

import datetime as dt
import io
import json

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from api.organization.models import Invitation, Person
from api.proposals import invitations
from api.proposals.models import AuditEvent
from api.proposals.operations import accept_invitation, revoke_invitation
from api.proposals.people_errors import InvitationClosed, InvitationNotValid
from tests.company import PASSWORD, Company, add_person
from tests.threads import together

SITE = "https://page.example/index.html"


def run(*options: str, language: str = "en") -> str:
    stdout = io.StringIO()
    call_command("invite_administrator", f"--site={SITE}", f"--language={language}", *options, stdout=stdout)
    return stdout.getvalue()


def token_in(output: str) -> str:
    return output.rstrip().rpartition("#/invitation/")[2]


@pytest.mark.django_db
class TestTheLink:
    def test_lets_a_new_administrator_in_once(self) -> None:
        output = run()

        token = token_in(output)
        assert output.endswith(f"{SITE}#/invitation/{token}\n")
        person = accept_invitation(token=token, password=PASSWORD, at=timezone.now())
        assert person.is_administrator
        assert person.check_password(PASSWORD)
        with pytest.raises(InvitationNotValid):
            accept_invitation(token=token, password="another-long-password", at=timezone.now())
        person.refresh_from_db()
        assert person.check_password(PASSWORD)

    def test_is_kept_as_a_digest_only_and_ends(self) -> None:
        token = token_in(run())

        invitation = Invitation.objects.get()
        assert invitation.token_hash == invitations.digest(token)
        assert token not in str(list(AuditEvent.objects.values()))
        in_time = invitation.expires_at - dt.timedelta(seconds=1)
        assert invitations.usable(token, at=in_time).exists()
        assert not invitations.usable(token, at=invitation.expires_at).exists()
        assert invitation.expires_at - invitation.created_at == dt.timedelta(hours=72)

    def test_asked_for_again_takes_the_place_of_the_earlier_one(self) -> None:
        first, second = token_in(run()), token_in(run())

        assert Person.objects.filter(is_administrator=True).count() == 1
        with pytest.raises(InvitationNotValid):
            accept_invitation(token=first, password=PASSWORD, at=timezone.now())
        accept_invitation(token=second, password=PASSWORD, at=timezone.now())

    def test_is_for_a_known_person_too(self) -> None:
        person = add_person("tanaka")

        output = run("--person", person.employee_number, language="ja")

        assert "リンク" in output
        person.refresh_from_db()
        assert person.is_administrator
        assert [*AuditEvent.objects.values_list("kind", flat=True)] == ["administrator_named", "person_invited"]

    def test_is_refused_where_an_administrator_can_sign_in(self, company: Company) -> None:
        with pytest.raises(CommandError, match="--again"):
            run()
        assert json.loads(run("--json")) == {"link": None, "reason": "administrator_exists"}
        assert not Invitation.objects.exists()

        assert token_in(run("--again", "--username", "second"))

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (["--person", "nobody"], "employee number nobody"),
            (["--name", "田中"], "Write family and given name"),
            (["--username", "applicant"], "“applicant” belongs to somebody else"),
            (["--site", "javascript:alert(1)"], "Give the page's address"),
        ],
    )
    def test_is_not_made_from_what_cannot_be(self, company: Company, options: list[str], says: str) -> None:
        with pytest.raises(CommandError, match=says):
            run("--again", *options)
        assert not Invitation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_sets_the_password() -> None:
    token = token_in(run())

    def use(number: int) -> str:
        password = f"one-of-two-passwords-{number}"
        accept_invitation(token=token, password=password, at=timezone.now())
        return password

    answers = together(2, use)

    (winner,) = (answer for answer in answers if isinstance(answer, str))
    (late,) = (answer for answer in answers if not isinstance(answer, str))
    assert isinstance(late, InvitationNotValid)
    assert Person.objects.get().check_password(winner)


@pytest.mark.django_db(transaction=True)
def test_used_and_taken_back_at_once_it_is_the_one_or_the_other() -> None:
    administrator = add_person("administrator-already", is_administrator=True)
    for _ in range(3):
        token = token_in(run("--again"))
        invitation = Invitation.objects.get(is_open=True)

        def use_or_take_back(number: int, token: str = token, id_: int = invitation.pk) -> None:
            if number:
                accept_invitation(token=token, password=PASSWORD, at=timezone.now())
            else:
                revoke_invitation(invitation_id=id_, by=administrator, at=timezone.now())

        used, taken_back = reversed(together(2, use_or_take_back))

        refused = used if taken_back is None else taken_back
        assert {used, taken_back} == {None, refused}
        assert isinstance(refused, InvitationNotValid | InvitationClosed)
        Person.objects.filter(username="administrator").update(password=make_password(None))
