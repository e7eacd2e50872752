"""What other teams grant to a stage, made in the local cloud: roles, a boundary, the other end of a link, a DNS rule.

A granted role may do what our own would, which is what `python -m deploy request` asks for; where that names what the
stage itself makes later, it names everything. The company's account is the local cloud's, and its far end is too.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from deploy import blueprint
from deploy.aws import Account
from deploy.rehearsal.runtime_api import ACCOUNT
from deploy.stage import Stage

_ROLES = ("web", "tasks", "deployer", "execution", "scheduler", "flow_logs")
_LATER = re.compile(r"<[^<>]*>")
"""What `blueprint.role_policies` writes for what a stack only makes (`<data.Database.DbiResourceId>`)."""


def here(text: str, stage: Stage) -> str:
    """Write the local cloud's account into a stage file's text, in the place of the company's."""
    named = [stage.text("encryption.key"), stage.text("balancer.certificate"), stage.text("roles.permissions_boundary")]
    named += [stage.text(f"roles.{role}") for role in _ROLES]
    accounts = {stage.text("aws.account"), *(arn.split(":")[4] for arn in named if arn)} - {"", ACCOUNT}
    for account in accounts:
        text = text.replace(account, ACCOUNT)
    return text


def make(stage: Stage, account: Account) -> dict[str, str]:
    """Make what the stage names; answer the id that the company named -> the local cloud's."""
    _roles(stage, account)
    made = {}
    ec2 = account.client("ec2")
    if peer := stage.text("corporate.peer_vpc"):
        cidrs = stage.several("corporate.cidrs")
        made[peer] = ec2.create_vpc(CidrBlock=cidrs[0])["Vpc"]["VpcId"]
    if gateway := stage.text("corporate.transit_gateway"):
        made[gateway] = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    if rule := stage.text("dns.shared_rule"):
        told = account.client("route53resolver").create_resolver_rule(
            CreatorRequestId="granted", RuleType="SYSTEM", DomainName="corp.example.co.jp", Name="granted"
        )
        made[rule] = told["ResolverRule"]["Id"]
    return made


def _roles(stage: Stage, account: Account) -> None:
    iam = account.client("iam")
    if boundary := stage.text("roles.permissions_boundary"):
        path, name = _named(boundary)
        iam.create_policy(PolicyName=name, Path=path, PolicyDocument=json.dumps(_ANYTHING))
    given = {role: stage.text(f"roles.{role}") for role in _ROLES}
    policies = blueprint.role_policies(stage, blueprint.Found(account=account.number)) if any(given.values()) else {}
    for arn in dict.fromkeys(filter(None, given.values())):
        path, name = _named(arn)
        whose = [f"{stage.prefix}-{role.replace('_', '-')}" for role, named in given.items() if named == arn]
        trust = [statement for role in whose for statement in _statements(policies, f"{role} (trust)")]
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps({**_EMPTY, "Statement": trust}))
        for role in whose:
            held = _statements(policies, role)
            if held:
                document = {**_EMPTY, "Statement": held}
                iam.put_role_policy(RoleName=name, PolicyName=role, PolicyDocument=json.dumps(document))


_EMPTY = {"Version": "2012-10-17"}
_ANYTHING = {**_EMPTY, "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def _named(arn: str) -> tuple[str, str]:
    """Give the path and the name of a role or policy: `arn:...:role/team/web` is `/team/` and `web`."""
    path, _, name = arn.partition("/")[2].rpartition("/")
    return (f"/{path}/" if path else "/", name)


def _statements(policies: Mapping[str, Any], title: str) -> list[Any]:
    """Give a policy's statements, in which what is not known yet is everything."""
    text = json.dumps(policies.get(title, {}).get("Statement", []))
    return list(json.loads(_LATER.sub("*", text)))
