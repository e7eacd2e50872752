"""Looking at the stage on this machine, the way the command does."""

import datetime as dt
from typing import Any

from deploy.verify import plan
from deploy.verify.runner.network import Network
from deploy.verify.runner.report import Line, look
from deploy.verify.runner.session import PROVED, REFUTED, Session
from tests.deploy.verify.world import FOREIGN_API, FOREIGN_S3, HOSTS, WRONG_HOST, World

MADE = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
GIVEN = dict.fromkeys([*HOSTS, WRONG_HOST], "127.0.0.1")


def document(world: World, **changes: Any) -> dict[str, Any]:
    """The document of the stage; its names are `localhost`, which this machine knows without being told."""
    made = world.ported(plan.document(world.place(**changes), made=MADE))
    for check in made["checks"]:
        if check["kind"] == "name":
            check |= {"host": "localhost", "within": ["127.0.0.0/8", "::1/128"]}
    return made


def seen(
    world: World,
    made: dict[str, Any] | None = None,
    *,
    only: str = "",
    vantage: str = "corporate",
    control: str = "",
    credentials: tuple[str, str] | None = None,
    foreign: tuple[str, ...] = (FOREIGN_S3, FOREIGN_API),
    timeout: float = 5,
) -> dict[str, Line]:
    """Look at everything, or at what `only` begins the names of; without an account nobody signs in."""
    made = made or document(world)
    made["checks"] = [check for check in made["checks"] if check["id"].startswith(only)]
    session = Session(
        document=made,
        network=Network(timeout=timeout, ca=str(world.authority.file), given=GIVEN),
        vantage=vantage,
        foreign=foreign,
        control=control,
        credentials=credentials,
        sign_in=credentials is not None,
    )
    return {line.check["id"]: line for line in look(session)}


def refuted(lines: dict[str, Line]) -> set[str]:
    return {name for name, line in lines.items() if line.outcome.verdict == REFUTED}


def unproved(lines: dict[str, Line]) -> dict[str, str]:
    """What is neither proved nor refuted -> why."""
    return {name: line.outcome.said for name, line in lines.items() if line.outcome.verdict not in {PROVED, REFUTED}}
