"""What is written beside every change, in the same transaction: numbers, audit, outbox."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from api.proposals.models.definitions import ProposalType
from api.proposals.models.proposals import Proposal


class NumberSequence(models.Model):
    """The last decision number given, per type and fiscal year."""

    type = models.ForeignKey(ProposalType, on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "fiscal_year"], name="sequence_once_per_year")]

    def __str__(self) -> str:
        return f"{self.type_id} {self.fiscal_year}: {self.last}"


class AuditEvent(models.Model):
    """One entry of the audit trail (監査記録): ids and digests only, no names and no free text.

    `hash` covers every column and `previous_hash`, so that a changed, removed or inserted row breaks the chain.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="audit_events")
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class AuditHead(models.Model):
    """The end of the audit chain: one row, locked by whoever appends."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    count = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="audit_head_only_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.count} {self.hash}"


class OutboxMessage(models.Model):
    """Work for other systems (連携待ち), written with the change that causes it and done afterwards.

    Messages of one proposal are done in the order of their ids. `uuid` travels with the message, so that a receiver
    can tell a repetition from a new one.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=100, unique=True)
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="outbox_messages"
    )
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"
