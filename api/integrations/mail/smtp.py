"""The company's SMTP relay, by Django's own mail."""

import smtplib

from django.core.mail import EmailMessage, get_connection

from api.proposals.ports import MailRefused, MailUnavailable

PERMANENT = range(500, 600)
"""SMTP replies after which sending again cannot help (RFC 5321, section 4.2.1)."""


class SmtpMailer:
    """Sends one message at a time; a connection lives no longer than the message."""

    def send(self, *, to: str, subject: str, body: str, message_id: str) -> None:
        message = EmailMessage(
            subject=subject,
            body=body,
            to=[to],
            headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},  # RFC 3834: nobody answers it
            connection=get_connection("django.core.mail.backends.smtp.EmailBackend"),
        )
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _reply in error.recipients.values()}
            raise (MailRefused if all(code in PERMANENT for code in codes) else MailUnavailable)(str(codes)) from error
        except smtplib.SMTPResponseException as error:
            is_final = error.smtp_code in PERMANENT and not isinstance(error, smtplib.SMTPAuthenticationError)
            raise (MailRefused if is_final else MailUnavailable)(str(error.smtp_code)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(type(error).__name__) from error


def from_settings() -> SmtpMailer:
    return SmtpMailer()
