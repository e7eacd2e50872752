"""Decision numbers (決裁番号): per type and fiscal year, without a gap and without a double."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F

from api.organization.queries import company_date
from api.proposals.models import NumberSequence, ProposalType


def fiscal_year(at: dt.datetime) -> int:
    """Return the year in which the fiscal year of `at` began, in the company's time zone."""
    day = company_date(at)
    return day.year if day.month >= settings.FISCAL_YEAR_START_MONTH else day.year - 1


def next_number(*, type_: ProposalType, at: dt.datetime) -> str:
    """Give the next number, such as 購買-2026-00001; the caller is inside the transaction of the final approval.

    The row is locked until that transaction ends: a rolled-back approval gives its number back.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a decision number is given in the transaction of the final approval")
    key: dict[str, Any] = {"type": type_, "fiscal_year": fiscal_year(at)}
    if not NumberSequence.objects.filter(**key).update(last=F("last") + 1):
        NumberSequence.objects.bulk_create([NumberSequence(**key)], ignore_conflicts=True)
        NumberSequence.objects.filter(**key).update(last=F("last") + 1)
    last = NumberSequence.objects.values_list("last", flat=True).get(**key)
    return written(type_=type_, year=key["fiscal_year"], number=last)


def written(*, type_: ProposalType, year: int, number: int) -> str:
    """Return a decision number as people read it."""
    return f"{type_.number_prefix}-{year}-{number:05d}"
