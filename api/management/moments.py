"""Moments as options of commands."""

import datetime as dt
from argparse import ArgumentTypeError


def moment(text: str) -> dt.datetime:
    """Read a moment with its zone, as an option's value."""
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} is not a moment with its zone, such as 2026-11-22T09:00:00+09:00")
    return read
