"""The letter with the link by which somebody chooses a password, in that person's language."""

import datetime as dt

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from api.organization.models import Invitation
from api.proposals import invitations, outside
from api.proposals.models import OutboxMessage
from api.proposals.outbox import PermanentFailure
from api.proposals.ports import MailRefused

SUBJECT = _("Choose your password for proposals and approvals")
FIRST = _("{name}: an account has been made for you in the system for proposals and approvals.")
AGAIN = _("{name}: an administrator lets you choose a new password for proposals and approvals.")
HOW = _("Open this link in your company's network and choose a password:")
USERNAME = _("Your user name: {username}")
UNTIL = _("The link can be used once, until {until}. Then ask an administrator for a new one.")
NOT_ASKED = _("If you did not expect this message, tell an administrator and do not open the link.")
FOOTER = _("This message was sent automatically. Answers to it are not read.")


def send(message: OutboxMessage, at: dt.datetime) -> None:
    """Make the link and send it: a handler of the outbox. Each attempt makes the link anew and the one before void.

    Where the invitation was used, revoked, replaced or has expired, or mail was turned off since, there is nothing
    to do.
    """
    invitation = Invitation.objects.select_related("person").filter(pk=message.payload["invitation"]).first()
    mailer = outside.mailer()
    if invitation is None or mailer is None or invitation.expires_at <= at:
        return
    person = invitation.person
    if not person.email or not person.is_active:
        return
    token = invitations.mint(invitation)
    if token is None:
        return
    subject, body = write(invitation, token)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    try:
        mailer.send(
            to=person.email,
            subject=subject,
            body=body,
            # Each attempt has another link: a mail program that shows a repetition once might show the void one.
            message_id=f"<{message.uuid}.{message.attempts}@{host}>",
        )
    except MailRefused as refusal:
        raise PermanentFailure("mail_refused") from refusal
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=at)


def write(invitation: Invitation, token: str) -> tuple[str, str]:
    """Return subject and body of the letter in its person's language."""
    person = invitation.person
    with translation.override(person.language):
        local = timezone.localtime(invitation.expires_at, timezone.get_default_timezone())
        values = {
            "name": person.name if person.language == "ja" else person.name_en or person.name,
            "username": person.username,
            "until": f"{local:%Y-%m-%d %H:%M}",
        }
        lines = [
            str(AGAIN if person.has_usable_password() else FIRST).format(**values),
            "",
            str(HOW),
            invitations.link(token),
            "",
            str(USERNAME).format(**values),
            str(UNTIL).format(**values),
            str(NOT_ASKED),
            "",
            str(FOOTER),
        ]
        return str(SUBJECT), "\n".join(lines) + "\n"
