"""Publish proposal types: what the catalogue says becomes the newest version of each form and route."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from api.proposals import audit, forms, rules
from api.proposals.models import FormVersion, ProposalType, RouteVersion
from api.proposals.models.definitions import PublishedVersion, VersionQuerySet

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue"


@transaction.atomic
def publish_types(*, at: dt.datetime, catalogue: Path = CATALOGUE) -> list[str]:
    """Publish every JSON file of the catalogue and return a line for each thing that was new.

    A form or route equal to its newest version is left alone, so running this after every migration is harmless.
    Raises `forms.BadForm` or `rules.BadRoute` naming what cannot be published; then nothing is.
    """
    published: list[str] = []
    for file in sorted(catalogue.glob("*.json")):
        definition: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        form, route = definition.pop("form"), definition.pop("route")
        rules.read_route(route)
        type_, is_new = ProposalType.objects.update_or_create(
            code=definition["code"], defaults={key: definition[key] for key in definition if key != "code"}
        )
        if is_new:
            published.append(f"type {type_.code}")
        published += _publish(FormVersion.objects.all(), type_, "schema", forms.compile_form(form), at)
        published += _publish(RouteVersion.objects.all(), type_, "definition", route, at)
    return published


def _publish[V: PublishedVersion](
    versions: VersionQuerySet[V], type_: ProposalType, field: str, document: Any, at: dt.datetime
) -> list[str]:
    newest = versions.latest_of(type_)
    if newest is not None and getattr(newest, field) == document:
        return []
    number = newest.version + 1 if newest else 1
    row = versions.create(type=type_, version=number, published_at=at, **{field: document})
    kind = versions.model._meta.model_name or ""
    audit.record(kind=f"{kind}_published", at=at, by=None, type_id=type_.pk, version_id=row.pk)
    return [f"{kind} {type_.code} v{number}"]
