"""Secrets behind their endpoints: who may read what, through which policies, in the words of AWS's own errors."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from deploy.closedness.policy import Document
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.events import Answer, Call
from deploy.rehearsal.fronts.policies import Door
from deploy.rehearsal.fronts.secrets import CALLS, Secrets
from deploy.rehearsal.fronts.server import Visit
from deploy.rehearsal.fronts.signatures import Keys

REGION, ACCOUNT = "ap-northeast-1", "123456789012"
KEYS = Keys(access_key="ASIAEXAMPLE", secret_key="s" * 40, token="t" * 40, role=f"arn:aws:iam::{ACCOUNT}:role/web")
HELD: dict[str, dict[str, Any]] = {
    "secretsmanager.GetSecretValue": {"SecretId": "ringi/web"},
    "AmazonSSM.GetParameters": {"Names": ["/ringi/web/KEY"], "WithDecryption": True},
}
RESOURCES = {
    "secretsmanager.GetSecretValue": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ringi/*",
    "AmazonSSM.GetParameters": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/ringi/web/*",
}
ACTIONS = {
    "secretsmanager.GetSecretValue": "secretsmanager:GetSecretValue",
    "AmazonSSM.GetParameters": "ssm:GetParameters",
}


def allow(target: str, **further: Any) -> Document:
    statement = {"Effect": "Allow", "Action": ACTIONS[target], "Resource": RESOURCES[target], **further}
    return {"Version": "2012-10-17", "Statement": [statement]}


class Roles:
    """What the web role may do; another role may do nothing."""

    def __init__(self, *policies: Document) -> None:
        self.policies = list(policies)

    def of_role(self, arn: str) -> list[Document]:
        return self.policies if arn == KEYS.role else []


@pytest.fixture(autouse=True)
def cloud() -> Iterator[None]:
    with local_cloud():
        boto3.client("secretsmanager", region_name=REGION).create_secret(Name="ringi/web", SecretString="open sesame")
        boto3.client("ssm", region_name=REGION).put_parameter(Name="/ringi/web/KEY", Value="open sesame", Type="String")
        yield


def ask(target: str, *, may: Document | None, door: Document | None, secret: str = KEYS.secret_key) -> Answer:
    """Ask as what runs inside does: signed by its role's keys, over the endpoint."""
    service = CALLS[target]
    host = f"{service}.{REGION}.amazonaws.com"
    body = json.dumps(HELD[target])
    request = AWSRequest("POST", f"https://{host}/", headers={"x-amz-target": target}, data=body)
    SigV4Auth(Credentials(KEYS.access_key, secret, KEYS.token), service, REGION).add_auth(request)
    call = Call(method="POST", path="/", headers=(("Host", host), *request.headers.items()), body=body.encode())
    make: Any = boto3.client  # its overloads take the name of a service, not a variable
    front = Secrets(
        service,
        make(service, region_name=REGION),
        Roles(*([may] if may else [])),
        {KEYS.access_key: KEYS}.get,
        lambda: Door(endpoint="vpce-0a", vpc="vpc-0a", policy=door),
        region=REGION,
        account=ACCOUNT,
    )
    return front(Visit(call=call, secure=True, address="10.20.0.133"))


@pytest.mark.parametrize("target", CALLS)
class TestSecrets:
    def through(self, target: str) -> Document:
        named = {"ArnEquals": {"aws:PrincipalArn": KEYS.role}}
        return allow(target, Principal="*", Condition=named)

    def test_come_to_a_role_that_may_read_them_through_the_endpoint(self, target: str) -> None:
        answer = ask(target, may=allow(target), door=self.through(target))
        assert (answer.status, "open sesame" in answer.body.decode()) == (200, True)

    def test_are_kept_from_a_role_or_an_endpoint_that_may_not(self, target: str) -> None:
        nothing = allow(target, Principal="*", Resource="arn:aws:s3:::other")
        for may, door in ((None, self.through(target)), (allow(target), nothing)):
            answer = ask(target, may=may, door=door)
            assert (answer.status, answer.json()["__type"]) == (400, "AccessDeniedException")

    def test_are_kept_from_whoever_signs_by_other_keys(self, target: str) -> None:
        answer = ask(target, may=allow(target), door=self.through(target), secret="x" * 40)
        assert (answer.status, answer.json()["__type"]) == (403, "SignatureDoesNotMatch")
