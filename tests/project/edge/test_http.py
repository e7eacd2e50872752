"""What Django sees of an HTTP event, and what the gateway gets back."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

import pytest
from awslambdaric.lambda_runtime_marshaller import to_json  # type: ignore[import-untyped]  # it has no types
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.rehearsal.events import REST_HOST, Answer, Call, Event, alb_event, answer_of, health_check_event, rest_event
from project.edge import http

Send = Callable[[Event], Answer]

REQUEST_ID = ("X-Request-ID", "3470bd0b-5691-4dda-bb1e-e3efd60812d5")


@contextmanager
def connections_left_alone() -> Iterator[None]:
    """Keep a request from closing the connection of the test it is made in, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def send() -> Iterator[Send]:
    """Answer events with the mirror's URLs behind the application's own middleware."""
    with override_settings(
        ROOT_URLCONF="tests.project.edge.mirror",
        ALLOWED_HOSTS=[REST_HOST, "approvals.example"],
        DEBUG=False,
    ):
        handler = http.make_handler(WSGIHandler(), default_host=REST_HOST)

        def answer(event: Event) -> Answer:
            with connections_left_alone():
                return answer_of(handler(event, None))

        yield answer


class TestWhereTheApplicationIsMounted:
    def test_under_the_stage_of_a_private_api(self, send: Send) -> None:
        seen = send(rest_event(Call(path="/api/me"), stage="poc")).json()

        assert (seen["script_name"], seen["path_info"], seen["path"]) == ("/poc", "/api/me", "/poc/api/me")
        assert seen["url"] == f"https://{REST_HOST}/poc/api/me"

    def test_under_the_base_path_of_a_domain_name(self, send: Send) -> None:
        seen = send(
            rest_event(Call(path="/api/me", headers=(("Host", "approvals.example"),)), base_path="ringi")
        ).json()

        assert (seen["script_name"], seen["path_info"]) == ("/ringi", "/api/me")
        assert seen["url"] == "https://approvals.example/ringi/api/me"

    @pytest.mark.parametrize("base_path", [None, "ringi", "a/b"])
    @pytest.mark.parametrize("path", ["/", "/api/", "/%E7%94%B3%E8%AB%8B/1", "/a%2Fb/%25", "/ringi/ringi"])
    def test_whatever_the_path(self, send: Send, base_path: str | None, path: str) -> None:
        seen = send(rest_event(Call(path=path), base_path=base_path)).json()

        direct = Client(headers={"host": REST_HOST}).get(path).json()
        assert seen["path_info"] == direct["path_info"]
        assert seen["script_name"] == ("/poc" if base_path is None else f"/{base_path}")

    def test_nowhere_behind_a_load_balancer(self, send: Send) -> None:
        seen = send(alb_event(Call(path="/api/me", headers=(("Host", REST_HOST),)))).json()

        assert (seen["script_name"], seen["path_info"]) == ("", "/api/me")

    def test_a_path_that_came_decoded_is_the_same_path(self, send: Send) -> None:
        event = rest_event(Call(path="/%E7%94%B3%E8%AB%8B"))
        event["path"] = "/申請"
        event["requestContext"]["path"] = "/poc/申請"

        assert send(event).json()["path_info"] == "/申請"

    @pytest.mark.parametrize(
        ("path", "whole", "seen_path"),
        [
            ("/申請/1", "/poc/%E7%94%B3%E8%AB%8B/1", "/申請/1"),
            ("/%E7%94%B3%E8%AB%8B/1", "/poc/申請/1", "/申請/1"),
            ("/a b", "/poc/a%20b", "/a b"),
            ("/%e7%94%b3", "/poc/%E7%94%B3", "/申"),
            ("/api/me", "/poc/api/me/", "/api/me"),
            ("/api/me/", "/poc/api/me", "/api/me/"),
            ("/", "/poc", "/"),
        ],
    )
    def test_though_the_gateway_writes_the_path_in_two_ways(
        self, send: Send, path: str, whole: str, seen_path: str
    ) -> None:
        event = rest_event(Call(path="/api/me"))
        event["path"] = path
        event["requestContext"]["path"] = whole

        seen = send(event).json()

        assert (seen["script_name"], seen["path_info"]) == ("/poc", seen_path)


class TestTheCallersAddress:
    SPOOFED = (("Host", REST_HOST), ("X-Forwarded-For", "192.0.2.66, 192.0.2.67"), ("X_Forwarded_For", "192.0.2.68"))

    def test_of_a_private_api_is_the_gateways_word(self, send: Send) -> None:
        assert send(rest_event(Call(headers=self.SPOOFED, source_ip="10.1.0.9"))).json()["address"] == "10.1.0.9"

    @pytest.mark.parametrize("multi_value", [True, False])
    def test_behind_a_load_balancer_is_what_it_appended(self, send: Send, *, multi_value: bool) -> None:
        event = alb_event(Call(headers=self.SPOOFED, source_ip="10.1.0.9"), multi_value=multi_value)

        assert send(event).json()["address"] == "10.1.0.9"

    @pytest.mark.parametrize(
        ("appended", "address"),
        [
            ("10.1.0.9:49152", "10.1.0.9"),
            ("2001:db8::9", "2001:db8::9"),
            ("[2001:db8::9]:49152", "2001:db8::9"),
        ],
    )
    def test_loses_its_port(self, send: Send, appended: str, address: str) -> None:
        event = alb_event(Call(headers=self.SPOOFED, source_ip=appended))

        assert send(event).json()["address"] == address

    def test_is_empty_where_the_balancer_does_not_say(self, send: Send) -> None:
        assert send(health_check_event()).json()["address"] == ""


class TestTheScheme:
    def test_is_https_without_any_header_that_says_so(self, send: Send) -> None:
        event = rest_event(Call())

        assert not any("forwarded-proto" in name.lower() for name in event["headers"])
        assert send(event).json()["secure"] is True

    def test_of_an_api_cannot_be_written_by_the_caller(self, send: Send) -> None:
        assert send(rest_event(Call(headers=(("X-Forwarded-Proto", "http"),)))).json()["secure"] is True

    def test_behind_a_balancer_is_the_balancers(self, send: Send) -> None:
        event = alb_event(Call(headers=(("Host", REST_HOST),)))
        event["multiValueHeaders"]["x-forwarded-proto"] = ["http"]

        assert send(event).json()["secure"] is False


class TestCookies:
    def test_of_several_headers_are_all_seen(self, send: Send) -> None:
        seen = send(rest_event(Call(headers=(("Cookie", "a=1"), ("Cookie", "b=2; c=3"))))).json()

        assert seen["cookies"] == {"a": "1", "b": "2", "c": "3"}

    @pytest.mark.parametrize("make_event", [rest_event, alb_event, lambda call: alb_event(call, multi_value=False)])
    def test_are_all_set(self, send: Send, make_event: Callable[[Call], Event]) -> None:
        answer = send(make_event(Call(path="/cookies", query="count=9", headers=(("Host", REST_HOST),))))

        pairs = [value.split(";")[0].strip() for value in answer.header("set-cookie")]
        assert pairs == [f"c{number}=v{number}" for number in range(9)]


class TestHeaders:
    def test_of_one_name_are_joined_where_the_gateway_takes_one_value(self, send: Send) -> None:
        many = send(rest_event(Call(path="/large", query="size=1", headers=(("Accept-Language", "ja"),))))
        one = send(alb_event(Call(path="/large", query="size=1", headers=(("Host", REST_HOST),)), multi_value=False))

        assert many.header("vary")
        assert len(one.header("vary")) == 1

    def test_with_underscores_do_not_pass_for_others(self, send: Send) -> None:
        seen = send(rest_event(Call(headers=(("X_Mine", "forged"), ("X-Mine-Too", "real"))))).json()

        assert seen["headers"] == {"X-Mine-Too": "real"}

    def test_may_be_null_as_the_consoles_test_sends_them(self, send: Send) -> None:
        event = rest_event(Call())
        event |= {"headers": None, "multiValueHeaders": None, "multiValueQueryStringParameters": None}

        assert send(event).status == 200

    @pytest.mark.parametrize("multi_value", [True, False])
    @pytest.mark.parametrize("empty", [None, [], [None]])
    def test_without_a_value_are_as_if_they_had_not_come(self, send: Send, empty: object, *, multi_value: bool) -> None:
        event = alb_event(Call(headers=(("Host", REST_HOST),)), multi_value=multi_value)
        headers = event["multiValueHeaders" if multi_value else "headers"]
        headers |= dict.fromkeys(("x-mine", "content-type", "accept-language", "cookie"), empty)

        answer = send(event)

        assert answer.status == 200
        assert answer.json()["headers"] == {}

    def test_beyond_latin_are_the_bytes_that_a_server_would_hand_over(self, send: Send) -> None:
        event = rest_event(Call(headers=(("X-Mine", "申請"), ("X-Mine-Too", "é"), ("Cookie", "a=申"))))

        seen = send(event).json()

        assert seen["headers"]["X-Mine"].encode("latin-1").decode() == "申請"
        assert seen["headers"]["X-Mine-Too"] == "é"
        assert seen["cookies"] == {"a": "申"}

    def test_of_a_health_check_lack_the_host(self, send: Send) -> None:
        assert send(health_check_event()).json()["host"] == REST_HOST

    def test_naming_a_strange_host_are_refused(self, send: Send) -> None:
        answer = send(rest_event(Call(headers=(("Host", "evil.example"),))))

        assert answer.status == 400
        assert answer.header("content-type") == ["application/problem+json"]
        assert answer.json()["code"] == "bad_request"
        assert b"evil.example" not in answer.body


class TestBodies:
    EVERY_BYTE = bytes(range(256))

    @pytest.mark.parametrize("make_event", [rest_event, alb_event])
    def test_that_are_binary_come_and_go_unchanged(self, send: Send, make_event: Callable[[Call], Event]) -> None:
        headers = (("Content-Type", "image/png"), ("Host", REST_HOST))
        answer = send(make_event(Call(method="POST", path="/binary", body=self.EVERY_BYTE, headers=headers)))

        assert answer.body == self.EVERY_BYTE

    def test_of_text_are_handed_back_as_text(self, send: Send) -> None:
        headers = (("Content-Type", "text/plain"), ("Host", REST_HOST))
        event = alb_event(
            Call(method="POST", path="/binary", query="type=text/plain", body="申請".encode(), headers=headers)
        )

        assert event["body"] == "申請"
        assert send(event).body.decode() == "申請"


class TestAnAnswerToHead:
    @pytest.mark.parametrize("path", ["/", "/large?size=7000000", "/broken"])
    def test_has_no_body(self, send: Send, path: str) -> None:
        path, _, query = path.partition("?")
        answer = send(rest_event(Call(method="HEAD", path=path, query=query)))

        assert answer.body == b""
        assert answer.header("content-type")

    def test_is_the_answer_to_get_otherwise(self, send: Send) -> None:
        head, get = (
            send(rest_event(Call(method=method, path="/cookies", query="count=2", headers=(REQUEST_ID,))))
            for method in ("HEAD", "GET")
        )

        assert (head.status, head.headers) == (get.status, get.headers)


class TestAnAnswerThatIsTooLarge:
    @pytest.mark.parametrize(("language", "words"), [("ja", "件数を減らすか"), ("en-GB", "Ask for fewer items")])
    def test_becomes_a_problem_in_the_callers_language(self, send: Send, language: str, words: str) -> None:
        call = Call(path="/large", query="size=7000000", headers=(("Accept-Language", f"fr, {language};q=0.8"),))
        answer = send(rest_event(call))

        assert answer.status == 500
        assert answer.header("content-type") == ["application/problem+json"]
        assert answer.json()["code"] == "answer_too_large"
        assert words in answer.json()["detail"]
        assert answer.json()["limit"] == http.REST_LIMIT

    def test_can_be_read_by_the_page_that_asked(self, send: Send) -> None:
        answer = send(rest_event(Call(path="/large", query="size=7000000")))

        assert answer.header("access-control-allow-origin") == ["https://site.example"]
        assert answer.header("vary")

    def test_is_measured_in_bytes(self, send: Send) -> None:
        query = "size=2400000&letters=ja"  # 7.2 MB of UTF-8 in 2.4 million characters

        assert send(rest_event(Call(path="/large", query=query))).status == 500

    def test_has_a_smaller_limit_behind_a_load_balancer(self, send: Send) -> None:
        call = Call(path="/large", query="size=1100000", headers=(("Host", REST_HOST),))

        assert send(alb_event(call)).json()["code"] == "answer_too_large"
        assert send(rest_event(call)).status == 200

    def test_is_measured_as_the_runtime_writes_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_EXECUTION_ENV", "AWS_Lambda_python3.13")
        size = 0

        def application(environ: Any, start_response: Any) -> list[bytes]:
            start_response("200 OK", [("Content-Type", "text/plain"), ("X-One", "1"), ("X-Two", "2")])
            return [b"x" * size]

        handler = http.make_handler(application)
        event = rest_event(Call())
        around = len(to_json(handler(event, None)).encode())
        size = http.REST_LIMIT - around

        fits = handler(event, None)
        size += 1
        does_not = handler(event, None)

        assert len(to_json(fits).encode()) == http.REST_LIMIT
        assert (fits["statusCode"], does_not["statusCode"]) == (200, 500)

    def test_is_not_one_that_just_fits(self, send: Send) -> None:
        assert send(rest_event(Call(path="/large", query="size=6000000"))).status == 200


class TestAFailure:
    def test_is_a_problem_that_tells_nothing_from_inside(self, send: Send, caplog: pytest.LogCaptureFixture) -> None:
        answer = send(rest_event(Call(path="/broken", headers=(("Accept-Language", "en"),))))

        assert answer.status == 500
        assert answer.header("content-type") == ["application/problem+json"]
        assert set(answer.json()) == {"type", "title", "status", "code", "detail"}
        assert b"secret" not in answer.body
        assert b"Unicode" not in answer.body
        assert "could not be answered" in caplog.text


# --- the same requests through Django's own client ---------------------------------------------------------
HEADER_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20).map(str.strip)
SEGMENT = st.text(min_size=1, max_size=8).map(lambda text: text.encode("utf-8", "ignore")).filter(bool)
PAIRS = st.lists(st.tuples(st.text(min_size=1, max_size=6), st.text(max_size=12)), max_size=5)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Requests of every method, with UTF-8 paths and queries, repeated parameters, cookies and any body."""
    method = draw(st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]))
    path = "/" + "/".join(quote(part, safe="") for part in draw(st.lists(SEGMENT, max_size=3)))
    pairs = [(k, v) for k, v in draw(PAIRS) if _encodes(k + v)]
    headers = [("Host", REST_HOST), ("Accept", "application/json")]
    headers += [("X-Mine", draw(HEADER_TEXT)), ("Cookie", f"session={draw(st.integers(0))}; other=2")]
    body = draw(st.binary(max_size=64)) if method in ("POST", "PUT", "PATCH") else b""
    if body:
        headers.append(("Content-Type", draw(st.sampled_from(["application/json", "application/octet-stream"]))))
        if headers[-1][1] == "application/json":
            body = json.dumps(base64.b64encode(body).decode()).encode()
    # A gateway hands a query over grouped by its names, so that only the order within one name can be kept.
    pairs.sort(key=lambda pair: pair[0])
    return Call(method=method, path=path, query=urlencode(pairs), headers=tuple(headers), body=body)


def _encodes(text: str) -> bool:
    return not any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def by_http(call: Call, script_name: str) -> Any:
    """Return the response of Django's own test client to the call; headers as a server hands their bytes over."""
    headers = {name: value.encode().decode("latin-1") for name, value in call.headers if name != "Content-Type"}
    return Client(headers=headers, raise_request_exception=False).generic(
        call.method,
        script_name + call.path,
        call.body,
        content_type=(call.header("content-type") or [""])[-1],
        secure=True,
        QUERY_STRING=call.query,
        REMOTE_ADDR=call.source_ip,
        SCRIPT_NAME=script_name,
        PATH_INFO=unquote_to_bytes(call.path).decode("latin-1"),
    )


class TestARequestByEvent:
    @pytest.mark.parametrize(
        ("make_event", "script_name"),
        [
            (rest_event, "/poc"),
            (lambda call: rest_event(call, base_path="ringi"), "/ringi"),
            (lambda call: rest_event(call, vpc_endpoint=None), "/poc"),
            (alb_event, ""),
            (lambda call: alb_event(call, multi_value=False), ""),
        ],
        ids=["private API", "domain name", "public API", "balancer", "balancer, single values"],
    )
    @settings(max_examples=60, deadline=None)
    @given(call=calls())
    def test_is_seen_as_the_same_request_by_http(
        self, send: Send, make_event: Callable[[Call], Event], script_name: str, call: Call
    ) -> None:
        event = make_event(call)
        if "multiValueHeaders" not in event:  # such a balancer keeps only the last value of a parameter
            kept = event["queryStringParameters"]
            call = replace(call, query="&".join(f"{name}={value}" for name, value in kept.items()))

        assert send(event).json() == by_http(call, script_name).json()


ENGLISH = ("Accept-Language", "en")
ORIGIN = ("Origin", "https://site.example")
JSON = ("Content-Type", "application/json")


@pytest.mark.django_db
class TestAnAnswerOfTheApplication:
    """Not the mirror's: the application's own URLs, and all of the answer."""

    @pytest.mark.parametrize(
        "call",
        [
            Call(path="/api/me"),
            Call(path="/api/me", headers=(ENGLISH,)),
            Call(path="/api/inbox", headers=(("Authorization", "Bearer nobody"), ORIGIN)),
            Call(path="/api/inbox", headers=(("Authorization", "Bearer 申請"),)),
            Call(method="HEAD", path="/api/me"),
            Call(method="OPTIONS", path="/api/me", headers=(ORIGIN, ("Access-Control-Request-Method", "GET"))),
            Call(method="POST", path="/api/session", body=b"{", headers=(JSON,)),
            Call(method="POST", path="/api/session", body=b"{}", headers=(JSON, ENGLISH)),
            Call(method="POST", path="/api/session", body=b"\xff", headers=(("Content-Type", "image/png"),)),
            Call(method="DELETE", path="/api/session"),
            Call(path="/%E7%94%B3%E8%AB%8B", query="%E3%81%82=1"),
            Call(path="/api/proposals/%00"),
            Call(path="//api//me"),
            Call(path="/api/../api/me"),
        ],
        ids=lambda call: f"{call.method} {call.path}",
    )
    @pytest.mark.parametrize(
        ("make_event", "script_name"), [(rest_event, "/poc"), (alb_event, "")], ids=["private API", "balancer"]
    )
    def test_is_the_one_by_http(self, make_event: Callable[[Call], Event], script_name: str, call: Call) -> None:
        call = replace(call, headers=(*call.headers, ("Host", REST_HOST), REQUEST_ID))
        with override_settings(ALLOWED_HOSTS=[REST_HOST], CORS_ALLOWED_ORIGINS=[ORIGIN[1]], DEBUG=False):
            direct = by_http(call, script_name)
            with connections_left_alone():
                answer = answer_of(http.make_handler(WSGIHandler())(make_event(call), None))

        assert answer.status == direct.status_code
        assert sorted(answer.headers) == sorted(direct.items())
        assert answer.body == direct.content
