"""Exceptions of a stage file: what somebody answers for by name, until a date. They are shown every time."""

from dataclasses import dataclass
from datetime import date

from deploy.closedness.findings import Finding


@dataclass(frozen=True)
class Signature:
    """One exception: the rule, the resource ("*" for every one), why, who answers for it, and the last day it holds."""

    rule: str
    resource: str
    reason: str
    by: str
    signed: date
    until: date
    line: int = 0

    def accepts(self, finding: Finding) -> bool:
        """Say whether this exception is about a finding."""
        return self.rule == finding.rule.id and self.resource in ("*", finding.resource)

    def in_force(self, today: date) -> bool:
        """Say whether it counts on a day."""
        return self.signed <= today <= self.until
