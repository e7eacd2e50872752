"""How often a stranger may try what is open to strangers, beside signing in, which django-axes watches.

Failures are counted in the table that django-axes keeps its own in, which every instance of the function shares and
the timer purges.
"""

import datetime as dt

from axes.helpers import get_client_ip_address
from axes.models import AccessFailureLog
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.rest.errors import Problem

MOST = 30
"""Failures from one address; a company's proxy may be everybody's address, and a link is no password to guess."""
WITHIN = dt.timedelta(minutes=15)


def refuse_too_many(request: HttpRequest, place: str) -> None:
    """Raise a 429 where too much failed from this address of late."""
    recent = AccessFailureLog.objects.filter(
        ip_address=get_client_ip_address(request), path_info=place, attempt_time__gt=timezone.now() - WITHIN
    )
    if recent.count() >= MOST:
        sentence = _("Too many links that cannot be used came from your network. Wait {minutes} minutes and try again.")
        seconds = int(WITHIN.total_seconds())
        raise Problem(429, "too_many_attempts", str(sentence).format(minutes=seconds // 60), retry_after=seconds)


def count_failure(request: HttpRequest, place: str) -> None:
    """Remember that something failed; nothing of what was tried."""
    AccessFailureLog.objects.create(ip_address=get_client_ip_address(request), path_info=place)
