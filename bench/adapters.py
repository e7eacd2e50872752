"""What stands between an event and Django: the CPU of a hello through our edge and through Zappa's handler.

Both run the same Django hello in one process of their own, `python -m bench.adapters`, without a database.
"""

import contextlib
import io
import json
import logging
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measure import Ratio, in_turns, times

ROOT = Path(__file__).resolve().parent.parent


def run() -> list[Ratio]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.adapters"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return [Ratio(**json.loads(done.stdout))]


def measure() -> Ratio:
    from bench.peers import django_hello
    from deploy.rehearsal.events import Call, rest_event
    from project.edge import http

    logging.disable(logging.CRITICAL)  # Zappa writes an access log; its cost is not the adapter's
    ours = http.make_handler(django_hello.application)
    theirs = _zappas_handler()
    event = rest_event(Call(path="/api/inbox", headers=(("Accept", "application/json"),)))

    def hello(handler: Callable[[Any, Any], Any]) -> Callable[[], None]:
        def call() -> None:
            answer = handler(event, None)
            if answer["statusCode"] != 200:
                raise SystemExit(f"No hello: {answer}")

        return call

    seconds = in_turns({"ours": hello(ours), "theirs": hello(theirs)}, rounds=25, calls=200)
    return Ratio(
        bench="adapters",
        name="hello by our edge, CPU",
        than="by Zappa's handler",
        value=times(seconds["ours"], seconds["theirs"]),
        limit=0.70,
    )


def _zappas_handler() -> Callable[[Any, Any], Any]:
    """Return Zappa's handler around the same application, set up as `zappa package` sets it up."""
    settings = types.ModuleType("zappa_settings")
    vars(settings).update(
        DEBUG=False,
        LOG_LEVEL="INFO",
        BINARY_SUPPORT=True,
        CONTEXT_HEADER_MAPPINGS={},
        PROJECT_NAME="cloister",
        API_STAGE="poc",
        DOMAIN=None,
        BASE_PATH=None,
        ENVIRONMENT_VARIABLES={},
        DJANGO_SETTINGS=None,
        APP_MODULE="bench.peers.django_hello",
        APP_FUNCTION="application",
        EXCEPTION_HANDLER=None,
        COGNITO_TRIGGER_MAPPING={},
        AWS_EVENT_MAPPING={},
        AWS_BOT_EVENT_MAPPING={},
        AUTHORIZER_FUNCTION=None,
        ASYNC_RESPONSE_TABLE="",
    )
    sys.modules["zappa_settings"] = settings
    with contextlib.redirect_stdout(io.StringIO()):
        from zappa.handler import LambdaHandler

        return LambdaHandler("zappa_settings").handler  # type: ignore[no-any-return]  # Zappa has no types


if __name__ == "__main__":
    from dataclasses import asdict

    print(json.dumps(asdict(measure())))
