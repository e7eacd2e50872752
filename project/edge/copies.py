"""A copy of the stage's database, for a check that only reads: made and removed by `python -m deploy restore-check`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections


class NotACopy(Exception):
    """The host is not a copy of this stage's database; the message says what a copy is called."""

    def __init__(self, host: str, own: str) -> None:
        first, _, rest = own.partition(".")
        super().__init__(f"{host!r} is no copy of {own}; one is called {first}-check-NUMBER.{rest}.")


@contextmanager
def on_copy(host: object) -> Iterator[None]:
    """Sign in to a copy inside the block, as whoever signs in to the database; raises `NotACopy`.

    Only names that AWS gives to databases of this account beside the stage's own are taken: whoever may call the
    function must not send what it signs in with to a host of theirs.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    own = str(connection.settings_dict["HOST"])
    first, _, rest = own.partition(".")
    pattern = rf"{re.escape(first)}-check-[0-9]+\.{re.escape(rest)}"
    if not rest or not isinstance(host, str) or not re.fullmatch(pattern, host):
        raise NotACopy(str(host), own)
    connection.close()
    connection.settings_dict["HOST"] = host
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["HOST"] = own
