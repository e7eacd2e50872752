"""How people come in: invited by an administrator, or the first administrator by a command; then a password.

Setting a password anew is the same: an invitation of somebody who has one.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from api.organization.models import Invitation, Person
from api.proposals import audit, invitations, outbox, outside
from api.proposals.errors import AdministratorsOnly, NoSuchEmployee
from api.proposals.people_errors import (
    AdministratorExists,
    InvitationClosed,
    InvitationNotValid,
    NobodyToInvite,
    NoSuchInvitation,
    PasswordNotStrong,
    PersonIncomplete,
    PersonIsTaken,
)


@dataclass(frozen=True)
class Invited:
    """An invitation that was made; `token` only where no letter brings it and somebody must hand over the link."""

    invitation: Invitation
    token: str | None


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """Somebody whom no organisation file names: `name` is family and given name with a space between them."""

    username: str
    name: str
    email: str = ""
    language: str = "ja"


@transaction.atomic
def invite(*, people: list[int], by: Person, at: dt.datetime) -> list[Invited]:
    """Invite people by their ids, in that order; whoever has an open invitation gets a new one in its place.

    Where mail is on and a person has an address, a letter brings the link; else the result has its token, once.
    Raises `AdministratorsOnly` and `NobodyToInvite`; then nobody is invited.
    """
    if not by.is_administrator:
        raise AdministratorsOnly()
    # Locked in one order whatever the caller's is: two administrators at once wait for one another.
    found = {
        person.pk: person
        for person in Person.objects.select_for_update().filter(pk__in=people, is_active=True).order_by("pk")
    }
    wanted = list(dict.fromkeys(people))
    for id_ in wanted:
        if id_ not in found:
            raise NobodyToInvite(person=id_)
    return [_invite(found[id_], by=by, at=at, by_letter=_has_letterbox(found[id_])) for id_ in wanted]


def _has_letterbox(person: Person) -> bool:
    return bool(person.email) and outside.mailer() is not None


def _invite(person: Person, *, by: Person | None, at: dt.datetime, by_letter: bool) -> Invited:
    """Write an invitation of a locked person, in place of an open one."""
    invitations.open_ones().filter(person=person).update(revoked_at=at, is_open=None)
    invitation = Invitation.objects.create(
        person=person, created_at=at, created_by=by, expires_at=at + invitations.LIFETIME
    )
    token = None
    if by_letter:
        outbox.enqueue(kind=invitations.MAIL, dedupe_key=f"invitation:{invitation.pk}", at=at, invitation=invitation.pk)
    else:
        token = invitations.mint(invitation)
    audit.record(
        kind="person_invited",
        at=at,
        by=by,
        person_id=person.pk,
        invitation_id=invitation.pk,
        way="letter" if by_letter else "link",
    )
    return Invited(invitation, token)


@transaction.atomic
def revoke_invitation(*, invitation_id: int, by: Person, at: dt.datetime) -> Invitation:
    """Let an open invitation's link open nothing any more; raises `NoSuchInvitation` and `InvitationClosed`."""
    if not by.is_administrator:
        raise AdministratorsOnly()
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("person").filter(pk=invitation_id).first()
    )
    if invitation is None:
        raise NoSuchInvitation(invitation=invitation_id)
    if not invitation.is_open:
        raise InvitationClosed(invitation=invitation_id)
    invitation.revoked_at, invitation.is_open = at, None
    invitation.save(update_fields=["revoked_at", "is_open"])
    audit.record(kind="invitation_revoked", at=at, by=by, person_id=invitation.person_id, invitation_id=invitation.pk)
    return invitation


def look_at_invitation(*, token: str, at: dt.datetime) -> Invitation:
    """Return the invitation that a link stands for; raises `InvitationNotValid`, whatever the reason."""
    invitation = invitations.usable(token, at=at).select_related("person").first()
    if invitation is None:
        raise InvitationNotValid()
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, password: str, at: dt.datetime) -> Person:
    """Set the invited person's password and use the invitation up; both, once.

    Raises `InvitationNotValid` and `PasswordNotStrong`; after the latter the link is as good as before.
    """
    invitation = look_at_invitation(token=token, at=at)
    person = Person.objects.select_for_update().get(pk=invitation.person_id)
    broken = invitations.weaknesses(password, person)
    if broken:
        raise PasswordNotStrong(rules=broken, shortest=invitations.shortest_password())
    # The row count decides who was first: of two windows with the same link one sets the password. By columns of the
    # row's own, which PostgreSQL looks at again where it had to wait for whoever was taking the invitation back.
    this = invitations.open_ones().filter(pk=invitation.pk, token_hash=invitation.token_hash)
    if not person.is_active or not this.update(used_at=at, is_open=None):
        raise InvitationNotValid()
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(kind="password_chosen", at=at, by=person, person_id=person.pk, invitation_id=invitation.pk)
    return person


@transaction.atomic
def invite_administrator(*, who: str | NewPerson, again: bool, at: dt.datetime) -> Invited:
    """Make somebody an administrator and invite them by a link: how the first one comes in.

    `who` is the employee number of somebody who is there, or a new person. Safe to repeat until an administrator has
    chosen a password; then it raises `AdministratorExists`, unless `again`. Also raises `NoSuchEmployee`,
    `PersonIncomplete` and `PersonIsTaken`.
    """
    administrators = Person.objects.filter(is_administrator=True, is_active=True)
    if not again and any(person.has_usable_password() for person in administrators):
        raise AdministratorExists()
    person = _known(who) if isinstance(who, str) else _made(who)
    if not person.is_administrator:
        person.is_administrator = True
        person.save(update_fields=["is_administrator"])
        audit.record(kind="administrator_named", at=at, by=None, person_id=person.pk)
    return _invite(person, by=None, at=at, by_letter=False)


def _known(number: str) -> Person:
    person = Person.objects.select_for_update().filter(employee_number=number, is_active=True).first()
    if person is None:
        raise NoSuchEmployee(number=number)
    return person


def _made(new: NewPerson) -> Person:
    """Return the new person, or the administrator without a password whom an earlier call made."""
    earlier = Person.objects.select_for_update().filter(username=new.username, is_administrator=True).first()
    if earlier is not None and earlier.is_active and not earlier.has_usable_password():
        return earlier
    family, _space, given = new.name.strip().replace("\N{IDEOGRAPHIC SPACE}", " ").partition(" ")
    if not given.strip():
        raise PersonIncomplete(name=new.name)
    person = Person(
        username=new.username,
        employee_number=new.username,
        family_name=family,
        given_name=given.strip(),
        email=new.email,
        language=new.language,
    )
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise PersonIsTaken(value=new.username) from error
    return person
