"""A load balancer in front of function and pages: what goes where, what is rewritten, what it says by itself."""

import base64
import dataclasses
from typing import Any

import pytest

from deploy.rehearsal.events import Answer, Call, Event
from deploy.rehearsal.fronts import balancer, rules
from deploy.rehearsal.fronts.balancer import Balancer, Group, Listener, Refused
from deploy.rehearsal.fronts.rules import Rule
from deploy.rehearsal.fronts.server import Visit
from deploy.rehearsal.runtime_api import NoFunction, Result
from tests.deploy.rehearsal.test_fronts import visit

HOST = "ringi.corp.example.co.jp"
BUCKET = "site-1.bucket.vpce-0b-cd.s3.ap-northeast-1.vpce.amazonaws.com"
BY_HOST = {"Field": "host-header", "HostHeaderConfig": {"Values": [HOST]}}
READS = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET", "HEAD"]}}
TO_BUCKET = {
    "Type": "host-header-rewrite",
    "HostHeaderRewriteConfig": {"Rewrites": [{"Regex": "^.*$", "Replace": BUCKET}]},
}
TO_PAGE = {"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "^/.*$", "Replace": "/index.html"}]}}
OTHERS = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "MessageBody": "Another name."}}
BACK = {
    "Type": "redirect",
    "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "Path": "/", "Query": "", "StatusCode": "HTTP_302"},
}


def paths(*values: str) -> dict[str, Any]:
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def forward(group: str) -> dict[str, str]:
    return {"Type": "forward", "TargetGroupArn": group}


LISTENER = Listener(
    protocol="HTTPS",
    port=443,
    rules=[
        Rule([BY_HOST, paths("/api/*", "/health")], [forward("function")]),
        Rule([BY_HOST, paths("/", "/index.html"), READS], [forward("pages")], [TO_BUCKET, TO_PAGE]),
        Rule([BY_HOST, paths("/assets/*"), READS], [forward("pages")], [TO_BUCKET]),
        Rule([BY_HOST, READS], [BACK]),
        Rule([], [OTHERS]),
    ],
    attributes={
        "routing.http.response.strict_transport_security.header_value": "max-age=31536000",
        "routing.http.response.x_frame_options.header_value": "DENY",
        "routing.http.response.server.enabled": "false",
    },
    drops_invalid_headers=True,
    patience=60,
)


class Front:
    """A load balancer whose targets note what reaches them."""

    def __init__(self, *, answer: Any = None, targets: int = 2, **changes: Any) -> None:
        self.events: list[Event] = []
        self.sent: list[tuple[str, tuple[str, int], Call]] = []
        self.answer = answer or {"statusCode": 200, "body": "well", "headers": {"X-Frame-Options": "SAMEORIGIN"}}
        self.function = Group(arn="function", function="cloister-poc", multi_value=True)
        self.pages = Group(arn="pages", protocol="HTTPS", targets=[(f"10.20.0.{n}", 443) for n in range(targets)])
        self.balancer = Balancer(
            lambda: dataclasses.replace(LISTENER, **changes),
            lambda arn: self.function if arn == "function" else self.pages,
            self.invoke,
            self.send,
        )

    def invoke(self, _name: str, event: Event) -> Result:
        self.events.append(event)
        if isinstance(self.answer, Exception):
            raise self.answer
        error = "Unhandled" if self.answer == "failed" else None
        return Result(payload=self.answer, function_error=error, log="", milliseconds=1, init_milliseconds=None)

    def send(self, protocol: str, target: tuple[str, int], call: Call, _patience: float) -> Answer:
        self.sent.append((protocol, target, call))
        if isinstance(self.answer, Exception):
            raise self.answer
        return Answer(status=200, headers=(("Server", "AmazonS3"), ("Connection", "close")), body=b"page")

    def __call__(self, asked: Visit) -> Answer:
        return self.balancer(asked)


def test_the_function_gets_the_event_of_a_load_balancer() -> None:
    front = Front()
    answer = front(visit("POST", f"https://{HOST}/api/x?a=%20b", body=b'{"a": 1}', Content_Type="application/json"))

    (event,) = front.events
    assert (answer.status, answer.body) == (200, b"well")
    assert event["requestContext"] == {"elb": {"targetGroupArn": "function"}}
    assert (event["httpMethod"], event["path"], event["body"]) == ("POST", "/api/x", '{"a": 1}')
    assert event["multiValueQueryStringParameters"] == {"a": ["%20b"]}  # as it was written, unlike API Gateway's
    assert event["multiValueHeaders"]["x-forwarded-for"] == ["10.1.0.10"]
    assert "x-amzn-trace-id" in event["multiValueHeaders"]


def test_text_that_is_none_arrives_all_the_same() -> None:
    front = Front()
    asked = visit("POST", f"https://{HOST}/api/x", body=b"{\xff}", Content_Type="application/json")
    assert front(asked).status == 200
    assert front.events[0]["body"] == "{\ufffd}"


def test_what_the_caller_claims_of_the_way_reaches_no_function() -> None:
    front = Front(protocol="HTTP", port=80)
    front(visit("GET", f"https://{HOST}/api/x", X_Forwarded_Proto="https", X_Forwarded_Port="443"))
    headers = front.events[0]["multiValueHeaders"]
    assert (headers["x-forwarded-proto"], headers["x-forwarded-port"]) == (["http"], ["80"])


def test_the_page_comes_from_the_bucket_by_its_own_name_and_key() -> None:
    front = Front()
    front(visit("GET", f"https://{HOST}/?from=mail"))
    front(visit("GET", f"https://{HOST}/assets/a.js?v=1"))

    (protocol, _, page), (_, _, asset) = front.sent
    assert (protocol, page.header("host"), page.path, page.query) == ("HTTPS", [BUCKET], "/index.html", "")
    assert (asset.header("host"), asset.path, asset.query) == ([BUCKET], "/assets/a.js", "v=1")
    assert page.header("x-forwarded-proto") == ["https"]


def test_targets_take_turns() -> None:
    front = Front()
    for _ in range(4):
        front(visit("GET", f"https://{HOST}/"))
    assert len({target for _, target, _ in front.sent}) == 2


def test_what_the_caller_claims_of_itself_stands_before_what_was_seen() -> None:
    front = Front()
    front(visit("GET", f"https://{HOST}/", X_Forwarded_For="192.0.2.9", X_Forwarded_Proto="http"))
    assert front.sent[0][2].header("x-forwarded-for") == ["192.0.2.9, 10.1.0.10"]
    assert front.sent[0][2].header("x-forwarded-proto") == ["https"]


def test_headers_that_are_set_take_the_place_of_the_targets_on_every_answer() -> None:
    for asked in ("/api/me", "/", "/deep/link", "/api/broken"):
        answer = Front(answer="failed" if "broken" in asked else None)(visit("GET", f"https://{HOST}{asked}"))
        assert answer.header("x-frame-options") == ["DENY"]
        assert answer.header("strict-transport-security") == ["max-age=31536000"]
        assert not answer.header("server")
        assert not answer.header("connection")
    assert Front(attributes={})(visit("GET", f"https://{HOST}/")).header("server") == ["AmazonS3"]


def test_other_addresses_lead_to_the_page_and_other_names_nowhere() -> None:
    front = Front()
    led = front(visit("GET", f"https://{HOST}/proposals/1?x=1"))
    assert (led.status, led.header("location")) == (302, [f"https://{HOST}:443/"])
    assert front(visit("GET", "https://other.example/")).status == 404
    assert front(visit("PUT", f"https://{HOST}/assets/a.js")).status == 404
    assert not front.sent


def test_plain_http_is_told_to_come_back() -> None:
    again = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "Host": "#{host}",
             "Path": "/#{path}", "Query": "#{query}", "StatusCode": "HTTP_301"}}  # fmt: skip
    front = Front(protocol="HTTP", port=80, rules=[Rule([], [again])], attributes={})
    answer = front(visit("GET", f"http://{HOST}/a/b?c=d"))
    assert (answer.status, answer.header("location")) == (301, [f"https://{HOST}:443/a/b?c=d"])
    assert b"301 Moved Permanently" in answer.body


@pytest.mark.parametrize(
    ("size", "status"), [(2**20, 200), (2**20 + 1, 413)], ids=["a function takes 1 MB", "and not more"]
)
def test_a_request_to_a_function_is_limited(size: int, status: int) -> None:
    front = Front()
    assert front(visit("POST", f"https://{HOST}/api/x", body=b"x" * size)).status == status
    assert len(front.events) == (status == 200)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("failed", 502),
        ({"no": "status"}, 502),
        ({"statusCode": 200, "body": "x" * 2**20}, 502),
        (NoFunction("cloister-poc"), 502),
        ({"statusCode": 200, "body": base64.b64encode(b"\x00").decode(), "isBase64Encoded": True}, 200),
    ],
    ids=["it failed", "no answer", "more than 1 MB", "not there", "bytes"],
)
def test_what_a_function_says_wrong_is_a_bad_gateway(answer: Any, status: int) -> None:
    told = Front(answer=answer)(visit("GET", f"https://{HOST}/api/x"))
    assert told.status == status
    if status == 502:
        assert told.body.startswith(b"<html>\r\n<head><title>502 Bad Gateway</title>")


def test_a_function_that_does_not_let_the_load_balancer_call_is_not_called() -> None:
    front = Front()
    front.function = dataclasses.replace(front.function, callable=False)
    assert front(visit("GET", f"https://{HOST}/api/x")).status == 502
    assert not front.events


@pytest.mark.parametrize(("error", "status"), [(Refused(), 502), (TimeoutError(), 504), (ConnectionResetError(), 502)])
def test_a_target_that_does_not_answer(error: Exception, status: int) -> None:
    assert Front(answer=error)(visit("GET", f"https://{HOST}/")).status == status


def test_without_targets_nobody_answers() -> None:
    assert Front(targets=0)(visit("GET", f"https://{HOST}/")).status == 503


def test_long_lines_and_headers_are_refused() -> None:
    front = Front()
    assert front(visit("GET", f"https://{HOST}/?{'x' * 17_000}")).status == 400
    assert front(visit("GET", f"https://{HOST}/", X_Long="x" * 17_000)).status == 400
    assert front(visit("GET", f"https://{HOST}/", given={f"X-{n}": "x" * 15_000 for n in range(5)})).status == 400
    assert front(visit("GET", f"https://{HOST}/", X_Long="x" * 15_000)).status == 200


def test_names_of_headers_that_are_none_go_no_further() -> None:
    front, kept = Front(), Front(drops_invalid_headers=False)
    for each in (front, kept):
        each(visit("GET", f"https://{HOST}/", given={"x.dotted": "1", "X-Own": "1"}))
    assert [pair for pair in front.sent[0][2].headers if pair[1] == "1"] == [("X-Own", "1")]
    assert len([pair for pair in kept.sent[0][2].headers if pair[1] == "1"]) == 2


class TestARule:
    @pytest.mark.parametrize(
        ("pattern", "path", "fits"),
        [
            ("/api/*", "/api/", True),
            ("/api/*", "/api", False),
            ("/api/*", "/API/x", False),
            ("/a?c", "/abc", True),
            ("/a?c", "/ac", False),
            ("/a.c", "/abc", False),
        ],
    )
    def test_compares_paths_as_they_are_written(self, pattern: str, path: str, *, fits: bool) -> None:
        assert rules.met(paths(pattern), Call(path=path), HOST) is fits

    def test_does_not_care_about_capitals_of_hosts(self) -> None:
        assert rules.met(BY_HOST, Call(), HOST.upper())
        assert not rules.met(BY_HOST, Call(), f"x.{HOST}")

    def test_that_is_not_imitated_is_not_passed_over(self) -> None:
        with pytest.raises(ValueError, match="query-string"):
            rules.met({"Field": "query-string"}, Call(), HOST)

    def test_rewrites_by_groups_and_not_into_nothing(self) -> None:
        config = {"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "^/a/(.*)$", "Replace": "/$1"}]}}
        assert rules.rewritten([config], Call(path="/a/b", query="c")).path == "/b"
        assert rules.rewritten([config], Call(path="/x")).path == "/x"
        nothing = {"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "^/", "Replace": ""}]}}
        with pytest.raises(rules.Impossible):
            rules.rewritten([nothing], Call(path="/x"))
        front = Front(rules=[Rule([], [forward("pages")], [nothing])])
        assert front(visit("GET", f"https://{HOST}/x")).status == 500


def test_its_own_errors_look_as_callers_know_them() -> None:
    page = balancer.problem(503)
    assert page.header("server") == ["awselb/2.0"]
    assert page.body.endswith(
        b"<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n"
    )
