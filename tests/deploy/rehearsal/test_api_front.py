"""API Gateway's side of the doors: what passes to a private API, what does not, and what is said then."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from deploy.closedness.policy import Document
from deploy.rehearsal.events import Call, Event
from deploy.rehearsal.fronts import api
from deploy.rehearsal.fronts.api import Api, ExecuteApi
from deploy.rehearsal.fronts.methods import Method
from deploy.rehearsal.fronts.policies import Door
from deploy.rehearsal.fronts.server import Visit
from deploy.rehearsal.runtime_api import NoFunction, Result
from deploy.zappa.api import policy
from tests.deploy.rehearsal.test_fronts import ACCOUNT, OURS, REGION, THEIRS, visit


class TestThePrivateApi:
    API = "abcdefghij"
    NAME = f"https://{API}-{OURS}.execute-api.{REGION}.amazonaws.com"

    def front(
        self,
        door: Door,
        *,
        payload: Any = None,
        error: str | None = None,
        first: Callable[[], object] = lambda: None,
        **held: Any,
    ) -> ExecuteApi:
        self.events: list[Event] = []

        def invoke(_function: str, event: Event) -> Result:
            first()
            self.events.append(event)
            answer = payload or {"statusCode": 200, "body": "well", "headers": {"X-Own": "1", "WWW-Authenticate": "B"}}
            return Result(payload=answer, function_error=error, log="", milliseconds=1, init_milliseconds=None)

        known: dict[str, Any] = {"policy": policy([OURS]), "endpoints": frozenset({OURS}), **held}
        known.setdefault("methods", [Method(path=path, verb="ANY", function="cloister-poc") for path in ("/", "/{x+}")])
        private = Api(id=self.API, stages=frozenset({"poc"}), **known)
        return ExecuteApi(lambda: [private], invoke, lambda: door, region=REGION, account=ACCOUNT)

    def ours(self, statement: Document | None = None) -> Door:
        return Door(
            endpoint=OURS, vpc="vpc-1", policy=statement and {"Version": "2012-10-17", "Statement": [statement]}
        )

    def test_answers_through_its_endpoint_by_the_endpoints_name(self) -> None:
        answer = self.front(self.ours())(visit("GET", f"{self.NAME}/poc/api/me?a=1&a=2", Authorization="Bearer x"))

        assert (answer.status, answer.body) == (200, b"well")
        assert answer.header("x-own") == ["1"]
        assert answer.header("x-amzn-Remapped-WWW-Authenticate") == ["B"]
        (event,) = self.events
        assert (event["path"], event["requestContext"]["stage"]) == ("/api/me", "poc")
        assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"]}
        assert event["headers"]["Authorization"] == "Bearer x"
        assert event["requestContext"]["identity"]["vpceId"] == OURS

    def test_answers_by_the_header_that_names_it(self) -> None:
        asked = visit("GET", f"https://vpce-0a-ef.execute-api.{REGION}.vpce.amazonaws.com/poc/health")
        named = Call(**{**vars(asked.call), "headers": (*asked.call.headers, ("x-apigw-api-id", self.API))})
        front = self.front(self.ours())
        assert front(asked).status == 403
        assert front(Visit(call=named, secure=True, address="")).status == 200

    def test_is_forbidden_through_a_foreign_endpoint_by_its_policy(self) -> None:
        public = f"https://{self.API}.execute-api.{REGION}.amazonaws.com/poc/health"
        answer = self.front(Door(endpoint=THEIRS, vpc="vpc-f"))(visit("GET", public))
        assert answer.status == 403
        assert "is not authorized to perform: execute-api:Invoke" in answer.json()["Message"]
        assert answer.json()["Message"].endswith("with an explicit deny")
        # The positive control: with a policy that lets everybody in, the same request passes.
        everybody = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
        anybody: Document = {"Version": "2012-10-17", "Statement": [everybody]}
        assert self.front(Door(endpoint=THEIRS, vpc="vpc-f"), policy=anybody)(visit("GET", public)).status == 200

    def test_is_reached_by_the_name_of_its_own_endpoints_only(self) -> None:
        everybody = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
        anybody: Document = {"Version": "2012-10-17", "Statement": [everybody]}
        asked = visit("GET", f"{self.NAME}/poc/")
        assert self.front(self.ours(), policy=anybody)(asked).status == 200
        assert self.front(self.ours(), policy=anybody, endpoints=frozenset())(asked).status == 403
        assert self.front(Door(endpoint=THEIRS, vpc="vpc-f"), policy=anybody)(asked).status == 403

    @pytest.mark.parametrize(
        ("key", "value", "status"),
        [
            ("aws:VpcSourceIp", "10.1.0.0/16", 200),
            ("aws:VpcSourceIp", "10.2.0.0/16", 403),
            ("aws:SourceIp", "10.1.0.0/16", 403),  # it is not told of what comes through an endpoint
        ],
    )
    def test_asks_its_policy_with_what_the_way_says(self, key: str, value: str, status: int) -> None:
        from_there = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
                      "Condition": {"IpAddress": {key: value}}}  # fmt: skip
        front = self.front(self.ours(), policy={"Version": "2012-10-17", "Statement": [from_there]})
        assert front(visit("GET", f"{self.NAME}/poc/")).status == status

    def test_is_forbidden_without_any_policy(self) -> None:
        assert self.front(self.ours(), policy=None)(visit("GET", f"{self.NAME}/poc/")).status == 403

    def test_is_forbidden_where_the_endpoints_policy_does_not_name_it(self) -> None:
        other = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
                 "Resource": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:otherother/*"}  # fmt: skip
        mine = {**other, "Resource": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.API}/*"}
        assert self.front(self.ours(other))(visit("GET", f"{self.NAME}/poc/")).status == 403
        assert self.front(self.ours(mine))(visit("GET", f"{self.NAME}/poc/")).status == 200

    def test_is_forbidden_by_its_public_name_and_under_another_stage(self) -> None:
        public = f"https://{self.API}.execute-api.{REGION}.amazonaws.com"
        assert self.front(Door())(visit("GET", f"{public}/poc/")).json() == {"message": "Forbidden"}
        assert self.front(self.ours())(visit("GET", f"{self.NAME}/other/")).json() == {"message": "Forbidden"}

    @pytest.mark.parametrize(
        ("asked", "status"),
        [
            ({"body": b"x" * (10 * 2**20 + 1)}, 413),  # API Gateway's
            ({"body": b"x" * (5 * 2**20)}, 413),  # Lambda's: in base64 it is more than 6 MB
            ({"X_Long": "x" * 8000}, 431),
            ({"given": {f"X-{number}": "x" for number in range(1100)}}, 431),  # most of it is names and ends of lines
            ({"X_Long": "x" * 5000}, 200),
            ({"body": b"x" * (4 * 2**20)}, 200),
        ],
        ids=["11 MB", "5 MB", "long headers", "many headers", "headers", "4 MB"],
    )
    def test_takes_only_so_much(self, asked: dict[str, Any], status: int) -> None:
        answer = self.front(self.ours())(visit("POST", f"{self.NAME}/poc/api/x", **asked))
        assert answer.status == status
        assert len(self.events) == (status == 200)

    def test_takes_no_long_address(self) -> None:
        assert self.front(self.ours())(visit("GET", f"{self.NAME}/poc/?{'x' * 8200}")).status == 414

    @pytest.mark.parametrize(("letters", "status"), [(500, 200), (520, 414)])
    def test_takes_no_path_that_makes_the_methods_name_too_long(self, letters: int, status: int) -> None:
        """1600 bytes, of which a private API needs 75 or so for the rest of its ARN; a letter of Japanese has three."""
        assert self.front(self.ours())(visit("GET", f"{self.NAME}/poc/{'%E7%94%B3' * letters}")).status == status

    def test_hands_no_headers_of_the_connection_on(self) -> None:
        sent = {"Connection": "keep-alive", "TE": "trailers", "Upgrade": "h2c", "Expect": "100-continue", "X-Own": "1"}
        self.front(self.ours())(visit("GET", f"{self.NAME}/poc/", given=sent))
        assert set(sent) & set(self.events[0]["headers"]) == {"X-Own"}

    def test_renames_what_the_function_says_of_the_connection_and_itself(self) -> None:
        said = {"User-Agent": "u", "Date": "d", "Server": "s", "Via": "v", "Transfer-Encoding": "chunked", "Age": "1"}
        answer = self.front(self.ours(), payload={"statusCode": 204, "headers": said})(
            visit("GET", f"{self.NAME}/poc/")
        )
        arrived = {name: value for name, value in answer.headers if not name.startswith(("x-amzn-R", "x-amz-"))}
        assert arrived == {"Age": "1", "Content-Type": "application/json"}
        renamed = {name for name, _ in answer.headers if name.startswith("x-amzn-Remapped-")}
        assert renamed == {f"x-amzn-Remapped-{name}" for name in ("User-Agent", "Date", "Server")}

    @pytest.mark.parametrize("payload", [{"no": "status"}, {"statusCode": 200, "body": "*", "isBase64Encoded": True}])
    def test_says_502_for_an_answer_that_is_none(self, payload: dict[str, Any]) -> None:
        answer = self.front(self.ours(), payload=payload)(visit("GET", f"{self.NAME}/poc/"))
        assert (answer.status, answer.json()) == (502, {"message": "Internal server error"})

    def test_says_502_for_a_function_that_failed(self) -> None:
        assert self.front(self.ours(), error="Unhandled")(visit("GET", f"{self.NAME}/poc/")).status == 502

    def test_says_504_when_the_function_takes_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(api, "TIMEOUT", 0.01)
        ends = threading.Event()
        answer = self.front(self.ours(), first=ends.wait)(visit("GET", f"{self.NAME}/poc/"))
        ends.set()
        assert (answer.status, answer.json()) == (504, {"message": "Endpoint request timed out"})

    def test_says_500_where_there_is_no_function(self) -> None:
        def find() -> None:
            raise NoFunction("cloister-poc")

        answer = self.front(self.ours(), first=find)(visit("GET", f"{self.NAME}/poc/"))
        assert (answer.status, answer.json()) == (500, {"message": "Internal server error"})
