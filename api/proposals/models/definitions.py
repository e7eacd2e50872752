"""Proposal types and the published versions of their forms and routes."""

from typing import Any, ClassVar

from django.db import models


class ProposalType(models.Model):
    """A kind of proposal (申請種別): purchase, travel, general."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    description = models.CharField(max_length=200, blank=True, default="")
    description_en = models.CharField(max_length=200, blank=True, default="")
    number_prefix = models.CharField(max_length=16, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code


class PublishedVersionChanged(Exception):
    """Someone tried to change a published version; publish a new one instead."""


class PublishedVersion(models.Model):
    """A version that, once written, never changes: proposals point at it for good."""

    version = models.PositiveIntegerField()
    published_at = models.DateTimeField()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise PublishedVersionChanged(f"{self!r} is published; publish a new version instead of changing it")
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> tuple[int, dict[str, int]]:
        raise PublishedVersionChanged(f"{self!r} is published; proposals point at it, so it stays")


class VersionQuerySet[V: PublishedVersion](models.QuerySet[V]):
    def latest_of(self, type_: ProposalType) -> V | None:
        return self.filter(type=type_).order_by("-version").first()

    def update(self, **_values: Any) -> int:
        raise PublishedVersionChanged(f"{self.model.__name__} rows are published; they never change")


class FormVersion(PublishedVersion):
    """A form (様式): the JSON Schema that contents are checked against (see `forms.py`)."""

    type = models.ForeignKey(ProposalType, on_delete=models.PROTECT, related_name="forms")
    schema = models.JSONField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "version"], name="form_version_once")]

    def __str__(self) -> str:
        return f"{self.type_id} v{self.version}"


class RouteVersion(PublishedVersion):
    """An approval route (承認経路): the definition that `rules.py` reads."""

    type = models.ForeignKey(ProposalType, on_delete=models.PROTECT, related_name="routes")
    definition = models.JSONField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "version"], name="route_version_once")]

    def __str__(self) -> str:
        return f"{self.type_id} v{self.version}"
