"""Working hours of the made-up company: when people submit and decide."""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone

OPENS, CLOSES = 9, 18  # o'clock in the company's zone


def later(after: dt.datetime, chance: random.Random, *, least: float, most: float) -> dt.datetime:
    """Return an instant in working hours (UTC), `least` to `most` hours after another or at the next opening."""
    zone = timezone.get_default_timezone()
    moment = (after + dt.timedelta(seconds=chance.randint(int(least * 3600), int(most * 3600)))).astimezone(zone)
    if not OPENS <= moment.hour < CLOSES:
        day = moment.date() + dt.timedelta(days=moment.hour >= CLOSES)
        moment = _opening(day, zone, chance)
    while moment.weekday() >= 5:  # Saturday, Sunday
        moment = _opening(moment.date() + dt.timedelta(days=1), zone, chance)
    return moment.astimezone(dt.UTC)


def _opening(day: dt.date, zone: dt.tzinfo, chance: random.Random) -> dt.datetime:
    """Return a moment in the first two hours of a day."""
    opening = dt.datetime.combine(day, dt.time(OPENS), tzinfo=zone)
    return opening + dt.timedelta(seconds=chance.randint(0, 7200))
