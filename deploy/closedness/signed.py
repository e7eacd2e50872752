"""Exceptions of a stage file against findings: what somebody answers for by name, until a date."""

from collections.abc import Iterable
from datetime import date

from deploy.closedness.findings import Finding
from deploy.stage import Signature


def accepts(signature: Signature, finding: Finding) -> bool:
    """Say whether an exception is about a finding; only what remains by nature can be signed for."""
    return (
        finding.rule.by_nature and signature.rule == finding.rule.id and signature.resource in ("*", finding.resource)
    )


def in_force(signatures: Iterable[Signature], today: date) -> tuple[Signature, ...]:
    """Give the exceptions that count on a day."""
    return tuple(signature for signature in signatures if signature.in_force(today))
