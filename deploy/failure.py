"""The one error that a verb shows to its user as a message instead of a trace, and files written at his wish."""

from pathlib import Path

from deploy.words import Words, language

NOT_WRITTEN = Words(
    "{path} could not be written ({reason}). Name a file in a folder that exists and is yours to write.",
    "{path} に書き込めません（{reason}）。書き込めるフォルダーの中のファイル名を指定してください。",
)


class Failure(Exception):
    """Something the user can put right; the message names the field, the value and the remedy."""


def write(path: Path, content: str) -> None:
    """Write a file that the user named.

    Raises:
        Failure: when it cannot be written, with the reason.

    """
    try:
        path.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise Failure(NOT_WRITTEN.say(language(), path=path, reason=error.strerror or error)) from error
