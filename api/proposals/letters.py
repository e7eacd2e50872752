"""Notices as e-mail: in the person's own language, with a link that opens the proposal after signing in."""

import datetime as dt

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.proposals import outside
from api.proposals.models import Notice, NoticeKind, OutboxMessage, Revision
from api.proposals.outbox import PermanentFailure
from api.proposals.ports import MailRefused

SUBJECTS: dict[str, str | Promise] = {
    NoticeKind.YOUR_TURN: _("Please decide: {title}"),
    NoticeKind.REMINDER: _("Still waiting for you: {title}"),
    NoticeKind.COMPLETED: _("Approved: {title}"),
    NoticeKind.RETURNED: _("Returned to you: {title}"),
    NoticeKind.REJECTED: _("Rejected: {title}"),
    NoticeKind.COMMENTED: _("New comment: {title}"),
    NoticeKind.CIRCULATED: _("For your information: {title}"),
}
BODIES: dict[str, str | Promise] = {
    NoticeKind.YOUR_TURN: _("A proposal by {applicant} is waiting for your decision."),
    NoticeKind.REMINDER: _("A proposal by {applicant} has been waiting for your decision for some time."),
    NoticeKind.COMPLETED: _("Your proposal has been approved. Its decision number is {number}."),
    NoticeKind.RETURNED: _("Your proposal has been returned. Read the comment, change it and submit it again."),
    NoticeKind.REJECTED: _("Your proposal has been rejected. The comment says why."),
    NoticeKind.COMMENTED: _("There is a new comment on a proposal by {applicant}."),
    NoticeKind.CIRCULATED: _("A proposal by {applicant} has been circulated to you."),
}

FOOTER = _("This message was sent automatically. Answers to it are not read.")


def send(message: OutboxMessage, _at: dt.datetime) -> None:
    """Send one notice by e-mail: a handler of the outbox.

    Where mail was turned off since, the notice was purged, or the person left or has no address, there is nothing to
    do.
    """
    notice = Notice.objects.select_related("person", "proposal__applicant").filter(pk=message.payload["notice"]).first()
    mailer = outside.mailer()
    if notice is None or mailer is None or not notice.person.email or not notice.person.is_active:
        return
    subject, body = write(notice)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    try:
        mailer.send(to=notice.person.email, subject=subject, body=body, message_id=f"<{message.uuid}@{host}>")
    except MailRefused as refusal:
        raise PermanentFailure("mail_refused") from refusal


def write(notice: Notice) -> tuple[str, str]:
    """Return subject and body of one notice in its person's language."""
    proposal = notice.proposal
    revision = Revision.objects.filter(proposal=proposal, number=proposal.revision).first()
    title = revision.title if revision else proposal.title
    with translation.override(notice.person.language):
        is_japanese = notice.person.language == "ja"
        values = {
            "title": title,
            "applicant": proposal.applicant.name
            if is_japanese
            else proposal.applicant.name_en or proposal.applicant.name,
            "number": proposal.decision_number or "",
        }
        lines = [
            str(BODIES[notice.kind]).format(**values),
            "",
            title,
            f"{settings.SITE_URL}#/proposals/{proposal.pk}",
            "",
            str(FOOTER),
        ]
        return str(SUBJECTS[notice.kind]).format(**values), "\n".join(lines) + "\n"
