"""What the fronts ask the local cloud: APIs, endpoints' policies, roles' policies. Read anew each time, so that what
somebody changes counts at once."""

import re
from collections.abc import Iterator
from typing import Any

from deploy.aws import Account
from deploy.closedness.policy import Document, Principal, Request, decide
from deploy.rehearsal.fronts.api import Api
from deploy.rehearsal.fronts.methods import OBJECT, Method, Said
from deploy.rehearsal.fronts.policies import Door, document


class Standing:
    """The account as it is now."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def apis(self) -> Iterator[Api]:
        """Yield the private APIs with what is behind each."""
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
                    methods=list(self._methods(client, api["id"])),
                )

    def _methods(self, client: Any, api: str) -> Iterator[Method]:
        """Yield an API's methods, each with what it calls."""
        for resource in client.get_resources(restApiId=api, embed=["methods"], limit=500)["items"]:
            for verb, method in resource.get("resourceMethods", {}).items():
                calls = method.get("methodIntegration") or {}
                function = re.search(r":function:([^/:]+)", calls.get("uri", ""))
                of_s3 = OBJECT.fullmatch(calls.get("uri", ""))
                about = {"path": resource["path"], "verb": verb}
                if function:
                    yield Method(**about, function=function[1])
                elif of_s3:
                    yield Method(
                        **about,
                        bucket=of_s3[1],
                        key=of_s3[2],
                        role=calls["credentials"],
                        parameters={
                            name.removeprefix("integration.request.path."): source.removeprefix("method.request.path.")
                            for name, source in (calls.get("requestParameters") or {}).items()
                        },
                        said=[
                            Said(
                                pattern=said.get("selectionPattern") or "",
                                status=int(status),
                                headers=said.get("responseParameters") or {},
                            )
                            for status, said in (calls.get("integrationResponses") or {}).items()
                        ],
                    )

    def trusts(self, role: str, service: str) -> bool:
        """Say whether a role may be taken on by a service of AWS."""
        held = self.account.client("iam").get_role(RoleName=role.rpartition("/")[2])["Role"]
        asked = Request("sts:AssumeRole", role, Principal("service", service), {})
        return decide(asked, resource=held["AssumeRolePolicyDocument"], account=self.account.number).allowed

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
