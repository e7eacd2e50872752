"""What several commands take as an option: a language, a moment."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError

from django.conf import settings


def add_language(parser: ArgumentParser, of: str) -> None:
    """Add `--language`, by default the company's own; `of` says what is in that language."""
    parser.add_argument(
        "--language",
        choices=[code for code, _name in settings.LANGUAGES],
        default=settings.LANGUAGE_CODE,
        help=f"of {of} (default: %(default)s)",
    )


def moment(text: str) -> dt.datetime:
    """Read a moment with its zone, as an option's value."""
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} is not a moment with its zone, such as 2026-11-22T09:00:00+09:00")
    return read
