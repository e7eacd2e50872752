"""Changes that a careless person makes in an account, each with what takes it back."""

import contextlib
import json
from collections.abc import Sequence
from typing import Any

from deploy.aws import Account
from deploy.failure import Failure
from deploy.rehearsal import handed
from deploy.stage import Stage
from deploy.words import Words, language

Statement = dict[str, Any]
NO_STATEMENT = Words(
    "There is nothing to open: the policy, which is not ours, has no statement {names}.",
    "開けられません。このポリシーは自前のものではなく、{names} という文がありません。",
)


class Changes:
    """Makes changes by the calls that a person would make; `undo` collects what takes them back."""

    def __init__(self, stage: Stage, account: Account, undo: contextlib.ExitStack) -> None:
        from deploy import lookups

        self.stage, self.account, self.undo = stage, account, undo
        self.outputs = lookups.outputs(stage, account)
        self._ec2 = account.client("ec2")

    # ---- the network

    def _groups(self, noun: str) -> list[dict[str, Any]]:
        """Give the groups of a noun: ours, one that was handed out, or both where some endpoints are others'."""
        named = [{"Name": "group-name", "Values": [f"{self.stage.prefix}-{noun}", handed.group(noun)]}]
        return list(self._ec2.describe_security_groups(Filters=named)["SecurityGroups"])

    def ingress(self, noun: str, port: int | None, cidr: str) -> None:
        """Let a range come to a group's port; None: to all of them."""
        for group in self._groups(noun):
            asked = {"GroupId": group["GroupId"], "IpPermissions": [_permission(port, cidr)]}
            self._ec2.authorize_security_group_ingress(**asked)
            self.undo.callback(self._ec2.revoke_security_group_ingress, **asked)

    def egress(self, noun: str, port: int | None, cidr: str) -> None:
        """Let a group's members go to a range."""
        for group in self._groups(noun):
            asked = {"GroupId": group["GroupId"], "IpPermissions": [_permission(port, cidr)]}
            self._ec2.authorize_security_group_egress(**asked)
            self.undo.callback(self._ec2.revoke_security_group_egress, **asked)

    def without_ingress(self, noun: str) -> None:
        """Let nobody come to a group."""
        for group in self._groups(noun):
            asked = {"GroupId": group["GroupId"], "IpPermissions": [_given(held) for held in group["IpPermissions"]]}
            self._ec2.revoke_security_group_ingress(**asked)
            self.undo.callback(self._ec2.authorize_security_group_ingress, **asked)

    def internet_gateway(self, tier: str) -> None:
        """Give the VPC an internet gateway, and the route table of a tier's subnets (Lb, Db) a default route to it."""
        vpc = self.outputs["VpcId"]
        gateway = self._ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.undo.callback(self._ec2.delete_internet_gateway, InternetGatewayId=gateway)
        self._ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        self.undo.callback(self._ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc)
        held = self._table_of(self.outputs[f"{tier}Subnet1"])
        self._ec2.create_route(RouteTableId=held, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        self.undo.callback(self._ec2.delete_route, RouteTableId=held, DestinationCidrBlock="0.0.0.0/0")

    def _table_of(self, subnet: str) -> str:
        """Give a subnet's route table: its own, else the VPC's main one."""
        own = {"Name": "association.subnet-id", "Values": [subnet]}
        main = {"Name": "association.main", "Values": ["true"]}
        mine = {"Name": "vpc-id", "Values": [self.outputs["VpcId"]]}
        found = [
            table["RouteTableId"]
            for asked in (own, main)
            for table in self._ec2.describe_route_tables(Filters=[asked, mine])["RouteTables"]
        ]
        return str(found[0])

    # ---- policies

    def bucket_policy(self, noun: str, *, without: Sequence[str] = (), adding: Sequence[Statement] = ()) -> None:
        """Change a bucket's policy: statements by their Sid, and new ones in which {bucket} stands for its ARN."""
        client, bucket = self.account.client("s3"), self.stage.bucket(noun, self.account.number)
        before = client.get_bucket_policy(Bucket=bucket)["Policy"]
        text = json.dumps(list(adding)).replace("{bucket}", f"arn:aws:s3:::{bucket}")
        client.put_bucket_policy(Bucket=bucket, Policy=_changed(before, without, json.loads(text)))
        self.undo.callback(client.put_bucket_policy, Bucket=bucket, Policy=before)

    def endpoint_policy(self, output: str, *, without: Sequence[str] = (), adding: Sequence[Statement] = ()) -> None:
        """Change the policy of the endpoint that a stack's output names."""
        endpoint = self.outputs[output]
        before = self._ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["PolicyDocument"]
        after = _changed(before, without, adding)
        self._ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=after)
        self.undo.callback(self._ec2.modify_vpc_endpoint, VpcEndpointId=endpoint, PolicyDocument=before)

    def api_policy(self, statement: Statement) -> None:
        """Put one statement in the place of the API's policy."""
        from deploy import lookups

        client, api = self.account.client("apigateway"), lookups.api_id(self.stage, self.account)
        before = client.get_rest_api(restApiId=api)["policy"]
        for place, policy in (("now", json.dumps({"Version": "2012-10-17", "Statement": [statement]})), ("", before)):
            change = [{"op": "replace", "path": "/policy", "value": policy}]
            if place:
                client.update_rest_api(restApiId=api, patchOperations=change)
            else:
                self.undo.callback(client.update_rest_api, restApiId=api, patchOperations=change)


def _permission(port: int | None, cidr: str) -> dict[str, Any]:
    told: dict[str, Any] = {"IpProtocol": "-1" if port is None else "tcp", "IpRanges": [{"CidrIp": cidr}]}
    return told if port is None else {**told, "FromPort": port, "ToPort": port}


def _given(held: dict[str, Any]) -> dict[str, Any]:
    """Write a permission as calls take it: without what is empty."""
    return {key: value for key, value in held.items() if value not in ([], None)}


def _changed(before: str, without: Sequence[str], adding: Sequence[Statement]) -> str:
    policy = json.loads(before)
    missing = set(without) - {statement.get("Sid") for statement in policy["Statement"]}
    if missing:
        raise Failure(NO_STATEMENT.say(language(), names=", ".join(sorted(missing))))
    kept = [statement for statement in policy["Statement"] if statement.get("Sid") not in without]
    return json.dumps({**policy, "Statement": [*kept, *adding]})
