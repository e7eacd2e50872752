"""The events that the fronts hand to a function, against those that AWS handed over and somebody recorded.

Each file of recorded/ says where it comes from. The same request is put to the front; what it makes of it must have
the same members and the same values, but for what is another's with every request.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from deploy.rehearsal.events import Call, Event
from deploy.rehearsal.fronts.api import Api, ExecuteApi, Invoke
from deploy.rehearsal.fronts.balancer import Balancer, Group, Listener
from deploy.rehearsal.fronts.methods import Method
from deploy.rehearsal.fronts.policies import Door
from deploy.rehearsal.fronts.rules import Rule
from deploy.rehearsal.fronts.server import Visit
from deploy.rehearsal.runtime_api import Result

FILES = sorted((Path(__file__).parent / "recorded").glob("*.json"))
ANOTHERS = {
    r"requestContext\.resourceId": r"[a-z0-9]+",
    r"requestContext\.(requestId|extendedRequestId)": r"[-\w]+=?",
    r"requestContext\.requestTime": r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000",
    r"requestContext\.requestTimeEpoch": r"\d{13}",
    r"(multiValueH|h)eaders\.x-amzn-(tls-version|cipher-suite)": r"\W*TLS.+|\W*[-A-Z0-9]+\W*",
    r"(multiValueH|h)eaders\.x-amzn-trace-id": r"\W*Root=1-[0-9a-f]{8}-[0-9a-f]{24}\W*",
}
"""What differs with every request, by its place, and how it looks in both."""
ANOTHER_API = ("requestContext.authorizer", "requestContext.operationName")
"""What the recorded APIs were given and ours has not: an authorizer, and names of its operations."""


def leaves(held: Any, place: str = "") -> Iterator[tuple[str, object]]:
    """Yield each value of a document with its place; lists are values."""
    if isinstance(held, dict) and held:
        for key, value in held.items():
            yield from leaves(value, f"{place}.{key}" if place else key)
    else:
        yield place, held


def settled(event: Event) -> dict[str, object]:
    """Give an event's values by their places; those that differ with every request only as how they look."""
    found: dict[str, object] = {}
    for place, value in leaves(event):
        look = next((look for name, look in ANOTHERS.items() if re.fullmatch(name, place)), None)
        text = str(value)
        found[place] = value if look is None or not re.fullmatch(look, text) else look
    return found


def asked(event: Event, *, added: set[str], query: str, path: str) -> Visit:
    """The request that an event was made of: what the caller sent."""
    many = event.get("multiValueHeaders") or {name: [value] for name, value in event["headers"].items()}
    sent = [(name, value) for name, values in many.items() for value in values if name.lower() not in added]
    caller = next(values[-1] for name, values in many.items() if name.lower() == "x-forwarded-for")
    call = Call(method=event["httpMethod"], path=path, query=query, headers=tuple(sent), source_ip=caller)
    return Visit(call=call, secure=True, address="")


def noting(got: list[Event]) -> Invoke:
    """A function that keeps what it is asked, and answers that all is well."""

    def invoke(_name: str, event: Event) -> Result:
        got.append(event)
        return Result(payload={"statusCode": 200}, function_error=None, log="", milliseconds=1, init_milliseconds=None)

    return invoke


def by_the_api(event: Event) -> Event:
    """Have the front of API Gateway make the event of the same request."""
    told = event["requestContext"]
    endpoint, got = told["identity"]["vpceId"], list[Event]()
    added = {"x-forwarded-for", "x-amzn-vpc-id", "x-amzn-vpce-id", "x-amzn-vpce-config", "x-amzn-tls-version",
             "x-amzn-cipher-suite"}  # fmt: skip
    query = urlencode(event["multiValueQueryStringParameters"] or {}, doseq=True)
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
    api = Api(
        id=told["apiId"],
        stages=frozenset({told["stage"]}),
        endpoints=frozenset({endpoint}),
        policy={"Version": "2012-10-17", "Statement": [anybody]},
        methods=[Method(path=event["resource"], verb="ANY", function="any")],
    )
    front = ExecuteApi(
        lambda: [api],
        noting(got),
        lambda: Door(endpoint=endpoint, vpc=told["identity"]["vpcId"]),
        region=told["domainName"].split(".")[2],
        account=told["accountId"],
    )
    assert front(asked(event, added=added, query=query, path=told["path"])).status == 200
    return got[0]


def by_the_balancer(event: Event) -> Event:
    """Have the front of the load balancer make the event of the same request."""
    many, got = "multiValueHeaders" in event, list[Event]()
    parameters = event["multiValueQueryStringParameters" if many else "queryStringParameters"]
    headers = event["multiValueHeaders" if many else "headers"]
    arn = event["requestContext"]["elb"]["targetGroupArn"]
    (protocol, port) = ("".join(headers[f"x-forwarded-{part}"]) for part in ("proto", "port"))
    listener = Listener(
        protocol=protocol.upper(),
        port=int(port),
        rules=[Rule([], [{"Type": "forward", "TargetGroupArn": arn}])],
        attributes={},
        drops_invalid_headers=True,
        patience=60,
    )
    front = Balancer(
        lambda: listener,
        lambda arn: Group(arn=arn, function="any", multi_value=many),
        noting(got),
        lambda *_: pytest.fail("it is for a function"),
    )
    added = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-port", "x-amzn-trace-id"}
    query = "&".join(f"{name}={value}" for name, values in parameters.items()
                     for value in (values if many else [values]))  # fmt: skip
    assert front(asked(event, added=added, query=query, path=event["path"])).status == 200
    return got[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_event_is_as_it_was_recorded(file: Path) -> None:
    recording = json.loads(file.read_text())
    event: Event = recording["event"]
    made = by_the_balancer(event) if "elb" in event["requestContext"] else by_the_api(event)

    then, now = settled(event), settled(made)
    then = {place: value for place, value in then.items() if not place.startswith(ANOTHER_API)}
    assert {place: value for place, value in now.items() if place not in recording.get("since", ())} == then


def test_there_are_recordings_of_either_kind() -> None:
    kinds = [next(iter(json.loads(file.read_text())["event"]["requestContext"])) for file in FILES]
    assert kinds.count("elb") >= 3
    assert len(kinds) - kinds.count("elb") >= 2
