"""What is written beside every change, in the same transaction: numbers, audit, outbox."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

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
    # Without a constraint: the trail keeps the id of a proposal that was purged after its time.
    proposal = models.ForeignKey(
        Proposal,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="audit_events",
    )
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


class OutboxState(models.TextChoices):
    """`waiting` until its work is done; `dead` once it failed too often; `settled` when a person took it over."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"
    SETTLED = "settled"


class OutboxMessage(models.Model):
    """Work for other systems (連携待ち), written with the change that causes it and done afterwards.

    Messages of one `lane` are done one after another in the order of their ids; those without a lane in any order.
    `uuid` travels with the message, so that a receiver can tell a repetition from a new one. Whoever works on a
    message holds its `lease` until `leased_until`; after that another may take it over. `error` holds the kind of
    failure, never the words of another system, which could name people.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=100, unique=True)
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="outbox_messages"
    )
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    lane = models.CharField(max_length=60, blank=True, default="", db_default="")
    state = models.CharField(max_length=16, choices=OutboxState, default=OutboxState.WAITING, db_default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True, default="", db_default="")
    settlement = models.TextField(blank=True, default="", db_default="", help_text="How a person settled it by hand.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outbox_lease_with_its_end",
                condition=Q(lease__isnull=True, leased_until__isnull=True)
                | Q(lease__isnull=False, leased_until__isnull=False),
            ),
            models.CheckConstraint(
                name="outbox_finished_at_exactly_when_finished",
                condition=Q(state__in=["done", "settled"], finished_at__isnull=False)
                | Q(state__in=["waiting", "dead"], finished_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            # What is to be done next.
            models.Index(fields=["next_attempt_at", "id"], name="outbox_waiting", condition=Q(state="waiting")),
            # Whether something earlier in the lane is still open.
            models.Index(fields=["lane", "id"], name="outbox_open_lane", condition=Q(state__in=["waiting", "dead"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"
