"""What the fronts ask the local cloud: APIs, endpoints' policies, roles' policies. Read anew each time, so that what
somebody changes counts at once."""

import re
from collections.abc import Iterator
from typing import Any

from deploy.aws import Account
from deploy.closedness.policy import Document
from deploy.rehearsal.fronts.api import Api
from deploy.rehearsal.fronts.policies import Door, document


class Standing:
    """The account as it is now."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def apis(self) -> Iterator[Api]:
        """Yield the private APIs with the function behind each."""
        client = self.account.client("apigateway")
        for page in client.get_paginator("get_rest_apis").paginate():
            for api in page["items"]:
                kept = api.get("endpointConfiguration", {})
                stages = client.get_stages(restApiId=api["id"])["item"]
                yield Api(
                    id=api["id"],
                    stages=frozenset(stage["stageName"] for stage in stages),
                    endpoints=frozenset(kept.get("vpcEndpointIds", [])),
                    policy=document(_plain(api.get("policy"))),
                    function=self._function(client, api["id"]),
                )

    def _function(self, client: Any, api: str) -> str:
        """Give the name of the function that an API's methods call."""
        for resource in client.get_resources(restApiId=api, embed=["methods"])["items"]:
            for method in resource.get("resourceMethods", {}).values():
                uri = (method.get("methodIntegration") or {}).get("uri", "")
                found = re.search(r":function:([^/:]+)", uri)
                if found:
                    return found[1]
        return ""

    def door(self, endpoint: str) -> Door:
        """Give an endpoint as a way that requests come."""
        found = self.account.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
        return Door(endpoint=endpoint, vpc=found["VpcId"], policy=document(found.get("PolicyDocument")))

    def of_role(self, arn: str) -> list[Document]:
        """Give a role's policies, inline and attached."""
        client, name = self.account.client("iam"), arn.rpartition("/")[2]
        held: list[Document] = [
            client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for policy in client.list_role_policies(RoleName=name)["PolicyNames"]
        ]
        for attached in client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            version = client.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
            told = client.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)
            held.append(told["PolicyVersion"]["Document"])
        return held


def _plain(policy: str | None) -> str | None:
    """Undo the escapes with which API Gateway gives a policy out (its quotes come as \\")."""
    return policy.replace('\\"', '"') if policy and policy.startswith('{\\"') else policy
