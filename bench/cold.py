"""A cold start: from spawning the process to its first answer, the shipped artefact against a bare handler.

Lambda's runtime client and nothing else of AWS: no microVM, no download of the code, no throttled processor.
"""

import sys

from bench import functions
from bench.companies import company, set_up
from bench.measure import Ratio, times
from deploy.rehearsal.runtime_api import Function, Lambda

ROUNDS = 11
OURS = "shipped inbox"


def run() -> list[Ratio]:
    set_up()
    database = company(proposals=1000)
    event = functions.inbox(functions.busiest_token(database))
    compared = {
        "bare handler": functions.bare(),
        OURS: functions.shipped(database),
        "Django hello with a connection": functions.django_hello(database),
        "Flask hello, apig-wsgi": functions.flask_hello(),
        "FastAPI hello, Mangum": functions.fastapi_hello(),
        "the same inbox, Zappa's handler": functions.zappa(database, fresh_bytecode=True),
        "the same inbox, Zappa's package": functions.zappa(database, fresh_bytecode=False),
    }
    seconds: dict[str, list[float]] = {name: [] for name in compared}
    for number in range(ROUNDS + 1):
        for name, function in compared.items():
            total = _start(name, function, event)
            if number:  # the first round fills the machine's file cache
                seconds[name].append(total)
    for name, figures in seconds.items():
        print(f"  {name}: {sorted(figures)[len(figures) // 2]:.0f} ms", file=sys.stderr)

    def ratio(name: str, than: str, limit: float | None = None) -> Ratio:
        return Ratio(bench="cold", name=name, than=than, value=times(seconds[name], seconds[than]), limit=limit)

    return [
        ratio(OURS, "bare handler", 6.5),
        ratio(OURS, "Django hello with a connection", 1.3),
        *(ratio(name, "bare handler") for name in compared if name not in {OURS, "bare handler"}),
    ]


def _start(name: str, function: Function, event: object) -> float:
    """Return the milliseconds from spawn to the first answer."""
    with Lambda(function) as started:
        result = started.invoke(event)
    if result.function_error or result.payload["statusCode"] != 200 or result.init_milliseconds is None:
        raise SystemExit(f"{name} did not answer 200: {result.payload}\n{result.log}")
    return result.init_milliseconds + result.milliseconds
