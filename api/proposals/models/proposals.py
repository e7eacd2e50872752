"""Proposals, the revisions that were submitted, and the comments on them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from api.organization.models import Post
from api.proposals.models.definitions import FormVersion, ProposalType, RouteVersion
from api.proposals.states import ProposalState


class Proposal(models.Model):
    """One proposal (申請・稟議).

    `title`, `content`, `amount` and `post` are the applicant's working copy; what others see and decide on is the
    latest `Revision`. `amount` is yen, tax included, computed by the server; None where the form has no total.
    `version` counts edits of the working copy, so that two tabs cannot overwrite each other.
    """

    type = models.ForeignKey(ProposalType, on_delete=models.PROTECT, related_name="proposals")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=[(s, s) for s in ProposalState], default=ProposalState.DRAFT)
    title = models.CharField(max_length=200)
    content = models.JSONField(default=dict)
    amount = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)
    decision_number = models.CharField(max_length=40, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="proposal_number_exactly_when_approved",
                condition=Q(state=ProposalState.APPROVED, decision_number__isnull=False)
                | (~Q(state=ProposalState.APPROVED) & Q(decision_number__isnull=True)),
            ),
            models.CheckConstraint(
                name="proposal_decided_at_exactly_when_decided",
                condition=Q(state__in=[ProposalState.APPROVED, ProposalState.REJECTED], decided_at__isnull=False)
                | (~Q(state__in=[ProposalState.APPROVED, ProposalState.REJECTED]) & Q(decided_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="proposal_submitted_at_with_revision",
                condition=Q(revision=0, submitted_at__isnull=True) | Q(revision__gt=0, submitted_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            # Lists are read newest first by (created_at, id), never by offset.
            models.Index(fields=["applicant", "-created_at", "-id"], name="proposal_by_applicant"),
            models.Index(fields=["-created_at", "-id"], name="proposal_by_creation"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"


class DraftKey(models.Model):
    """The key that a page chose for a draft before it was saved: sent again with it, the draft is not made again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="keys")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="draft_key_once_per_person")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.key}"


class Revision(models.Model):
    """What was submitted (版): it never changes, decisions name it.

    Names of post and department are kept as they were at that moment.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    amount = models.BigIntegerField(null=True, blank=True)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    route_version = models.ForeignKey(RouteVersion, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    post_title = models.CharField(max_length=100)
    department_name = models.CharField(max_length=100)
    department_name_en = models.CharField(max_length=100, blank=True, default="")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} r{self.number}"


class Comment(models.Model):
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["proposal", "at", "id"], name="comment_by_proposal")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.at}"
