"""The one error that a verb shows to its user as a message instead of a trace."""


class Failure(Exception):
    """Something the user can put right; the message names the field, the value and the remedy."""
