"""Who asks for what: one call to AWS, as policies see it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal


@dataclass(frozen=True)
class Principal:
    """Who asks. `arn` is a user's, a role's or an assumed role's; a service's is its name; nobody has none."""

    kind: Literal["anonymous", "aws", "service"] = "anonymous"
    arn: str = ""

    @property
    def account(self) -> str:
        """The account's twelve digits, empty where there is none."""
        return self.arn.split(":")[4] if self.kind == "aws" else ""

    @property
    def role(self) -> str:
        """The role's ARN when this is a session of one, else the ARN itself."""
        if ":assumed-role/" not in self.arn:
            return self.arn
        found = re.fullmatch(r"arn:([^:]*):sts::(\d*):assumed-role/([^/]+)/.+", self.arn)
        return f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}" if found else self.arn


ANONYMOUS = Principal()


@dataclass(frozen=True)
class Request:
    """One call. `context` maps condition keys to their values.

    A key that is not in it is absent; where `settled` is given, only the keys named there are, and of any other it is
    not known whether the request has it. Keys are compared without regard to case.
    """

    action: str
    resource: str
    principal: Principal = ANONYMOUS
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    settled: frozenset[str] | None = None

    @cached_property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """Give every known key in small letters, what follows from the principal included.

        Source: IAM User Guide, "AWS global condition context keys": PrincipalArn is absent for anonymous requests,
        PrincipalAccount and userid then read "anonymous".
        """
        known: dict[str, tuple[str, ...]] = {}
        if self.principal.kind == "aws":
            known["aws:principalarn"] = (self.principal.role,)
            known["aws:principalaccount"] = (self.principal.account,)
        elif self.principal.kind == "anonymous":
            known |= {
                "aws:principalaccount": ("anonymous",),
                "aws:principaltype": ("Anonymous",),
                "aws:userid": ("anonymous",),
            }
        for key, value in self.context.items():
            known[key.lower()] = (value,) if isinstance(value, str) else tuple(value)
        return known
