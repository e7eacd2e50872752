"""The organisation from an administrator's CSV files: what they would change, and then that."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.organization import sync, wording
from api.organization.difference import Change, Difference, Kind
from api.organization.models import Source
from api.organization.ports import BadLine, BadSnapshot, Noun, OrganizationSnapshot
from api.proposals import operations
from api.proposals.errors import AdministratorsOnly
from api.rest.endpoint import Endpoint, Input, Output, describe
from api.rest.errors import TOO_LARGE, Problem
from api.rest.parsing import CheckedJSONParser

LARGEST = 3 * 1024 * 1024
"""Bytes of the three files together. Each is a third longer as base64, and the gateway makes the whole body a third
longer again for the function, which takes 6 MB (AWS, "Lambda quotas": request and response payload)."""
MOST_CHANGES, MOST_PROBLEMS = 200, 500
"""Rows that are shown of each kind of change, and problems; the numbers say how many there are."""


class Base64Field(serializers.CharField):
    """The bytes of a file."""

    default_error_messages: ClassVar = {"not_base64": _("This is not the content of a file in base64.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **options)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return base64.b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError):
            self.fail("not_base64")


class SentFile(Input):
    name = serializers.CharField(max_length=200, help_text="By which problems name it.")
    content = Base64Field(help_text="Base64 of the file as it is, in whatever encoding.")


class SentFiles(Input):
    departments = SentFile()
    people = SentFile()
    posts = SentFile()


class LookAtFiles(Input):
    files = SentFiles()


class ImportFiles(LookAtFiles):
    digest = serializers.CharField(max_length=64, help_text="Of the preview that was shown.")
    deactivating = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=10**9,
        help_text="People who leave, as an administrator typed it, where the preview has `must_confirm`.",
    )


class FieldChangeDocument(Output):
    name = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()


class ChangeDocument(Output):
    name = serializers.CharField(help_text="How people know the row: its code or number, and its name.")
    values = FieldChangeDocument(many=True)


class ChangesDocument(Output):
    noun = serializers.ChoiceField(choices=[noun.value for noun in Noun])
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    count = serializers.IntegerField()
    rows = ChangeDocument(many=True, help_text=f"At most {MOST_CHANGES} of them.")


class LeftAloneDocument(Output):
    noun = serializers.ChoiceField(choices=[noun.value for noun in Noun])
    source_name = serializers.CharField()
    count = serializers.IntegerField()


class UnreadColumnDocument(Output):
    file = serializers.CharField()
    name = serializers.CharField()


class FileProblem(Output):
    file = serializers.CharField()
    line = serializers.IntegerField(allow_null=True, help_text="1 is the first; null where the whole file is meant.")
    column = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    problem = serializers.CharField()
    remedy = serializers.CharField()


class OrganizationPreview(Output):
    digest = serializers.CharField(allow_null=True, help_text="By which it can be applied; null where it cannot.")
    problems = FileProblem(many=True, help_text=f"At most {MOST_PROBLEMS} of them.")
    problem_count = serializers.IntegerField()
    changes = ChangesDocument(many=True, help_text="Kinds of which there are any.")
    left_alone = LeftAloneDocument(many=True)
    unread_columns = UnreadColumnDocument(many=True)
    leaving = serializers.IntegerField(help_text="People who would be deactivated.")
    active = serializers.IntegerField(help_text="Of how many; 0 where nothing needs to be confirmed.")
    must_confirm = serializers.BooleanField(help_text="Whether `leaving` must be typed to apply it.")


class OrganizationImported(Output):
    changed = serializers.IntegerField(help_text="Rows.")


class _LargeBodyParser(CheckedJSONParser):
    largest = LARGEST * 4 // 3 + 64 * 1024


class _FilesEndpoint(Endpoint):
    parser_classes = (_LargeBodyParser,)

    def snapshot(self, files: dict[str, Any]) -> OrganizationSnapshot:
        """Read the files of an administrator; nobody else's are looked at."""
        if not self.person.is_administrator:
            raise AdministratorsOnly()
        if sum(len(file["content"]) for file in files.values()) > LARGEST:
            sentence = _("The three files have more than {limit} MB together. Take them over by the command instead.")
            raise Problem(413, TOO_LARGE, str(sentence).format(limit=LARGEST // 1024**2))
        read = import_string(settings.ORGANIZATION_FILES)
        found: OrganizationSnapshot = read({noun: (files[noun]["name"], files[noun]["content"]) for noun in Noun})
        return found


class OrganizationPreviewEndpoint(_FilesEndpoint):
    @describe(
        "What files of the organisation would change, or what is wrong with them; nothing is changed",
        body=LookAtFiles,
        answers={200: OrganizationPreview},
        problems=("administrators_only",),
    )
    def post(self, request: Request, data: dict[str, Any]) -> Response:
        snapshot = self.snapshot(data["files"])
        unread = [{"file": column.file, "name": column.name} for column in snapshot.unread_columns]
        try:
            looked = operations.look_at_organization(snapshot=snapshot, by=self.person)
        except BadSnapshot as error:
            return Response(_problems(error) | {"unread_columns": unread})
        return Response(_preview(looked) | {"unread_columns": unread})


class OrganizationImportEndpoint(_FilesEndpoint):
    @describe(
        "Take over what a preview showed, and nothing else",
        body=ImportFiles,
        answers={200: OrganizationImported},
        problems=("administrators_only", "organization_not_usable", "organization_moved", "mass_deactivation"),
    )
    def post(self, request: Request, data: dict[str, Any]) -> Response:
        difference = operations.take_over_organization(
            snapshot=self.snapshot(data["files"]),
            shown=data["digest"],
            deactivating=data.get("deactivating"),
            by=self.person,
            at=timezone.now(),
        )
        return Response({"changed": len(difference.changes)})


def _preview(looked: sync.Preview) -> dict[str, Any]:
    difference, mass = looked.difference, looked.mass
    return {
        "digest": difference.digest(),
        "problems": [],
        "problem_count": 0,
        "changes": list(_changes(difference)),
        "left_alone": [
            {"noun": left.noun.value, "source_name": str(Source(left.source).label), "count": left.count}
            for left in difference.left_alone
        ],
        "leaving": difference.leaving,
        "active": mass.active if mass else 0,
        "must_confirm": mass is not None,
    }


def _changes(difference: Difference) -> Iterator[dict[str, Any]]:
    for noun in Noun:
        for kind in Kind:
            found = difference.of(noun, kind)
            if found:
                rows = [_change(change) for change in found[:MOST_CHANGES]]
                yield {"noun": noun.value, "kind": kind.value, "count": len(found), "rows": rows}


def _change(change: Change) -> dict[str, Any]:
    values = [
        {
            "name": wording.field_label(field.name),
            "old": wording.describe_value(field.old),
            "new": wording.describe_value(field.new),
        }
        for field in change.fields
    ]
    return {"name": change.label, "values": values}


def _problems(error: BadSnapshot) -> dict[str, Any]:
    return {
        "digest": None,
        "problems": [_problem(bad) for bad in error.problems[:MOST_PROBLEMS]],
        "problem_count": len(error.problems),
        "changes": [],
        "left_alone": [],
        "leaving": 0,
        "active": 0,
        "must_confirm": False,
    }


def _problem(bad: BadLine) -> dict[str, Any]:
    problem, remedy = wording.describe_problem(bad)
    return {
        "file": bad.place.file,
        "line": bad.place.line,
        "column": wording.column_label(bad.column) if bad.column else "",
        "value": wording.shorten(bad.value),
        "code": bad.code.value,
        "problem": problem,
        "remedy": remedy,
    }
