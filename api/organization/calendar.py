"""Working days: Monday to Friday without Japan's public holidays and the company's own days off."""

import datetime as dt

from api.organization.models import DayOff


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Return how many working days passed after `start`, up to and including `end`; 0 where `end` is not later.

    Public holidays are those of jpholiday (国民の祝日に関する法律), also substitute and citizens' holidays.
    """
    # Read where it is used: a function that never reminds anyone must not pay for it at start.
    import jpholiday

    days = [start + dt.timedelta(days=number) for number in range(1, (end - start).days + 1)]
    candidates = [day for day in days if day.weekday() < 5 and not jpholiday.is_holiday(day)]
    off = set(DayOff.objects.filter(date__gt=start, date__lte=end).values_list("date", flat=True))
    return sum(day not in off for day in candidates)
