"""Forms: a closed table of field types, compiled to JSON Schema, and contents checked against them.

A form is written as a list of fields (see `catalogue/`). `compile_form` turns it into a JSON Schema (2020-12) whose
properties carry what a page needs beside it: `x-field` (the type), `x-label`, `x-help`, `x-options`; the form itself
carries `x-order`, and `x-total` where the server computes an amount.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

type Json = dict[str, Any]

LARGEST_AMOUNT = 999_999_999_999  # yen; far below what JSON numbers carry exactly
LARGEST_INTEGER = 999_999_999


class BadForm(Exception):
    """A form definition that cannot be published; says which field and why."""


@dataclass(frozen=True)
class FieldProblem:
    """One field that does not fit: where (JSON pointer within the content), why, and the values to tell."""

    pointer: str
    code: str
    values: Mapping[str, Any]
    label: Mapping[str, str]

    @property
    def detail(self) -> str:
        """The sentence, in the active language, naming the field, the value and the remedy."""
        language = "ja" if (get_language() or "ja").startswith("ja") else "en"
        return str(_MESSAGES[self.code]).format(**({"label": self.label.get(language, "")} | dict(self.values)))


_MESSAGES: dict[str, str | Promise] = {
    "required": _("{label}: please fill this in."),
    "wrong_type": _("{label}: “{value}” is not of the right kind. Enter {expected}."),
    "too_long": _("{label}: at most {limit} characters; you entered {length}. Shorten it."),
    "too_small": _("{label}: {value} is too small. Enter {limit} or more."),
    "too_large": _("{label}: {value} is too large. Enter {limit} or less."),
    "not_a_choice": _("{label}: “{value}” is not one of the choices. Choose one from the list."),
    "not_a_date": _("{label}: “{value}” is not a date. Enter it as 2026-04-01."),
    "ends_before_start": _("{label}: the end {to} is before the start {from_}. Swap or correct the dates."),
    "too_few": _("{label}: enter at least {limit} rows."),
    "too_many": _("{label}: at most {limit} rows; you entered {length}. Remove some."),
    "unknown_field": _("“{value}” is not a field of this form. Leave it out."),
    "no_such_person": _("{label}: there is no active person {value}. Choose one from the list."),
    "no_such_department": _("{label}: there is no active department {value}. Choose one from the list."),
}
_EXPECTED: dict[str, str | Promise] = {
    "string": _("text"),
    "integer": _("a whole number"),
    "object": _("a start and an end"),
    "array": _("a list of rows"),
}


# --- the closed table of field types ---------------------------------------------------------------------
def _text(limit: int) -> Callable[[Json], Json]:
    return lambda field: {"type": "string", "minLength": 1, "maxLength": field.get("max_length", limit)}


def _number(largest: int, smallest: int) -> Callable[[Json], Json]:
    return lambda field: {
        "type": "integer",
        "minimum": field.get("minimum", smallest),
        "maximum": field.get("maximum", largest),
    }


def _date(_field: Json) -> Json:
    return {"type": "string", "format": "date"}


def _date_range(_field: Json) -> Json:
    ends = {"from": _date({}), "to": _date({})}
    return {"type": "object", "properties": ends, "required": ["from", "to"], "additionalProperties": False}


def _choice(field: Json) -> Json:
    options = field["options"]
    return {"type": "string", "enum": [option["value"] for option in options], "x-options": options}


def _reference(_field: Json) -> Json:
    return {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


def _line_items(field: Json) -> Json:
    row = _properties(field["columns"])
    return {
        "type": "array",
        "minItems": 1 if field.get("required") else 0,
        "maxItems": field.get("max_rows", 50),
        "items": row | {"additionalProperties": False},
    }


FIELD_TYPES: dict[str, Callable[[Json], Json]] = {
    "text": _text(200),
    "long_text": _text(4000),
    "integer": _number(LARGEST_INTEGER, -LARGEST_INTEGER),
    "amount": _number(LARGEST_AMOUNT, 0),
    "date": _date,
    "date_range": _date_range,
    "choice": _choice,
    "department": _reference,
    "person": _reference,
    "line_items": _line_items,
}


def compile_form(form: Json) -> Json:
    """Return the JSON Schema of a form definition `{"fields": [...], "total": {...}?}`.

    `total` is `{"name", "label", "sum": [amount fields]}` or `{"name", "label", "items": line-items field,
    "multiply": [columns]}`. Raises `BadForm` for anything outside the closed table.
    """
    schema = _properties(form["fields"]) | {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "additionalProperties": False,
    }
    total = form.get("total")
    if total:
        _check_total(total, schema["properties"])
        schema["properties"][total["name"]] = {
            "type": "integer",
            "x-field": "amount",
            "x-label": total["label"],
            "readOnly": True,
        }
        schema["x-order"].append(total["name"])
        schema["x-total"] = {key: value for key, value in total.items() if key != "label"}
    return schema


def _properties(fields: list[Json]) -> Json:
    properties: Json = {}
    for field in fields:
        name, kind = field.get("name"), field.get("type")
        if not name or name in properties:
            raise BadForm(f"field {name!r}: every field needs a name of its own")
        if kind not in FIELD_TYPES:
            raise BadForm(f"field {name!r}: type {kind!r} is unknown; there are {', '.join(FIELD_TYPES)}")
        if not {"ja", "en"} <= field.get("label", {}).keys():
            raise BadForm(f"field {name!r}: needs a label in ja and en")
        try:
            schema = FIELD_TYPES[kind](field)
        except KeyError as error:
            raise BadForm(f"field {name!r}: a {kind} needs {error}") from error
        schema |= {"x-field": kind, "x-label": field["label"]}
        if "help" in field:
            schema["x-help"] = field["help"]
        properties[name] = schema
    return {
        "type": "object",
        "properties": properties,
        "required": [field["name"] for field in fields if field.get("required")],
        "x-order": [field["name"] for field in fields],
    }


def _check_total(total: Json, properties: Json) -> None:
    if total["name"] in properties:
        raise BadForm(f"total {total['name']!r}: a field has that name already")
    columns = properties.get(total.get("items", ""), {}).get("items", {}).get("properties", {})
    parts = [(name, properties.get(name)) for name in total.get("sum", [])]
    parts += [(name, columns.get(name)) for name in total.get("multiply", [])]
    for name, part in parts:
        if part is None or part["x-field"] not in {"amount", "integer"}:
            raise BadForm(f"total {total['name']!r}: {name!r} is not an amount or integer of this form")
    if not parts:
        raise BadForm(f"total {total['name']!r}: needs sum, or items and multiply")


# --- contents --------------------------------------------------------------------------------------------
def total_of(schema: Json, content: Json) -> int | None:
    """Return the amount (yen) that decides the route, computed from valid content; None where there is none."""
    total = schema.get("x-total")
    if total is None:
        return None
    if "sum" in total:
        return sum(content.get(name) or 0 for name in total["sum"])
    amount = 0
    for row in content.get(total["items"]) or []:
        product = 1
        for name in total["multiply"]:
            product *= row.get(name) or 0
        amount += product
    return amount


def check_content(schema: Json, content: Json, *, complete: bool) -> tuple[Json, list[FieldProblem]]:
    """Return the content as it is stored (blanks left out, the total computed) and every problem in it.

    An incomplete content (a draft) may lack fields; what is there must still be of the right kind. People and
    departments are checked by the caller (`references_in`), who has the database.
    """
    # 55 to 75 ms of CPU at import: a function that never checks a form must not pay for it at start.
    from jsonschema import Draft202012Validator

    cleaned = _without_blanks(content)
    total = schema.get("x-total")
    if total:
        cleaned.pop(total["name"], None)
    checked = schema if complete else _without_required(schema)
    validator = Draft202012Validator(checked, format_checker=Draft202012Validator.FORMAT_CHECKER)
    found = (problem for error in validator.iter_errors(cleaned) for problem in _problems_of(schema, error))
    # jsonschema reports each missing field once, and each report lists them all.
    problems = list({(problem.pointer, problem.code): problem for problem in found}.values())
    problems += _backward_ranges(schema, cleaned)
    if total and not problems:
        amount = total_of(schema, cleaned) or 0
        if amount > LARGEST_AMOUNT:
            label = schema["properties"][total["name"]]["x-label"]
            problems.append(
                FieldProblem(f"/{total['name']}", "too_large", {"value": amount, "limit": LARGEST_AMOUNT}, label)
            )
        cleaned[total["name"]] = amount
    order = {name: number for number, name in enumerate(schema["x-order"])}
    problems.sort(key=lambda problem: order.get(problem.pointer.split("/")[1], len(order)))
    return cleaned, problems


def references_in(schema: Json, content: Json, kind: str) -> Iterator[tuple[str, int, Json]]:
    """Yield (pointer, id, label) of every `kind` ("person" or "department") that the content names."""
    for pointer, field, value in _fields_of(schema, content):
        if field["x-field"] == kind and isinstance(value, int):
            yield pointer, value, field["x-label"]


def _fields_of(schema: Json, content: Json, base: str = "") -> Iterator[tuple[str, Json, Any]]:
    for name, field in schema["properties"].items():
        if name not in content:
            continue
        value = content[name]
        yield f"{base}/{name}", field, value
        if field["x-field"] == "line_items" and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, dict):
                    yield from _fields_of(field["items"], row, f"{base}/{name}/{number}")


def _without_blanks(value: Any) -> Any:
    """Trim text and leave out what is empty, so that `required` means filled in."""
    if isinstance(value, dict):
        trimmed = {key: _without_blanks(item) for key, item in value.items()}
        return {key: item for key, item in trimmed.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [item for item in map(_without_blanks, value) if item not in (None, "", {})]
    return value.strip() if isinstance(value, str) else value


def _without_required(schema: Json) -> Json:
    relaxed = {key: value for key, value in schema.items() if key not in {"required", "minItems"}}
    if "properties" in relaxed:
        relaxed["properties"] = {name: _without_required(field) for name, field in relaxed["properties"].items()}
    if "items" in relaxed:
        relaxed["items"] = _without_required(relaxed["items"])
    return relaxed


_CODES = {
    "maxLength": "too_long",
    "maxItems": "too_many",
    "minItems": "too_few",
    "minimum": "too_small",
    "maximum": "too_large",
    "enum": "not_a_choice",
    "format": "not_a_date",
}
"""JSON Schema keyword -> code of the problem; these are all the keywords the closed table compiles to but three."""


def _problems_of(schema: Json, error: Any) -> Iterator[FieldProblem]:
    path = list(error.absolute_path)
    field = _field_at(schema, path)
    label = field.get("x-label", {})
    pointer = "".join(f"/{part}" for part in path)
    value, limit = error.instance, error.validator_value
    if error.validator == "required":
        for name in limit:
            if name not in value:
                missing = field.get("properties", {}).get(name, {})
                yield FieldProblem(f"{pointer}/{name}", "required", {}, missing.get("x-label", label))
    elif error.validator == "additionalProperties":
        for name in sorted(value.keys() - field.get("properties", {}).keys()):
            yield FieldProblem(f"{pointer}/{name}", "unknown_field", {"value": name}, label)
    elif error.validator == "type":
        shown = value if isinstance(value, str | int | float) else "…"
        expected = _EXPECTED[limit]
        yield FieldProblem(pointer, "wrong_type", {"value": shown, "expected": expected}, label)
    else:
        length = len(value) if isinstance(value, str | list) else 0
        values = {"value": value, "limit": limit, "length": length}
        yield FieldProblem(pointer, _CODES[error.validator], values, label)


def _field_at(schema: Json, path: list[Any]) -> Json:
    """Return the field a content path leads to; the ends of a date range carry the range's own label."""
    field = schema
    for part in path:
        inner: Json = field["items"] if isinstance(part, int) else field["properties"].get(part, {})
        field = {"x-label": field.get("x-label", {})} | inner
    return field


def _backward_ranges(schema: Json, content: Json) -> Iterator[FieldProblem]:
    for pointer, field, value in _fields_of(schema, content):
        if field["x-field"] != "date_range" or not isinstance(value, dict):
            continue
        try:
            start, end = (dt.date.fromisoformat(value[key]) for key in ("from", "to"))
        except (KeyError, TypeError, ValueError):
            continue  # reported by the schema
        if end < start:
            yield FieldProblem(pointer, "ends_before_start", {"from_": str(start), "to": str(end)}, field["x-label"])
