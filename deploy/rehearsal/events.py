"""The event documents that a private API and a load balancer make of an HTTP request, and the way back.

Shapes: AWS, "Set up Lambda proxy integrations in API Gateway" (payload format 1.0, binary media types `*/*`),
"Use Lambda functions as targets of an Application Load Balancer"; which headers each adds and leaves out, and what
stands where, is held against recorded events by tests/deploy/rehearsal/test_recorded.py. A *private* API adds no
X-Forwarded-Proto and no trace id.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

Event = dict[str, Any]
Headers = tuple[tuple[str, str], ...]

VPC = "vpc-0f1e2d3c4b5a69788"
VPC_ENDPOINT = "vpce-0123456789abcdef0"
REGION = "ap-northeast-1"
API = "a1b2c3d4e5"
REST_HOST = f"{API}-{VPC_ENDPOINT}.execute-api.{REGION}.amazonaws.com"
GROUP = f"arn:aws:elasticloadbalancing:{REGION}:123456789012:targetgroup/cloister/1"
_NOT_SIGNED = (
    "accessKey",
    "accountId",
    "caller",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "user",
    "userArn",
)
"""What an event tells of callers that sign by IAM or Cognito, and has as null of everybody else."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """An HTTP request as it arrives at the gateway.

    `path` and `query` are percent-encoded, as on the wire; `source_ip` is the address of the TCP connection.
    """

    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    source_ip: str = "10.1.0.10"

    def header(self, name: str) -> list[str]:
        """Return the values of a header, in their order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An HTTP answer as the gateway sends it on."""

    status: int
    headers: Headers = field(default=())
    body: bytes = b""

    def header(self, name: str) -> list[str]:
        """Return the values of a header, in their order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


def rest_event(
    call: Call,
    *,
    stage: str = "poc",
    base_path: str | None = None,
    vpc_endpoint: str | None = VPC_ENDPOINT,
    vpc: str = VPC,
) -> Event:
    """Return the event of a REST API's proxy integration.

    With `base_path` the call came by a custom domain name mapped there. Without `vpc_endpoint` the API is not
    private, and the event has what the public front adds.
    """
    headers = [*call.headers]
    if not call.header("host"):
        headers.append(("Host", REST_HOST))
    identity: Event = dict.fromkeys(_NOT_SIGNED)
    identity |= {"sourceIp": call.source_ip, "userAgent": next(iter(call.header("user-agent")), None)}
    if vpc_endpoint:
        identity |= {"vpcId": vpc, "vpceId": vpc_endpoint}
        headers += [
            ("x-amzn-vpc-id", vpc),
            ("x-amzn-vpce-id", vpc_endpoint),
            ("x-amzn-vpce-config", "1"),
            ("x-amzn-tls-version", "TLSv1.3"),
            ("x-amzn-cipher-suite", "TLS_AES_128_GCM_SHA256"),
        ]
    else:
        headers += [("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", "443")]
    headers = [*_without(headers, "x-forwarded-for"), _forwarded_for(call)]
    many = _collect(headers)
    query = _collect(parse_qsl(call.query, keep_blank_values=True))
    path = f"/{base_path}{call.path}" if base_path else call.path
    return {
        "resource": "/" if call.path == "/" else "/{proxy+}",
        "path": path,
        "httpMethod": call.method,
        "headers": _last(many),
        "multiValueHeaders": many,
        "queryStringParameters": _last(query) or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": None if call.path == "/" else {"proxy": unquote(call.path[1:])},
        "stageVariables": None,
        "requestContext": {
            "resourceId": "abc123",
            "resourcePath": "/{proxy+}",
            "httpMethod": call.method,
            "path": path if base_path else f"/{stage}{path}",
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": stage,
            "domainName": call.header("host")[-1] if call.header("host") else REST_HOST,
            "domainPrefix": API,
            **request_time(1_790_000_000_000),
            "extendedRequestId": "fPvfNGFZIAMFUtQ=",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": identity,
            "apiId": API,
        },
        # Every media type is declared binary (`*/*`), so that API Gateway hands every body over in base64.
        "body": base64.b64encode(call.body).decode() if call.body else None,
        "isBase64Encoded": bool(call.body),
    }


def request_time(milliseconds: int) -> Event:
    """Return when a request came, as events tell it in two ways."""
    at = dt.datetime.fromtimestamp(milliseconds // 1000, dt.UTC)
    return {"requestTimeEpoch": milliseconds, "requestTime": f"{at:%d/%b/%Y:%H:%M:%S +0000}"}


def alb_event(
    call: Call, *, multi_value: bool = True, protocol: str = "https", port: int = 443, group: str = GROUP
) -> Event:
    """Return the event of a load balancer's Lambda target; `multi_value` is the attribute of the target group."""
    headers = [*_without(call.headers, *_BALANCERS), _forwarded_for(call)]
    headers += [("x-forwarded-proto", protocol), ("x-forwarded-port", str(port))]
    headers = [(name.lower(), value) for name, value in headers]
    # A balancer hands the query over as it is, still encoded.
    query = [pair.partition("=")[::2] for pair in call.query.split("&") if pair]
    text = not call.header("content-encoding") and any(
        kind.startswith(("text/", "application/json", "application/javascript", "application/xml"))
        for kind in call.header("content-type")
    )
    many, many_query = _collect(headers), _collect(query)
    return {
        "requestContext": {"elb": {"targetGroupArn": group}},
        "httpMethod": call.method,
        "path": call.path,
        **(
            {"multiValueHeaders": many, "multiValueQueryStringParameters": many_query}
            if multi_value
            else {"headers": _last(many), "queryStringParameters": _last(many_query)}
        ),
        "body": call.body.decode(errors="replace") if text else base64.b64encode(call.body).decode(),
        "isBase64Encoded": not text and bool(call.body),
    }


def health_check_event() -> Event:
    """Return the event of a load balancer's health check: no host, no address (AWS, "Enable health checks")."""
    return {
        "requestContext": alb_event(Call())["requestContext"],
        "httpMethod": "GET",
        "path": "/",
        "queryStringParameters": {},
        "headers": {"user-agent": "ELB-HealthChecker/2.0"},
        "body": "",
        "isBase64Encoded": False,
    }


def scheduled_event(rule: str, **kwargs: object) -> Event:
    """Return the event that Zappa's schedule rules send, `rule` being the rule's whole name."""
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-22T02:00:00Z",
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:123456789012:rule/{rule}"],
        "detail": {},
        "kwargs": kwargs,
    }


def answer_of(result: Mapping[str, Any]) -> Answer:
    """Return what a gateway sends for a function's answer; raises KeyError or ValueError where it would fail."""
    headers: list[tuple[str, str]] = list((result.get("headers") or {}).items())
    for name, values in (result.get("multiValueHeaders") or {}).items():
        headers += [(name, value) for value in values]
    body: str = result.get("body") or ""
    return Answer(
        status=int(result["statusCode"]),
        headers=tuple(headers),
        body=base64.b64decode(body, validate=True) if result.get("isBase64Encoded") else body.encode(),
    )


def _forwarded_for(call: Call) -> tuple[str, str]:
    """Return the header with the caller's address behind whatever the caller wrote there."""
    return ("X-Forwarded-For", ", ".join([*call.header("x-forwarded-for"), call.source_ip]))


_BALANCERS = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-port")
"""Headers that a load balancer writes itself, whatever the caller wrote there."""


def _without(headers: Iterable[tuple[str, str]], *names: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in headers if key.lower() not in names]


def _collect(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return name -> values; names that differ only in capitals stay apart, as gateways leave them."""
    many: dict[str, list[str]] = {}
    for name, value in pairs:
        many.setdefault(name, []).append(value)
    return many


def _last(many: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in many.items()}
