"""The execute-api endpoint: which private API is meant, whether the call may pass, and the function's answer.

Sources: API Gateway Developer Guide, "Invoke a private API", "Quotas for configuring and running a REST API",
"Important notes" (headers), "Gateway response types"; the texts of errors are those that AWS's callers report.
"""

import concurrent.futures
import dataclasses
import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from deploy.closedness.policy import Document
from deploy.rehearsal.events import Answer, Call, Event, answer_of, request_time, rest_event
from deploy.rehearsal.fronts.methods import Method, chosen, fetched
from deploy.rehearsal.fronts.policies import Door, ask
from deploy.rehearsal.fronts.server import Visit
from deploy.rehearsal.runtime_api import NoFunction, Result

PAYLOAD, EVENT = 10 * 2**20, 6 * 2**20  # bytes: of the body to API Gateway, of the whole event to Lambda
HEADERS, URL, ARN = 8000, 8192, 1600  # bytes of all headers of a private API; characters; bytes of a method's ARN
TIMEOUT = 29.0  # seconds
_NOT_SENT = frozenset({"connection", "content-md5", "expect", "max-forwards", "proxy-authenticate", "server", "te",
                       "trailer", "transfer-encoding", "upgrade", "www-authenticate"})  # fmt: skip
"""Headers of a request that a function does not get."""
REMAPPED = frozenset({"authorization", "connection", "content-length", "content-md5", "date", "max-forwards", "server",
                      "user-agent", "www-authenticate", "x-amzn-requestid"})  # fmt: skip
"""Headers of the function's answer that arrive under x-amzn-remapped- names; the last and Content-Length as callers
report them, the others as "Important notes" has them."""
_NOT_ANSWERED = frozenset({"expect", "host", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade",
                           "via"})  # fmt: skip
"""Headers of the function's answer that do not arrive."""

Invoke = Callable[[str, Event], Result]
Read = Callable[[str, str, str], Answer | None]
"""Gives the object of a bucket to who takes a role on; None where the role is not for API Gateway to take on."""


@dataclass(frozen=True, kw_only=True)
class Api:
    """A private API: its id, its stages, the endpoints it is tied to, its policy, and its methods."""

    id: str
    stages: frozenset[str]
    endpoints: frozenset[str]
    policy: Document | None
    methods: Sequence[Method]


class ExecuteApi:
    """Answers for one endpoint, or with a door that names none for API Gateway's public side."""

    def __init__(
        self,
        apis: Callable[[], Iterable[Api]],
        invoke: Invoke,
        door: Callable[[], Door],
        *,
        region: str,
        account: str,
        read: Read = lambda _role, _bucket, _key: None,
    ) -> None:
        self.apis, self.invoke, self.door, self.read = apis, invoke, door, read
        self.region, self.account = region, account
        self._threads = concurrent.futures.ThreadPoolExecutor(thread_name_prefix="invoke")

    def __call__(self, visit: Visit) -> Answer:
        """Answer one request."""
        too_much = _too_much(visit.call)
        if too_much:
            return too_much
        door = self.door()
        api, stage, path = self._meant(visit, door)
        if api is None or stage not in api.stages or not door.endpoint:  # they are private all of them
            return _problem(403, "ForbiddenException", "Forbidden")
        if len(self._arn(api, stage, path, visit).encode()) > ARN:
            return _problem(414, "RequestURITooLongException", "Request URI too long")
        refusal = self._refusal(api, stage, path, visit, door)
        if refusal:
            return _problem(403, "AccessDeniedException", refusal, key="Message")
        return self._integrated(api, stage, path, visit, door)

    def _integrated(self, api: Api, stage: str, path: str, visit: Visit, door: Door) -> Answer:
        found = chosen(api.methods, visit.call.method, path)
        if found is None:  # "Gateway response types", MISSING_AUTHENTICATION_TOKEN: also for what no method is
            return _problem(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        method, parameters = found
        if not method.function:
            return self._object(method, parameters)
        event = self._event(api, stage, path, visit, door)
        event |= {"resource": method.path,
                  "pathParameters": {name: unquote(value) for name, value in parameters.items()} or None}  # fmt: skip
        event["requestContext"]["resourcePath"] = method.path
        return self._through(method.function, event)

    def _arn(self, api: Api, stage: str, path: str, visit: Visit) -> str:
        """Name the method as policies do."""
        what = f"{api.id}/{stage}/{visit.call.method}{unquote(path)}"
        return f"arn:aws:execute-api:{self.region}:{self.account}:{what}"

    def _object(self, method: Method, parameters: Mapping[str, str]) -> Answer:
        """Answer with an object of S3."""
        held: list[Answer | None] = []

        def read(bucket: str, key: str) -> Answer:
            held.append(self.read(method.role, bucket, key))
            return held[0] or Answer(status=500)

        answer = fetched(method, parameters, read)
        if held == [None]:
            return _problem(500, "InternalServerErrorException", "Internal server error")
        if len(answer.body) > PAYLOAD:
            return _problem(502, "InternalServerErrorException", "Internal server error")
        return Answer(status=answer.status, headers=(*_ids(), *answer.headers), body=answer.body)

    def _meant(self, visit: Visit, door: Door) -> tuple[Api | None, str, str]:
        """Give the API, stage and path that a request means, by its host or by the header x-apigw-api-id."""
        label, _, rest = visit.host.lower().partition(".")
        named = re.fullmatch(r"([a-z0-9]{10})(?:-(vpce-[0-9a-f]+))?", label)
        identifier = (visit.call.header("x-apigw-api-id") or [""])[-1]
        if rest == f"execute-api.{self.region}.amazonaws.com" and named:
            identifier = named[1]
        api = next((api for api in self.apis() if api.id == identifier), None)
        if named and named[2] and (named[2] != door.endpoint or api is None or named[2] not in api.endpoints):
            return None, "", ""  # the name API-VPCE exists for endpoints that the API is tied to
        stage, _, path = visit.call.path.lstrip("/").partition("/")
        return api, stage, f"/{path}"

    def _refusal(self, api: Api, stage: str, path: str, visit: Visit, door: Door) -> str:
        """Ask the API's policy and the endpoint's; empty where the call may pass."""
        resource = self._arn(api, stage, path, visit)
        decision = ask(
            "execute-api:Invoke",
            resource,
            door=door,
            secure=visit.secure,
            source=visit.call.source_ip,
            policy=_whole(api.policy, f"arn:aws:execute-api:{self.region}:{self.account}:{api.id}"),
            account=self.account,
        )
        if decision.allowed:
            return ""
        shown = resource.replace(f":{self.account}:", f":********{self.account[-4:]}:", 1)
        deny = " with an explicit deny" if any(reason.effect == "Deny" for reason in decision.reasons) else ""
        return f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {shown}{deny}"

    def _through(self, function: str, event: Event) -> Answer:
        if len(json.dumps(event, ensure_ascii=False).encode(errors="replace")) > EVENT:
            return _problem(413, "RequestEntityTooLargeException", "Request Too Long")
        try:
            result = self._threads.submit(self.invoke, function, event).result(timeout=TIMEOUT)
        except TimeoutError:
            return _problem(504, "InternalServerErrorException", "Endpoint request timed out")
        except NoFunction:  # AWS re:Post, "API Gateway Internal server error": what cannot be invoked is a 500
            return _problem(500, "InternalServerErrorException", "Internal server error")
        answer = _answered(result)
        if answer is None:
            return _problem(502, "InternalServerErrorException", "Internal server error")
        headers = [
            (f"x-amzn-Remapped-{name}" if name.lower() in REMAPPED else name, value)
            for name, value in answer.headers
            if name.lower() not in _NOT_ANSWERED
        ]
        if not answer.header("content-type"):
            headers.append(("Content-Type", "application/json"))
        return Answer(status=answer.status, headers=(*_ids(), *headers), body=answer.body)

    def _event(self, api: Api, stage: str, path: str, visit: Visit, door: Door) -> Event:
        call = visit.call
        headers = tuple(pair for pair in call.headers if pair[0].lower() not in _NOT_SENT)
        proxied = dataclasses.replace(call, path=path, headers=headers)
        event = rest_event(proxied, stage=stage, vpc_endpoint=door.endpoint or None, vpc=door.vpc)
        told: dict[str, Any] = event["requestContext"]
        told |= {
            "apiId": api.id,
            "accountId": self.account,
            "domainPrefix": visit.host.partition(".")[0],
            "domainName": visit.host,
            "path": call.path,
            "requestId": secrets.token_hex(16),
            "extendedRequestId": secrets.token_urlsafe(11) + "=",
            **request_time(int(time.time() * 1000)),
        }
        return event


def _too_much(call: Call) -> Answer | None:
    """Give the refusal of a request that is larger than API Gateway takes."""
    if len(f"{call.path}?{call.query}") > URL:
        return _problem(414, "RequestURITooLongException", "Request-URI Too Long")
    # Names, values, white space and the ends of lines, as "Quotas" says of the other kinds of APIs.
    if sum(len(f"{name}: {value}\r\n") for name, value in call.headers) > HEADERS:
        return _problem(431, "BadRequestException", "Request header fields too large")
    if len(call.body) > PAYLOAD:
        return _problem(413, "RequestTooLargeException", "Request Too Long")
    return None


def _answered(result: Result) -> Answer | None:
    """Give a function's answer; None where it failed or said what API Gateway cannot send."""
    if result.function_error:
        return None
    try:
        return answer_of(result.payload)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _whole(policy: Document | None, api: str) -> Document | None:
    """Write an API's policy as API Gateway stores it: `execute-api:/*` stands for the API's own ARN."""
    if policy is None:
        return None
    text = json.dumps(policy).replace('"execute-api:/', f'"{api}/')
    return dict(json.loads(text))


def _ids() -> tuple[tuple[str, str], ...]:
    return (("x-amzn-RequestId", secrets.token_hex(16)), ("x-amz-apigw-id", secrets.token_urlsafe(11)))


def _problem(status: int, kind: str, message: str, *, key: str = "message") -> Answer:
    headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", kind), *_ids())
    return Answer(status=status, headers=headers, body=json.dumps({key: message}).encode())
