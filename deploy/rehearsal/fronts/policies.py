"""Questions to the evaluator of `prove`: may this caller do this, through this door?"""

import json
from dataclasses import dataclass
from typing import Any, Protocol

from deploy.closedness.policy import ANONYMOUS, Decision, Document, Principal, Request, decide


@dataclass(frozen=True, kw_only=True)
class Door:
    """The way a request came: a VPC endpoint with its policy, or none: AWS's public side."""

    endpoint: str = ""
    vpc: str = ""
    policy: Document | None = None


class Rights(Protocol):
    """Where a role's own policies are read."""

    def of_role(self, arn: str) -> list[Document]:
        """Give the policies of a role."""
        ...


def ask(
    action: str,
    resource: str,
    *,
    door: Door,
    secure: bool,
    source: str,
    principal: Principal = ANONYMOUS,
    identity: list[Document] | None = None,
    policy: Document | None = None,
    account: str,
    context: dict[str, str] | None = None,
) -> Decision:
    """Decide one call with everything that its way says about it.

    Through an endpoint a request has SourceVpce, SourceVpc and VpcSourceIp, and no SourceIp (IAM User Guide, "AWS
    global condition context keys").
    """
    known = {"aws:SecureTransport": str(secure).lower(), **(context or {})}
    if door.endpoint:
        known |= {"aws:SourceVpce": door.endpoint, "aws:SourceVpc": door.vpc, "aws:VpcSourceIp": source}
    else:
        known |= {"aws:SourceIp": source}
    asked = Request(action, resource, principal, known)
    # Nobody's own policies are nobody's: an empty list, not None, which would stand for an account that allows all.
    mine = (identity or []) if principal.kind == "aws" else None
    return decide(asked, identity=mine, resource=policy, endpoint=door.policy, account=account)


def document(text: str | None) -> dict[str, Any] | None:
    """Read a policy as AWS gives it out; None for none."""
    return dict(json.loads(text)) if text else None
