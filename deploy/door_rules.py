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

LONGEST = 32
"""Characters of a load balancer's name and a target group's, which may not begin with "internal-" either (Elastic Load
Balancing API Reference, "CreateLoadBalancer", "CreateTargetGroup")."""
TOO_LONG = Words(
    "{name} has {length} characters, and target groups of a load balancer take {longest}: shorten it, or the stage's "
    "name, by {over}.",
    "{name} は {length} 文字です。ロードバランサーのターゲットグループ名は {longest} 文字までのため、"
    "これかステージ名を {over} 文字短くしてください。",
)
RESERVED = Words(
    'AWS refuses names of load balancers that begin with "internal-"; choose another.',
    "「internal-」で始まるロードバランサーの名前は AWS が受け付けません。別の名前にしてください。",
)


def doors(stage: "Stage") -> Iterator[tuple[str, object, Words]]:
    """Yield each key that contradicts the door or the backend, with its value and the remedy."""
    if stage.in_containers and stage.has_api:
        yield "backend", "fargate", BEHIND_BALANCER
    if not stage.has_api:
        for path in ("balancer.host", "balancer.certificate"):
            if not stage.text(path):
                yield path, "", NEEDED
        yield from _names(stage)
    if stage.in_containers:
        yield from _containers(stage)


def _names(stage: "Stage") -> Iterator[tuple[str, object, Words]]:
    key = "names.prefix"
    longest = f"{stage.prefix}-{'containers' if stage.in_containers else 'function'}"
    over = len(longest) - LONGEST
    if over > 0:
        yield key, stage.text(key), TOO_LONG.fill(name=longest, length=len(longest), longest=LONGEST, over=over)
    if stage.text(key) == "internal":
        yield key, stage.text(key), RESERVED


def _containers(stage: "Stage") -> Iterator[tuple[str, object, Words]]:
    if stage.number("containers.minimum") > stage.number("containers.maximum"):
        yield "containers.minimum", stage.values["containers.minimum"], LESS
    wakes, sleeps = stage.text("containers.wakes"), stage.text("containers.sleeps")
    if bool(wakes) != bool(sleeps):
        yield "containers.sleeps" if wakes else "containers.wakes", "", BOTH
    elif wakes and wakes == sleeps:
        yield "containers.sleeps", sleeps, SAME
