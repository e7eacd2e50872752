"""What is done by the clock. Every part may run twice at once or late: each looks at what is due, not at when it ran.

On AWS a schedule invokes `tick`, all parts in one invocation, so that a sleeping database is woken once; on a
developer's machine `make run` does.
"""

import datetime as dt
import logging
import ssl
from collections.abc import Callable

from django.utils import timezone

from api import retention, verification_account
from api.integrations import certificates
from api.proposals import invitation_letters, invitations, letters, notices, operations, outside, reminders
from api.proposals.outbox import Handler, backlog, drain
from api.proposals.verification import export_head

logger = logging.getLogger(__name__)

DRAIN_AT_MOST = dt.timedelta(minutes=4)
"""Stops in time for what follows within the 15 minutes that a function may run."""

_ABOUT_PROPOSALS = (
    "submitted",
    "approved",
    "completed",
    "returned",
    "rejected",
    "withdrawn",
    "pulled_back",
    "commented",
    "circulated",
)
HANDLERS: dict[str, Handler] = {
    **{f"proposal.{kind}": Handler(notices.tell, within_transaction=True) for kind in _ABOUT_PROPOSALS},
    notices.MAIL: Handler(letters.send),
    invitations.MAIL: Handler(invitation_letters.send),
}
"""Kind of outbox message -> what is done with it."""


class TickFailed(Exception):
    """Some part of a tick failed; the others were done. The log says which and why."""


def tick() -> dict[str, object]:
    """Do everything that is due and return what each part did; raises `TickFailed` after all parts had their turn."""
    parts: dict[str, Callable[[], object]] = {
        "outbox": _drain,
        # After the outbox: nobody is reminded of what they are only now told.
        "reminders": lambda: reminders.remind(at=timezone.now()),
        "scans": lambda: operations.recheck_attachments(at=timezone.now()),
        "files": lambda: operations.clean_attachments(at=timezone.now()),
        "head": _export_head,
        "purge": lambda: retention.purge_at_night(at=timezone.now()),
        "verification": lambda: verification_account.close_expired(at=timezone.now()),
        "backlog": _tell_backlog,
        "certificates": _tell_certificates,
    }
    did: dict[str, object] = {}
    failed = []
    for name, part in parts.items():
        try:
            did[name] = part()
        except Exception:  # one broken part must not stop the others
            logger.exception("timer part %s failed", name)
            failed.append(name)
    if failed:
        raise TickFailed(", ".join(failed))
    return did


def _drain() -> dict[str, int]:
    return vars(drain(handlers=HANDLERS, clock=timezone.now, until=timezone.now() + DRAIN_AT_MOST))


def _tell_backlog() -> dict[str, int]:
    """Write the line that the alarms on the outbox live on; its absence is an alarm as well."""
    stands = backlog(at=timezone.now())
    metrics = {"OutboxAgeMinutes": stands.minutes, "DeadLetters": stands.dead}
    logger.info("backlog", extra={"metrics": metrics})
    return vars(stands)


def _tell_certificates() -> int | None:
    """Write the line that the alarm on certificates lives on, where there is a certificate to look at."""
    try:
        days = certificates.days_left(at=timezone.now())
    except ssl.SSLCertVerificationError as error:
        logger.warning("a certificate is refused: %s", error)
        days = 0
    except OSError as error:  # whoever needs that server meets it too, and tells of it
        logger.warning("certificates could not be looked at: %s", error)
        return None
    if days is not None:
        logger.info("certificates", extra={"metrics": {"CertificateDaysLeft": days}})
    return days


def _export_head() -> int | None:
    store = outside.head_store()
    return None if store is None else export_head(store, at=timezone.now()).count
