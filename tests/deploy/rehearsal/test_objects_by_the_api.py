"""The API as the only door: objects of S3 by its own role, and nothing of S3 that was not mapped."""

import json
from dataclasses import replace
from typing import Any

import pytest
from zappa.core import troposphere  # the very library that the template is made with

from deploy.aws import Account
from deploy.rehearsal.cloud.apigateway import Method as Declared
from deploy.rehearsal.cloud.resource import Context
from deploy.rehearsal.events import Answer
from deploy.rehearsal.fronts.api import Api, ExecuteApi
from deploy.rehearsal.fronts.methods import Method, Said, chosen
from deploy.rehearsal.fronts.policies import Door
from deploy.rehearsal.standing import Standing
from deploy.stage_file import parse
from deploy.zappa import pages
from deploy.zappa.api import policy
from tests.deploy.paths import STAGE_FILE
from tests.deploy.rehearsal.test_fronts import ACCOUNT, BUCKET, OURS, REGION, cloud, front, s3, visit

__all__ = ["cloud", "s3"]  # the fixtures
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"
NAME = f"https://abcdefghij-{OURS}.execute-api.{REGION}.amazonaws.com/poc"
SAID = [
    Said(
        pattern="",
        status=200,
        headers={
            "method.response.header.Content-Type": "integration.response.header.Content-Type",
            "method.response.header.Content-Encoding": "integration.response.header.Content-Encoding",
            "method.response.header.X-Frame-Options": "'DENY'",
        },
    ),
    Said(pattern=r"4\d{2}", status=404, headers={}),
]
OBJECT = Method(path="/", verb="GET", bucket=BUCKET, key="index.html", role=ROLE, said=SAID)
METHODS = [
    Method(path="/", verb="ANY", function="cloister-poc"),
    Method(path="/{proxy+}", verb="ANY", function="cloister-poc"),
    OBJECT,
    replace(OBJECT, path="/assets/{proxy+}", key="assets/{proxy}", parameters={"proxy": "proxy"}),
]


def api(client: Any, *, trusted: bool = True) -> ExecuteApi:
    """A front whose function answers 418, so that it is told apart."""
    objects = front(client, Door())

    def read(role: str, bucket: str, key: str) -> Answer | None:
        return objects.read(role, bucket, key) if trusted else None

    private = Api(
        id="abcdefghij", stages=frozenset({"poc"}), endpoints=frozenset({OURS}), policy=policy([OURS]), methods=METHODS
    )

    def never(_name: str, _event: Any) -> Any:
        raise AssertionError("the function was asked for an object")

    door = Door(endpoint=OURS, vpc="vpc-1")
    return ExecuteApi(lambda: [private], never, lambda: door, region=REGION, account=ACCOUNT, read=read)


@pytest.fixture
def pages_in(s3: Any) -> Any:
    s3.put_object(Bucket=BUCKET, Key="index.html", Body=b"<html>", ContentType="text/html", CacheControl="no-cache")
    content = bytes(range(256))
    s3.put_object(
        Bucket=BUCKET, Key="assets/x/a b.js", Body=content, ContentType="text/javascript", ContentEncoding="br"
    )
    return s3


def test_the_page_is_answered_under_the_stage_with_what_was_mapped_only(pages_in: Any) -> None:
    answer = api(pages_in)(visit("GET", f"{NAME}/"))

    assert (answer.status, answer.body) == (200, b"<html>")
    assert (answer.header("content-type"), answer.header("x-frame-options")) == (["text/html"], ["DENY"])
    assert not answer.header("cache-control")
    assert not answer.header("etag")


def test_bytes_pass_as_they_are_below_any_path(pages_in: Any) -> None:
    answer = api(pages_in)(visit("GET", f"{NAME}/assets/x/a%20b.js"))

    assert (answer.status, answer.body) == (200, bytes(range(256)))
    assert answer.header("content-encoding") == ["br"]


def test_what_is_missing_is_404_and_never_the_function(pages_in: Any) -> None:
    answer = api(pages_in)(visit("GET", f"{NAME}/assets/none.js"))
    assert (answer.status, b"AccessDenied" in answer.body) == (404, True)


def test_a_bucket_that_shuts_the_role_out_gives_nothing(pages_in: Any) -> None:
    unless = {"StringNotEquals": {"aws:SourceVpce": OURS}}
    elsewhere = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}

    def held_by(**further: dict[str, Any]) -> int:
        statement = {**elsewhere, "Condition": {**unless, **further}}
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        pages_in.put_bucket_policy(Bucket=BUCKET, Policy=text)
        return api(pages_in)(visit("GET", f"{NAME}/")).status

    # API Gateway comes through no endpoint: a policy that knows only the endpoint's way must name the role.
    assert held_by() == 404
    assert held_by(ArnNotLike={"aws:PrincipalArn": ROLE}) == 200


def test_a_role_that_is_not_for_api_gateway_gives_nothing(pages_in: Any) -> None:
    answer = api(pages_in, trusted=False)(visit("GET", f"{NAME}/"))
    assert (answer.status, answer.json()) == (500, {"message": "Internal server error"})


@pytest.mark.parametrize(
    ("verb", "path", "found"),
    [
        ("GET", "/", "GET /"),
        ("POST", "/", "ANY /"),
        ("GET", "/assets/a/b", "GET /assets/{proxy+}"),
        ("GET", "/api/me", "ANY /{proxy+}"),
        ("GET", "/assets", "ANY /{proxy+}"),
        ("POST", "/assets/a", None),
    ],
)
def test_the_more_exact_path_counts_and_then_the_verb(verb: str, path: str, found: str | None) -> None:
    method = chosen(METHODS, verb, path)
    assert (f"{method[0].verb} {method[0].path}" if method else None) == found


def test_the_fronts_read_back_what_zappas_template_declares(s3: Any) -> None:
    template = troposphere.Template()
    declared = troposphere.apigateway.RestApi("Api", Name="x")
    zappa = type("Zappa", (), {"cf_template": template, "cf_api_resources": []})()
    pages.serve(zappa, declared, bucket=BUCKET, region=REGION, role=ROLE)
    stage = parse("", name="poc", path=STAGE_FILE)
    account = Account(stage)
    client = account.client("apigateway")
    made = client.create_rest_api(name="x")["id"]
    (root,) = client.get_resources(restApiId=made)["items"]
    part = client.create_resource(restApiId=made, parentId=root["id"], pathPart="{proxy+}")["id"]
    asset = template.to_dict()["Resources"]["Asset"]["Properties"]
    where = Context(account=ACCOUNT, region=REGION, stack="x")
    Declared().create({**asset, "RestApiId": made, "ResourceId": part}, where)

    (read,) = Standing(account).apis()
    (method,) = read.methods
    assert (method.path, method.verb, method.bucket, method.role) == ("/{proxy+}", "GET", BUCKET, ROLE)
    assert (method.key, method.parameters) == ("assets/{proxy}", {"proxy": "proxy"})
    assert {said.status: said.pattern for said in method.said} == {200: "", 404: "4\\d{2}"}
    told = next(said for said in method.said if said.status == 200).headers
    assert set(told) == {f"method.response.header.{name}" for name in (*pages.HEADERS, *pages.OF_OURS)}
