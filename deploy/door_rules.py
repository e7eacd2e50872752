"""What door and backend ask of the other keys of a stage file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deploy.words import Words

if TYPE_CHECKING:
    from deploy.stage import Stage

BEHIND_BALANCER = Words(
    'Containers stand behind a load balancer: write door = "load-balancer", or backend = "lambda".',
    'コンテナはロードバランサーの後ろで動きます。door = "load-balancer" か backend = "lambda" にしてください。',
)
NEEDED = Words('door = "load-balancer" needs it.', 'door = "load-balancer" に必要です。')
LESS = Words("It is more than containers.maximum.", "containers.maximum を超えています。")
BOTH = Words(
    "Write both containers.wakes and containers.sleeps, or neither.",
    "containers.wakes と containers.sleeps は両方書くか、両方空にしてください。",
)
SAME = Words("It is the minute at which they wake.", "起動する時刻と同じです。")


def doors(stage: "Stage") -> Iterator[tuple[str, object, Words]]:
    """Yield each key that contradicts the door or the backend, with its value and the remedy."""
    if stage.in_containers and stage.has_api:
        yield "backend", "fargate", BEHIND_BALANCER
    if not stage.has_api:
        for path in ("balancer.host", "balancer.certificate"):
            if not stage.text(path):
                yield path, "", NEEDED
    if stage.in_containers:
        yield from _containers(stage)


def _containers(stage: "Stage") -> Iterator[tuple[str, object, Words]]:
    if stage.number("containers.minimum") > stage.number("containers.maximum"):
        yield "containers.minimum", stage.values["containers.minimum"], LESS
    wakes, sleeps = stage.text("containers.wakes"), stage.text("containers.sleeps")
    if bool(wakes) != bool(sleeps):
        yield "containers.sleeps" if wakes else "containers.wakes", "", BOTH
    elif wakes and wakes == sleeps:
        yield "containers.sleeps", sleeps, SAME
