"""The route of one revision: steps, whom they ask, what was decided."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from api.organization.models import Department, Post
from api.proposals.models.proposals import Proposal, Revision
from api.proposals.rules import SkipReason
from api.proposals.states import AssignmentState, StepState, Verdict


class Step(models.Model):
    """One step of a route (承認段階), done when `needed` of its assignments approve."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")
    needed = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=[(s, s) for s in StepState])
    skip_reason = models.CharField(max_length=16, choices=[(r, r) for r in SkipReason], blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "order"], name="step_order_once"),
            models.CheckConstraint(
                name="step_skip_reason_exactly_when_skipped",
                condition=Q(state=StepState.SKIPPED) & ~Q(skip_reason="")
                | ~Q(state=StepState.SKIPPED) & Q(skip_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} #{self.order} {self.name}"


class Assignment(models.Model):
    """Asks one post-holder (承認依頼). Title and department are kept as they were at submit."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="assignments")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    state = models.CharField(max_length=16, choices=[(s, s) for s in AssignmentState])
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "person"], name="assignment_once_per_step"),
            models.CheckConstraint(
                name="assignment_asked_at_once_asked",
                condition=~Q(state__in=[AssignmentState.PENDING, AssignmentState.DECIDED]) | Q(asked_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            # The inbox: what waits for one person, oldest first.
            models.Index(
                fields=["person", "asked_at", "id"],
                name="assignment_inbox",
                condition=Q(state=AssignmentState.PENDING),
            ),
            models.Index(fields=["person", "proposal"], name="assignment_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.person_id}"


class Decision(models.Model):
    """What was decided (決裁): at most one per assignment, by whom and when, on which revision."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="decision")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=16, choices=[(v, v) for v in Verdict])
    comment = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="decision_says_why_unless_approved", condition=Q(verdict=Verdict.APPROVE) | ~Q(comment="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("decided_by"), F("decided_at").desc(), F("id").desc(), name="decision_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.verdict}"
