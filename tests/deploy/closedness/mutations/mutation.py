"""One hole: a change of one of our templates, with what must be found of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy import blueprint
from deploy.cfn import Template
from deploy.closedness import subject
from deploy.closedness.world import World
from deploy.combinations import toml
from deploy.stage import Stage
from deploy.stage_file import parse
from tests.deploy.paths import STAGE_FILE

Finding = tuple[str, str]


@dataclass(frozen=True)
class Mutation:
    """One change of one template: `old` becomes `new`; without `old`, `new` is added to its resources.

    `values` are the stage file's keys, where the hole needs others than the default ones.
    """

    name: str
    template: str
    new: str
    found: frozenset[Finding]
    old: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        """The stage in which the hole is."""
        return parse(toml(dict(self.values)), name="poc", path=STAGE_FILE)

    def text(self) -> str:
        """Give the template's text with the hole in it."""
        text = blueprint.template(self.template).text
        if not self.old:
            head, outputs, tail = text.partition("\nOutputs:")
            return head + "\n" + self.new + outputs + tail
        assert text.count(self.old) == 1, f"{self.name}: {self.old!r} stands {text.count(self.old)} times"
        return text.replace(self.old, self.new)

    def world(self) -> World:
        """Give the stage's world with the hole in it."""
        changed = {self.template: Template.parse(self.text(), name=self.template)}
        return subject.of_stage(self.stage, templates=changed)


def change(name: str, template: str, old: str, new: str, *found: Finding, **values: Any) -> Mutation:
    keys = {key.replace("__", "."): value for key, value in values.items()}
    return Mutation(name, template, new, frozenset(found), old, keys)


def add(name: str, template: str, new: str, *found: Finding, **values: Any) -> Mutation:
    return change(name, template, "", new, *found, **values)


def rule(port: str, peer: str) -> str:
    return f"- {{IpProtocol: tcp, {port}, {peer}}}"
