"""Conditions and intrinsic functions, computed for given parameters.

Source of the rules: AWS CloudFormation User Guide, "Intrinsic function reference", "Condition functions",
"Pseudo parameters reference".
"""

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from deploy.cfn.source import line_of, walk
from deploy.cfn.template import Resource, Template
from deploy.cfn.values import NO_VALUE, Reference, Text, Unknown, join, text, unknowns

PSEUDO = (
    "AccountId",
    "NotificationARNs",
    "NoValue",
    "Partition",
    "Region",
    "StackId",
    "StackName",
    "URLSuffix",
)

_ANYWHERE = {"Partition": "aws", "URLSuffix": "amazonaws.com"}
"""Pseudo parameters as they are in most regions, where nothing else is given."""
_PLACES = re.compile(r"([^$]+|\$(?!\{))|\$\{!([^}]*)\}|\$\{([^!}][^}]*)\}")
"""The pieces of a text for `Fn::Sub`: literal, escaped, a name."""

Attribute = Callable[[str, str], Any]


@dataclass(frozen=True)
class Evaluated:
    """A resource with its properties computed; `present` is Unknown when its condition cannot be decided."""

    resource: Resource
    properties: dict[str, Any]
    present: bool | Unknown

    @property
    def logical_id(self) -> str:
        """The name inside its template."""
        return self.resource.logical_id

    @property
    def type(self) -> str:
        """Such as `AWS::EC2::Subnet`."""
        return self.resource.type


@dataclass
class Evaluation:
    """One template under given parameters.

    `parameters` maps names to texts (as CloudFormation takes them) or to values known only symbolically.
    `pseudo` maps `Region` and the like. `attribute` answers Ref and GetAtt of resources; without it they stay
    `Reference`. `imports` maps export names to values.
    """

    template: Template
    parameters: AnyMapping[str, Any] = field(default_factory=dict)
    pseudo: AnyMapping[str, Any] = field(default_factory=dict)
    attribute: Attribute | None = None
    imports: AnyMapping[str, Any] = field(default_factory=dict)
    zones: AnyMapping[str, list[str]] = field(default_factory=dict)
    _conditions: dict[str, bool | Unknown] = field(default_factory=dict)
    _resources: list[Evaluated] | None = None

    def condition(self, name: str) -> bool | Unknown:
        """Decide a condition by name."""
        if name not in self._conditions:
            if name not in self.template.conditions:
                return Unknown(f"condition {name} is not declared", astray=True)
            self._conditions[name] = Unknown(f"condition {name} refers to itself")
            self._conditions[name] = self._truth(self.value(self.template.conditions[name]), name)
        return self._conditions[name]

    def resources(self) -> Iterator[Evaluated]:
        """Yield every resource that is, or may be, there."""
        if self._resources is None:
            self._resources = list(self._evaluated())
        yield from self._resources

    def _evaluated(self) -> Iterator[Evaluated]:
        for resource in self.template.resources.values():
            present = True if resource.condition is None else self.condition(resource.condition)
            if present is not False:
                properties = self.value(resource.properties)
                yield Evaluated(resource, properties if isinstance(properties, dict) else {}, present)

    def outputs(self) -> dict[str, Any]:
        """Compute every output whose condition is not false."""
        found = {}
        for output in self.template.outputs.values():
            present = True if output.condition is None else self.condition(output.condition)
            if present is not False:
                value = self.value(output.value)
                found[output.name] = value if present is True else Unknown(present.reason, (value, NO_VALUE))
        return found

    def exports(self) -> Iterator[tuple[str, Any]]:
        """Yield what other stacks may import, with the name under which they do."""
        exported = {name: output.export for name, output in self.template.outputs.items() if output.export is not None}
        values = self.outputs() if exported else {}
        for name, export in exported.items():
            under = self.value(export)
            if isinstance(under, str) and name in values:
                yield under, values[name]

    def value(self, raw: object) -> Any:
        """Compute a value as written in the template."""
        if isinstance(raw, list):
            return [value for inner in raw if (value := self.value(inner)) is not NO_VALUE]
        if not isinstance(raw, dict):
            return raw
        if len(raw) == 1:
            ((key, argument),) = raw.items()
            if key == "Ref":
                return self._ref(str(argument))
            if key == "Condition" and isinstance(argument, str):
                return self.condition(argument)
            if key.startswith("Fn::"):
                return self._function(key.removeprefix("Fn::"), argument, raw)
        return {key: value for key, inner in raw.items() if (value := self.value(inner)) is not NO_VALUE}

    def _function(self, name: str, argument: object, raw: object) -> Any:
        function: Callable[[Any], Any] | None = getattr(self, f"_fn_{name.lower()}", None)
        if function is None:
            return Unknown(f"{self._where(raw)}: Fn::{name} is not computed here", astray=True)
        try:
            return function(argument)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            return Unknown(f"{self._where(raw)}: Fn::{name} cannot be computed: {error}", astray=True)

    def _where(self, raw: object) -> str:
        return f"{self.template.name}:{line_of(raw)}"

    def _ref(self, name: str) -> Any:
        if name.startswith("AWS::"):
            short = name.removeprefix("AWS::")
            if short == "NoValue":
                return NO_VALUE
            if short in self.pseudo:
                return self.pseudo[short]
            return _ANYWHERE.get(short) or Unknown(f"{name} is known only to AWS")
        if name in self.template.parameters:
            return self._parameter(name)
        if name in self.template.resources:
            return self._attribute(name, "Ref")
        return Unknown(f"{self.template.name}: {name} is neither a parameter nor a resource", astray=True)

    def _parameter(self, name: str) -> Any:
        parameter = self.template.parameters[name]
        value = self.parameters.get(name, parameter.default)
        if value is None:
            return Unknown(f"parameter {name} of {self.template.name} has no value")
        if parameter.type.startswith("AWS::SSM::"):
            return Unknown(f"parameter {name} of {self.template.name} is read from Systems Manager")
        return parameter.parsed(value) if isinstance(value, str) else value

    def _attribute(self, logical_id: str, attribute: str) -> Any:
        resource = self.template.resources[logical_id]
        if resource.condition is not None and self.condition(resource.condition) is False:
            return Unknown(f"{self.template.name}: {logical_id} is not made under these parameters")
        if self.attribute is not None:
            return self.attribute(logical_id, attribute)
        return Reference(self.template.name, logical_id, attribute)

    def _truth(self, value: object, name: str) -> bool | Unknown:
        if isinstance(value, bool | Unknown):
            return value
        return Unknown(f"condition {name} is not a condition: {value!r}")

    def _fn_getatt(self, argument: Any) -> Any:
        parts = argument.split(".", 1) if isinstance(argument, str) else [self.value(part) for part in argument]
        logical_id, attribute = parts[0], ".".join(str(part) for part in parts[1:])
        if logical_id not in self.template.resources:
            return Unknown(f"{self.template.name}: {logical_id} is not a resource", astray=True)
        return self._attribute(logical_id, attribute)

    def _fn_sub(self, argument: Any) -> Any:
        pattern, given = (argument, {}) if isinstance(argument, str) else argument
        variables = {key: self.value(inner) for key, inner in given.items()}
        parts: list[object] = []
        for literal, escaped, name in _PLACES.findall(pattern):
            if literal:
                parts.append(literal)
            elif not name:
                parts.append("${" + escaped + "}")
            elif name.strip() in variables:
                parts.append(variables[name.strip()])
            else:
                key = name.strip()
                parts.append(self._fn_getatt(key) if "." in key else self._ref(key))
        return join(parts)

    def _fn_join(self, argument: Any) -> Any:
        separator, items = argument[0], self.value(argument[1])
        if not isinstance(items, list):
            return items if isinstance(items, Unknown) else Unknown("Fn::Join of something that is not a known list")
        parts: list[object] = []
        for position, item in enumerate(items):
            parts += [separator, item] if position else [item]
        return join(parts)

    def _fn_split(self, argument: Any) -> Any:
        separator, value = argument[0], self.value(argument[1])
        if isinstance(value, str):
            return value.split(separator)
        if isinstance(value, Text) and separator == " " and not any(isinstance(part, Unknown) for part in value.parts):
            return _at_blanks(value)
        return value if isinstance(value, Unknown) else Unknown("Fn::Split of a text that is not known yet")

    def _fn_select(self, argument: Any) -> Any:
        index, items = self.value(argument[0]), self.value(argument[1])
        if isinstance(items, Unknown):
            return items
        if not isinstance(items, list):
            return Unknown("Fn::Select from a list that is not known yet")
        return items[int(index)]

    def _fn_if(self, argument: Any) -> Any:
        name, yes, no = argument
        truth = self.condition(name)
        if isinstance(truth, Unknown):
            alternatives = (self.value(yes), self.value(no))
            return alternatives[0] if alternatives[0] == alternatives[1] else replace(truth, alternatives=alternatives)
        return self.value(yes if truth else no)

    def _fn_findinmap(self, argument: Any) -> Any:
        name, first, second = (self.value(part) for part in argument[:3])
        for key in (name, first, second):
            if isinstance(key, Unknown):
                return key
        found = self.template.mappings[name][first][second]
        if any(isinstance(inner, dict) for inner in walk(found)):
            raise TypeError(f"{name}.{first}.{second} is neither a text nor a list")
        return found

    def _fn_cidr(self, argument: Any) -> Any:
        block, count, bits = (self.value(part) for part in argument)
        if not isinstance(block, str):
            return block if isinstance(block, Unknown) else Unknown("Fn::Cidr of a range that is not known yet")
        network = ipaddress.ip_network(block)
        length = network.max_prefixlen - int(bits)
        subnets = [str(subnet) for subnet in islice(network.subnets(new_prefix=length), int(count))]
        return subnets if len(subnets) == int(count) else Unknown(f"{block} does not hold {count} such ranges")

    def _fn_getazs(self, argument: Any) -> Any:
        region = self.value(argument) or self._ref("AWS::Region")
        if isinstance(region, str) and region in self.zones:
            return list(self.zones[region])
        return Unknown("the zones of the region are known only to AWS")

    def _fn_base64(self, argument: Any) -> Any:
        value = self.value(argument)
        return base64.b64encode(value.encode()).decode() if isinstance(value, str) else Unknown("Fn::Base64 of unknown")

    def _fn_importvalue(self, argument: Any) -> Any:
        name = self.value(argument)
        if isinstance(name, str) and name in self.imports:
            return self.imports[name]
        return Unknown(
            f"the export {name if isinstance(name, str) else ''} of another stack is not known here", astray=True
        )

    def _fn_length(self, argument: Any) -> Any:
        value = self.value(argument)
        return len(value) if isinstance(value, list) else Unknown("Fn::Length of a list that is not known yet")

    def _fn_tojsonstring(self, argument: Any) -> Any:
        value = self.value(argument)
        if any(True for _ in unknowns(value, references=True)):
            return Unknown("Fn::ToJsonString of something not known yet")
        return json.dumps(value, separators=(",", ":"))

    def _fn_equals(self, argument: Any) -> Any:
        left, right = (self.value(part) for part in argument)
        for side in (left, right):
            if any(True for _ in unknowns(side)):
                return next(iter(unknowns(side)))
        if isinstance(left, Reference | Text) or isinstance(right, Reference | Text):
            return True if left == right else _compare_later(left, right)
        if isinstance(left, list | dict) or isinstance(right, list | dict):
            return left == right
        return text(left) == text(right)

    def _fn_not(self, argument: Any) -> Any:
        value = self.value(argument[0])
        return value if isinstance(value, Unknown) else not value

    def _fn_and(self, argument: Any) -> Any:
        values = [self.value(part) for part in argument]
        if False in values:
            return False
        return next((value for value in values if isinstance(value, Unknown)), True)

    def _fn_or(self, argument: Any) -> Any:
        values = [self.value(part) for part in argument]
        if True in values:
            return True
        return next((value for value in values if isinstance(value, Unknown)), False)


def _compare_later(left: object, right: object) -> bool | Unknown:
    """Compare with a value that exists later: an id is never empty, all else is open."""
    return False if "" in (left, right) else Unknown("compares values that exist only once resources are made")


def _at_blanks(value: Text) -> list[str | Reference | Text | Unknown]:
    """Split a text at its blanks; ids, ARNs and names that AWS gives to resources contain none."""
    words: list[list[object]] = [[]]
    for part in value.parts:
        pieces: list[object] = list(part.split(" ")) if isinstance(part, str) else [part]
        words[-1].append(pieces[0])
        words += [[piece] for piece in pieces[1:]]
    found = [join(word) for word in words]
    return [one.parts[0] if isinstance(one, Text) and len(one.parts) == 1 else one for one in found]


def dependencies(template: Template, resource: Resource) -> set[str]:
    """Give the resources of the same template that must stand before `resource`, whatever the conditions."""
    names = set(resource.depends_on)
    for inner in walk(resource.properties):
        if not isinstance(inner, dict) or len(inner) != 1:
            continue
        ((key, argument),) = inner.items()
        if key == "Ref":
            names.add(str(argument))
        elif key == "Fn::GetAtt":
            names.add(argument.split(".")[0] if isinstance(argument, str) else str(argument[0]))
        elif key == "Fn::Sub":
            pattern = argument if isinstance(argument, str) else argument[0]
            names |= {name.split(".")[0].strip() for name in re.findall(r"\$\{([^!}]+)\}", str(pattern))}
    return {name for name in names if name in template.resources and name != resource.logical_id}
