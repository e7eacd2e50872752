"""A template's parts by name: parameters, conditions, resources, outputs."""

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.cfn import source
from deploy.cfn.source import Mapping, TemplateError


@dataclass(frozen=True)
class Parameter:
    """One parameter: what it takes and what it is when nothing is given (`default` is None: it must be given)."""

    name: str
    type: str
    default: str | None
    allowed_values: tuple[str, ...]
    allowed_pattern: str
    minimum: float | None
    maximum: float | None
    secret: bool
    description: str
    constraint: str
    line: int

    def problem(self, value: str) -> str:
        """Say why CloudFormation would refuse `value`, or nothing."""
        items = [item.strip() for item in value.split(",")] if self.is_list else [value]
        if self.allowed_values and any(item not in self.allowed_values for item in items):
            return f"{value!r} is not one of {', '.join(self.allowed_values)}"
        if self.allowed_pattern and any(not re.fullmatch(self.allowed_pattern, item) for item in items):
            return self.constraint or f"{value!r} does not match {self.allowed_pattern}"
        if self.type == "Number":
            if not re.fullmatch(r"-?\d+(\.\d+)?", value):
                return f"{value!r} is not a number"
            low = self.minimum if self.minimum is not None else float("-inf")
            high = self.maximum if self.maximum is not None else float("inf")
            if not low <= float(value) <= high:
                return f"{value} is outside {low:g} to {high:g}"
        return ""

    @property
    def is_list(self) -> bool:
        """Whether a comma separates several values."""
        return self.type == "CommaDelimitedList" or self.type.startswith("List<")

    def parsed(self, value: str) -> str | list[str]:
        """Give what `Ref` answers for `value`."""
        return [item.strip() for item in value.split(",")] if self.is_list else value


@dataclass(frozen=True)
class Resource:
    """One resource as written; `properties` still carries intrinsics."""

    template: str
    logical_id: str
    type: str
    properties: Mapping
    condition: str | None
    depends_on: tuple[str, ...]
    deletion_policy: str
    update_replace_policy: str
    metadata: AnyMapping[str, Any]
    line: int

    def line_of(self, *path: str | int) -> int:
        """Give the line of a property, or the resource's own when that carries none."""
        return source.line_of(self.properties, *path) or self.line


@dataclass(frozen=True)
class Output:
    """One output: the only thing by which a template may be linked to others."""

    name: str
    value: Any
    condition: str | None
    line: int
    export: Any = None
    """The name, as written, under which other stacks of the account and region may import it; None: they may not."""


@dataclass(frozen=True)
class Template:
    """A template read from text; `name` is its file's stem or path, whatever a person is to be shown."""

    name: str
    text: str
    body: Mapping
    parameters: dict[str, Parameter] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)

    @property
    def conditions(self) -> AnyMapping[str, Any]:
        """Condition name -> expression as written."""
        return _section(self.body, "Conditions", self.name)

    @property
    def mappings(self) -> AnyMapping[str, Any]:
        """The `Mappings` section as written."""
        return _section(self.body, "Mappings", self.name)

    @property
    def transforms(self) -> tuple[str, ...]:
        """Macros that CloudFormation would run over the template; none of them is run here."""
        value = self.body.get("Transform", [])
        return tuple(str(item) for item in (value if isinstance(value, list) else [value]))

    @classmethod
    def read(cls, path: Path, *, name: str = "") -> "Template":
        """Read a template file, YAML or JSON.

        Raises:
            TemplateError: it cannot be read as one.

        """
        try:
            content = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a byte order mark
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(name or str(path), 0, f"cannot be read: {error}") from error
        return cls.parse(content, name=name or path.stem)

    @classmethod
    def parse(cls, content: str, *, name: str) -> "Template":
        """Read a template's text.

        Raises:
            TemplateError: it is not a template, with the line at fault.

        """
        body = source.load(content, name)
        resources = _section(body, "Resources", name)
        if not resources and "Transform" not in body:
            raise TemplateError(name, body.line, "Resources is missing or empty: this is not a CloudFormation template")
        return cls(
            name=name,
            text=content,
            body=body,
            parameters={key: _parameter(body, key, name) for key in _section(body, "Parameters", name)},
            resources={key: _resource(resources, key, name) for key in resources if not key.startswith("Fn::")},
            outputs={
                key: Output(
                    name=key,
                    value=output.get("Value"),
                    condition=output.get("Condition"),
                    line=source.line_of(outputs, key),
                    export=output["Export"].get("Name") if isinstance(output.get("Export"), Mapping) else None,
                )
                for outputs in [_section(body, "Outputs", name)]
                for key, output in outputs.items()
                if isinstance(output, Mapping)
            },
        )


def _section(body: Mapping, key: str, name: str) -> Mapping:
    section = body.get(key)
    if section is None:
        return Mapping()
    if not isinstance(section, Mapping):
        raise TemplateError(name, source.line_of(body, key), f"{key} must be a mapping")
    return section


def _parameter(body: Mapping, key: str, name: str) -> Parameter:
    line = source.line_of(body, "Parameters", key)
    entry = body["Parameters"][key]
    if not isinstance(entry, Mapping) or "Type" not in entry:
        raise TemplateError(name, line, f"parameter {key} needs a Type")
    default = entry.get("Default")
    return Parameter(
        name=key,
        type=str(entry["Type"]),
        default=None if default is None else _plain(default),
        allowed_values=tuple(_plain(value) for value in entry.get("AllowedValues", [])),
        allowed_pattern=str(entry.get("AllowedPattern", "")),
        minimum=entry.get("MinValue"),
        maximum=entry.get("MaxValue"),
        secret=_plain(entry.get("NoEcho", False)) == "true",
        description=str(entry.get("Description", "")),
        constraint=str(entry.get("ConstraintDescription", "")),
        line=line,
    )


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _resource(resources: Mapping, key: str, name: str) -> Resource:
    line = source.line_of(resources, key)
    entry = resources[key]
    if not isinstance(entry, Mapping) or not isinstance(entry.get("Type"), str):
        raise TemplateError(name, line, f"resource {key} needs a Type")
    properties = entry.get("Properties") or Mapping(line)
    if not isinstance(properties, Mapping):
        raise TemplateError(name, line, f"the Properties of {key} must be a mapping")
    if not isinstance(entry.get("Condition", ""), str):
        raise TemplateError(name, line, f"the Condition of {key} must be a name")
    depends_on = entry.get("DependsOn", [])
    return Resource(
        template=name,
        logical_id=key,
        type=entry["Type"],
        properties=properties,
        condition=entry.get("Condition"),
        depends_on=tuple(depends_on if isinstance(depends_on, list) else [depends_on]),
        deletion_policy=str(entry.get("DeletionPolicy", "")),
        update_replace_policy=str(entry.get("UpdateReplacePolicy", "")),
        metadata=entry.get("Metadata") or Mapping(),
        line=line,
    )
