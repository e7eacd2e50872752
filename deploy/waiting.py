"""Waiting for what AWS does in its own time: it tells nobody when it is done, so it is asked again and again."""

from collections.abc import Callable


def until[Found](
    look: Callable[[], Found], *, tries: int, seconds: float, pause: Callable[[float], None]
) -> Found | None:
    """Return what `look` finds, asking at most `tries` times, `seconds` apart; None when all it gave was empty.

    `pause` waits for seconds: `time.sleep`, or what a test does meanwhile.
    """
    for number in range(tries):
        if number:
            pause(seconds)
        if found := look():
            return found
    return None
