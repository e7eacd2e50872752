"""YAML or JSON text -> plain values that remember their lines.

CloudFormation reads YAML 1.1 with its own short tags (`!Ref`) and takes dates and numbers with a leading zero as
text; merge keys, anchors that contain themselves, and keys given twice are refused here.
Source: AWS CloudFormation User Guide, "Template format: YAML" and "Intrinsic function reference".
"""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where the wheel carries it: about eight times as fast."""


DEEPEST, LARGEST = 100, 200_000
"""Levels and values beyond which nothing is read on: CloudFormation takes a template of 1 MB at most, and an alias may
stand for thousands of values. Source: AWS CloudFormation User Guide, "Understand CloudFormation quotas"."""


class TemplateError(Exception):
    """A template that cannot be read; `line` counts from 1, 0 when the fault has no line."""

    def __init__(self, template: str, line: int, problem: str) -> None:
        self.template = template
        self.line = line
        self.problem = problem
        super().__init__(f"{template}:{line}: {problem}")


class Mapping(dict[str, Any]):
    """A mapping that knows where it starts (`line`) and where each of its keys stands (`lines`)."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Sequence(list[Any]):
    """A list that knows where it starts (`line`) and where each of its items stands (`lines`)."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def line_of(value: object, *path: str | int) -> int:
    """Give the line of what lies at `path` inside `value`: the nearest known one when it carries no mark."""
    line = getattr(value, "line", 0)
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str) and step in value:
            line = value.lines.get(step, line)
            value = value[step]
        elif isinstance(value, Sequence) and isinstance(step, int) and step < len(value):
            line = value.lines[step]
            value = value[step]
        else:
            break
    return int(line)


def walk(value: object) -> Iterator[object]:
    """Yield `value` and everything inside it, outermost first."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, dict):
            waiting.extend(reversed(one.values()))
        elif isinstance(one, list):
            waiting.extend(reversed(one))


def load(text: str, name: str) -> Mapping:
    """Read a template's text.

    Raises:
        TemplateError: it is neither YAML nor JSON, or uses something CloudFormation does not take.

    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except RecursionError:
        raise TemplateError(name, 1, TOO_DEEP) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return _load_json(text, name, line=mark.line + 1 if mark else 0, problem=str(error).split("\n")[0])
    if not isinstance(node, MappingNode):
        raise TemplateError(name, 1, "a template is a mapping with Resources; this is something else")
    return cast("Mapping", _Builder(name).build(node))


TOO_DEEP = f"it is nested more than {DEEPEST} levels deep, which no template needs; nothing was read"
TOO_LARGE = f"it holds more than {LARGEST} values, aliases counted each time; write out less"


def _load_json(text: str, name: str, *, line: int, problem: str) -> Mapping:
    """Read what only a JSON parser takes (tabs as white space); lines are then unknown."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise TemplateError(name, 1, TOO_DEEP) from None
    except ValueError:
        raise TemplateError(name, line, f"not readable as YAML or JSON: {problem}") from None
    marked = _mark(value, name)
    if not isinstance(marked, Mapping):
        raise TemplateError(name, 1, "a template is a mapping with Resources; this is something else")
    return marked


def _mark(value: object, name: str, depth: int = 0) -> object:
    if depth > DEEPEST:
        raise TemplateError(name, 1, TOO_DEEP)
    if isinstance(value, dict):
        mapping = Mapping()
        mapping.update({key: _mark(inner, name, depth + 1) for key, inner in value.items()})
        return mapping
    if isinstance(value, list):
        sequence = Sequence()
        sequence.extend(_mark(inner, name, depth + 1) for inner in value)
        sequence.lines = [0] * len(value)
        return sequence
    return value


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.open: set[int] = set()
        self.built = 0

    def build(self, node: Node) -> object:
        if id(node) in self.open:
            raise TemplateError(self.name, node.start_mark.line + 1, "an alias contains itself")
        self.built += 1
        if len(self.open) >= DEEPEST or self.built > LARGEST:
            problem = TOO_LARGE if self.built > LARGEST else TOO_DEEP
            raise TemplateError(self.name, node.start_mark.line + 1, problem)
        self.open.add(id(node))
        try:
            value = self._untagged(node)
        finally:
            self.open.discard(id(node))
        return self._long_form(node, value) if node.tag.startswith("!") and node.tag != "!" else value

    def _untagged(self, node: Node) -> object:
        line = node.start_mark.line + 1
        if isinstance(node, MappingNode):
            mapping = Mapping(line)
            for key_node, value_node in node.value:
                key, key_line = self._key(key_node)
                if key in mapping:
                    raise TemplateError(self.name, key_line, f"{key} is given twice; remove one of them")
                mapping[key] = self.build(value_node)
                mapping.lines[key] = key_line
            return mapping
        if isinstance(node, SequenceNode):
            sequence = Sequence(line)
            for item in node.value:
                sequence.append(self.build(item))
                sequence.lines.append(item.start_mark.line + 1)
            return sequence
        return _scalar(cast("ScalarNode", node))

    def _key(self, node: Node) -> tuple[str, int]:
        line = node.start_mark.line + 1
        if not isinstance(node, ScalarNode):
            raise TemplateError(self.name, line, "a key must be plain text")
        if node.tag == "tag:yaml.org,2002:merge":
            raise TemplateError(self.name, line, "CloudFormation does not merge keys (<<); write them out")
        return str(node.value), line

    def _long_form(self, node: Node, value: object) -> Mapping:
        name = node.tag.removeprefix("!")
        key = name if name in ("Ref", "Condition") else f"Fn::{name}"
        line = node.start_mark.line + 1
        if name == "GetAtt" and isinstance(value, str):
            resource, _, attribute = value.partition(".")
            parts = Sequence(line)
            parts.extend([resource, attribute])
            parts.lines = [line, line]
            value = parts
        mapping = Mapping(line)
        mapping[key] = value
        mapping.lines[key] = line
        return mapping


def _scalar(node: ScalarNode) -> object:
    text = str(node.value)
    tag = node.tag.rpartition(":")[2]
    if node.style in ("'", '"', "|", ">") or node.tag.startswith("!"):
        return text
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in ("true", "yes", "on")
    if tag == "int" and re.fullmatch(r"[-+]?(0|[1-9][0-9]*)", text):
        return int(text)
    if tag == "float" and re.fullmatch(r"[-+]?[0-9]+\.[0-9]+", text):
        return float(text)
    return text
