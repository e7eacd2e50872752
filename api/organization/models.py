"""People, departments and posts, as the directory or the HR system knows them.

Rows are never deleted: what its source no longer names becomes inactive, because proposals point at it.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from api.organization.fields import DerivedTextField
from api.organization.folding import fold, join_words


class Source(models.TextChoices):
    """Who owns a row: a source changes and deactivates only rows of its own."""

    MANUAL = "manual", _("entered by hand")
    CSV = "csv", _("imported from CSV")


def valid_on(day: dt.date, of: str = "") -> Q:
    """Select rows whose validity includes `day`, a date in the company's zone; `valid_to` is the last day.

    `of` leads to a related row whose validity is meant, such as "department__".
    """
    begun = Q(**{f"{of}valid_from__lte": day})
    return begun & (Q(**{f"{of}valid_to__isnull": True}) | Q(**{f"{of}valid_to__gte": day}))


class Department(models.Model):
    """A unit of the company (部署). The root has no parent."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="", db_default="")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True, db_default=True)
    source = models.CharField(max_length=16, choices=Source, default=Source.MANUAL, db_default=Source.MANUAL)
    search_text = DerivedTextField(compute="make_search_text", default="", db_default="", editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="department_valid_to_not_before_from",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def make_search_text(self) -> str:
        """Return the folded words by which a picker finds this department."""
        return join_words(self.code, self.name, self.name_en)


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> Person:
        person: Person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> Person:
        return self.create_user(username, password, is_administrator=True, **fields)


class Person(AbstractBaseUser):
    """An employee (社員), who signs in by `username`."""

    class Language(models.TextChoices):
        JAPANESE = "ja", "日本語"
        ENGLISH = "en", "English"

    employee_number = models.CharField(max_length=32, unique=True)
    username = models.CharField(max_length=150, unique=True)
    family_name = models.CharField(max_length=50)
    given_name = models.CharField(max_length=50)
    family_name_kana = models.CharField(max_length=50, blank=True, default="", db_default="")
    given_name_kana = models.CharField(max_length=50, blank=True, default="", db_default="")
    name_en = models.CharField(max_length=100, blank=True, default="", db_default="")
    email = models.EmailField(blank=True, default="", db_default="")
    language = models.CharField(max_length=2, choices=Language, default=Language.JAPANESE, db_default="ja")
    is_active = models.BooleanField(default=True, db_default=True)
    is_administrator = models.BooleanField(default=False, db_default=False)
    source = models.CharField(max_length=16, choices=Source, default=Source.MANUAL, db_default=Source.MANUAL)
    created_at = models.DateTimeField(db_default=Now())
    sort_key = DerivedTextField(compute="make_sort_key", default="", db_default="", editable=False)
    search_text = DerivedTextField(compute="make_search_text", default="", db_default="", editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["employee_number", "family_name", "given_name"]

    class Meta:
        indexes: ClassVar = [
            # People are listed by their reading; many share one, so the key breaks ties.
            models.Index(fields=["sort_key", "id"], name="person_by_sort_key"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_number} {self.name}"

    @property
    def name(self) -> str:
        """The name as Japanese people write it: family name first."""
        return f"{self.family_name} {self.given_name}"

    @property
    def kana(self) -> str:
        """The reading of the name, empty where none is known."""
        return f"{self.family_name_kana} {self.given_name_kana}".strip()

    def make_sort_key(self) -> str:
        """Return what people are listed by: the reading, or the name of those without one."""
        return fold(self.kana) or fold(self.name_en) or fold(self.name)

    def make_search_text(self) -> str:
        """Return the folded words by which a picker finds this person: names, readings, number, username."""
        names = (self.family_name, self.given_name, self.family_name_kana, self.given_name_kana, self.name_en)
        joined = (self.family_name + self.given_name, self.family_name_kana + self.given_name_kana)
        numbers = (self.employee_number, self.employee_number.lstrip("0"))
        return join_words(*joined, *names, *numbers, self.username)


class Post(models.Model):
    """One position a person holds in a department (役職); several at once are common (兼務)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="posts",
        db_index=False,  # post_by_department_rank begins with it
    )
    title_code = models.CharField(max_length=32)
    title = models.CharField(max_length=100)
    rank = models.PositiveIntegerField(help_text="Larger is higher.")
    is_primary = models.BooleanField(default=False, db_default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True, db_default=True)
    source = models.CharField(max_length=16, choices=Source, default=Source.MANUAL, db_default=Source.MANUAL)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "department", "title_code", "valid_from"], name="post_once_per_start"
            ),
            models.CheckConstraint(
                name="post_valid_to_not_before_from",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["department", "rank"], name="post_by_department_rank")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.title}"


class Invitation(models.Model):
    """A link by which one person, once, chooses a password: for the first time or anew. Only a digest of it is kept.

    It is open until it is used or revoked; after `expires_at` it can no longer be used. A person has one at most that
    is open: a newer one revokes it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations", db_index=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: a command.",
    )
    expires_at = models.DateTimeField()
    token_hash = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        help_text="SHA-256 (hex) of the link's token; empty until there is one.",
    )
    sent_at = models.DateTimeField(null=True, help_text="When the letter with the link left.")
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(null=True, default=True, help_text="True, or empty once it is used or revoked.")

    class Meta:
        constraints: ClassVar = [
            # Rows that are open no more differ from one another: empty values are never equal.
            models.UniqueConstraint(fields=["person", "is_open"], name="invitation_open_once"),
            models.CheckConstraint(
                name="invitation_open_used_or_revoked",
                condition=Q(is_open=True, used_at__isnull=True, revoked_at__isnull=True)
                | Q(is_open__isnull=True, used_at__isnull=False, revoked_at__isnull=True)
                | Q(is_open__isnull=True, used_at__isnull=True, revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.person_id}"


class SyncRun(models.Model):
    """One time that a source changed the organisation: when, by whom, and how many rows of each kind."""

    source = models.CharField(max_length=16, choices=Source)
    at = models.DateTimeField()
    by = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: a command or a timer.",
    )
    counts = models.JSONField(help_text='{"people": {"added": 3, "changed": 0, ...}, ...}')

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "at"], name="sync_run_by_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.at:%Y-%m-%d %H:%M}"


class DayOff(models.Model):
    """A day on which the company does not work (会社の休業日), beside weekends and public holidays."""

    date = models.DateField(unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
