"""What people are told."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from api.proposals.models.proposals import Proposal


class NoticeKind(models.TextChoices):
    """Why a person is told: it is their turn (again), it has waited long, or their own proposal moved."""

    YOUR_TURN = "your_turn"
    REMINDER = "reminder"
    COMPLETED = "completed"
    RETURNED = "returned"
    REJECTED = "rejected"
    COMMENTED = "commented"
    CIRCULATED = "circulated"


class Notice(models.Model):
    """One notice (通知) to one person; `dedupe_key` makes sure that nobody is told the same thing twice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=NoticeKind)
    dedupe_key = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-at", "-id"], name="notice_by_person"),
            models.Index(fields=["person"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Viewer(models.Model):
    """Someone who may read a proposal without deciding on it (回覧); `seen_at` is when they said that they had."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="viewers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "person"], name="viewer_once")]
        indexes: ClassVar = [models.Index(fields=["person", "proposal"], name="viewer_by_person")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.person_id}"
