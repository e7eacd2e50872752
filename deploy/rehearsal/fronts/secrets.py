"""Secrets Manager and Parameter Store behind their endpoints: the one call of each that what runs inside makes.

Sources: Secrets Manager API reference, "GetSecretValue"; Systems Manager API reference, "GetParameters"; both speak
JSON 1.1 (POST /, the call's name in x-amz-target, an error's in __type). What is kept is the local cloud's.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deploy.closedness.policy import Principal
from deploy.rehearsal.events import Answer
from deploy.rehearsal.fronts.policies import Door, Rights, ask
from deploy.rehearsal.fronts.server import Visit
from deploy.rehearsal.fronts.signatures import Find, Keys, Refused, signer

CALLS = {"secretsmanager.GetSecretValue": "secretsmanager", "AmazonSSM.GetParameters": "ssm"}


class Secrets:
    """Answers for one endpoint of `service`; `client` asks the local cloud's own."""

    def __init__(
        self, service: str, client: Any, rights: Rights, find: Find, door: Callable[[], Door], *, region: str,
        account: str,
    ) -> None:  # fmt: skip
        self.service, self.client, self.rights, self.find, self.door = service, client, rights, find, door
        self.region, self.account = region, account

    def __call__(self, visit: Visit) -> Answer:
        """Answer one request."""
        try:
            return _answer(200, self._told(json.loads(visit.call.body), self._keys(visit), visit))
        except Refused as refused:
            return _answer(refused.status, {"__type": refused.code, "Message": refused.message})
        except ClientError as error:
            told = error.response["Error"]
            return _answer(400, {"__type": told["Code"], "Message": told["Message"]})

    def _keys(self, visit: Visit) -> Keys:
        """Give whose keys signed a call that there is here."""
        target = next(iter(visit.call.header("x-amz-target")), "")
        if CALLS.get(target) != self.service:
            raise Refused(400, "UnknownOperationException", f"{target or 'no target'} is not imitated here")
        now = dt.datetime.now(dt.UTC)
        keys = signer(visit.call, self.find, region=self.region, at=now, service=self.service)
        if keys is None:
            raise Refused(400, "MissingAuthenticationTokenException", "Missing Authentication Token")
        return keys

    def _told(self, asked: Mapping[str, Any], keys: Keys, visit: Visit) -> dict[str, Any]:
        if self.service == "secretsmanager":
            held = self.client.describe_secret(SecretId=asked["SecretId"])
            self._may("secretsmanager:GetSecretValue", held["ARN"], keys, visit)
            told = self.client.get_secret_value(SecretId=asked["SecretId"])
            return {name: told[name] for name in ("ARN", "Name", "SecretString", "VersionId") if name in told}
        for name in asked["Names"]:
            path = str(name).removeprefix("/")
            self._may("ssm:GetParameters", f"arn:aws:ssm:{self.region}:{self.account}:parameter/{path}", keys, visit)
        told = self.client.get_parameters(Names=asked["Names"], WithDecryption=asked.get("WithDecryption", False))
        kept = ("ARN", "Name", "Type", "Value", "Version")
        return {
            "Parameters": [{name: one[name] for name in kept if name in one} for one in told["Parameters"]],
            "InvalidParameters": told["InvalidParameters"],
        }

    def _may(self, action: str, resource: str, keys: Keys, visit: Visit) -> None:
        role = keys.role.rpartition("/")[2]
        decision = ask(
            action,
            resource,
            door=self.door(),
            secure=visit.secure,
            source=visit.call.source_ip,
            principal=Principal("aws", f"arn:aws:sts::{self.account}:assumed-role/{role}/rehearsal"),
            identity=self.rights.of_role(keys.role),
            account=self.account,
        )
        if not decision.allowed:
            raise Refused(400, "AccessDeniedException", f"{role} is not authorized to perform {action} on {resource}")


def _answer(status: int, told: dict[str, Any]) -> Answer:
    kind = ("Content-Type", "application/x-amz-json-1.1")
    return Answer(status=status, headers=(kind,), body=json.dumps(told).encode())
