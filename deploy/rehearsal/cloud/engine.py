"""Stacks of the local cloud: what a template and its parameters make, change by change.

It computes templates with the same reader that `prove` uses, orders resources by their references, replaces what
cannot be changed in place, rolls back on failure, and keeps or snapshots what its policies say.
"""

import contextlib
import datetime
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from deploy.cfn import Evaluation, Reference, Template, Unknown, is_known, unknowns
from deploy.cfn.evaluation import dependencies
from deploy.rehearsal.cloud.resource import TYPES, CloudError, Context, Gone, Properties, changed


@cache
def parsed(text: str, name: str) -> Template:
    """Read a template once; what comes back is never changed."""
    return Template.parse(text, name=name)


@dataclass
class Live:
    """One resource that stands."""

    logical_id: str
    type: str
    physical_id: str
    properties: Properties
    attributes: Properties
    deletion_policy: str


@dataclass(frozen=True)
class Change:
    """One line of a change set; `details` names the properties that differ."""

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str = ""
    details: tuple[str, ...] = ()


@dataclass
class Event:
    """Something that happened to a resource or to the stack itself."""

    logical_id: str
    type: str
    physical_id: str
    status: str
    reason: str = ""
    at: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))
    id: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass
class ChangeSet:
    """A change that waits for its execution."""

    id: str
    name: str
    kind: str
    template: str
    parameters: dict[str, str]
    tags: dict[str, str]
    changes: list[Change]
    status: str = "CREATE_COMPLETE"
    reason: str = ""
    execution: str = "AVAILABLE"


@dataclass
class Stack:
    """One stack."""

    name: str
    id: str
    account: str
    region: str
    status: str = "REVIEW_IN_PROGRESS"
    reason: str = ""
    template: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    resources: dict[str, Live] = field(default_factory=dict)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    created: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))
    drifts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    protected: bool = False

    def context(self, logical_id: str = "") -> Context:
        """Where this stack's resources are made."""
        return Context(self.account, self.region, self.name, logical_id, self.tags)

    def note(self, status: str, reason: str = "") -> None:
        """Record that the stack itself has reached `status`."""
        self.status, self.reason = status, reason
        self.events.append(Event(self.name, "AWS::CloudFormation::Stack", self.id, status, reason))

    def compute(self, template: Template, parameters: dict[str, str]) -> Evaluation:
        """Evaluate a template with this stack's live resources answering for themselves."""

        def attribute(logical_id: str, name: str) -> Any:
            live = self.resources.get(logical_id)
            if live is None:
                return Reference(template.name, logical_id, name)
            if name == "Ref":
                return live.physical_id
            if name not in live.attributes:
                return Unknown(f"{live.type} has no attribute {name} in the local cloud")
            return live.attributes[name]

        pseudo = {
            "AccountId": self.account,
            "Region": self.region,
            "StackName": self.name,
            "StackId": self.id,
        }
        return Evaluation(template, parameters, pseudo, attribute)

    def plan(self, template: Template, parameters: dict[str, str]) -> list[Change]:
        """Say what would change, as a change set does."""
        computation = self.compute(template, parameters)
        wanted = {found.logical_id: found for found in computation.resources()}
        changes = []
        for logical_id, found in wanted.items():
            live = self.resources.get(logical_id)
            if live is None:
                changes.append(Change("Add", logical_id, found.type))
                continue
            differing = changed(live.properties, found.properties)
            if differing or live.type != found.type:
                surely = differing & TYPES[live.type].replace_on
                maybe = any(not is_known(found.properties.get(key)) for key in surely)
                replacement = ("Conditional" if maybe else "True") if surely else "False"
                changes.append(
                    Change("Modify", logical_id, live.type, live.physical_id, replacement, tuple(sorted(differing)))
                )
        changes += [
            Change("Remove", live.logical_id, live.type, live.physical_id)
            for live in self.resources.values()
            if live.logical_id not in wanted
        ]
        return changes

    def apply(self, text: str, parameters: dict[str, str], tags: dict[str, str]) -> None:
        """Make the stack what the template says; on failure put back what was there."""
        creating = not self.resources and self.status in ("REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS")
        verb = "CREATE" if creating else "UPDATE"
        before = replace(self, resources=dict(self.resources), parameters=dict(self.parameters))
        self.note(f"{verb}_IN_PROGRESS", "User Initiated")
        self.tags = tags
        try:
            self._converge(parsed(text, self.name), parameters)
        except Exception as error:  # noqa: BLE001  whatever a type raises is a failed resource, as on AWS
            self._roll_back(before, creating=creating, reason=str(error))
            return
        self.template, self.parameters = text, parameters
        self.note(f"{verb}_COMPLETE")

    def _converge(self, template: Template, parameters: dict[str, str]) -> None:
        present = {found.logical_id for found in self.compute(template, parameters).resources() if found.present}
        leaving = [live for live in self.resources.values() if live.logical_id not in present]
        for logical_id in ordered(template):
            if logical_id in present:
                leaving += self._make(logical_id, template, parameters)
        self.outputs = self._outputs(template, parameters)
        for live in _dependents_first(leaving, self._template()):
            self._remove(live)

    def _template(self) -> Template | None:
        return parsed(self.template, self.name) if self.template else None

    def _make(self, logical_id: str, template: Template, parameters: dict[str, str]) -> list[Live]:
        """Make or change one resource; answer the old one when it was replaced."""
        resource = template.resources[logical_id]
        if resource.type not in TYPES:
            raise CloudError(f"{logical_id}: the local cloud does not know {resource.type}")
        kind = TYPES[resource.type]
        properties = self.compute(template, parameters).value(resource.properties)
        for unknown in unknowns(properties, references=True):
            raise CloudError(f"{logical_id}: {unknown}")
        live = self.resources.get(logical_id)
        if live is not None and not changed(live.properties, properties):
            live.deletion_policy = resource.deletion_policy
            return []
        context = self.context(logical_id)
        if live is not None and live.type == resource.type:
            differing = changed(live.properties, properties)
            if not differing & kind.replace_on:
                self._note(live, "UPDATE_IN_PROGRESS")
                with self._failing(live, "UPDATE_FAILED"):
                    live.attributes = kind.update(live.physical_id, live.properties, properties, context)
                self.resources[logical_id] = replace(
                    live, properties=properties, deletion_policy=resource.deletion_policy
                )
                self._note(live, "UPDATE_COMPLETE")
                return []
        made = Live(logical_id, resource.type, "", properties, {}, resource.deletion_policy)
        self._note(made, "CREATE_IN_PROGRESS")
        with self._failing(made, "CREATE_FAILED"):
            made.physical_id, made.attributes = kind.create(properties, context)
        self.resources[logical_id] = made
        self._note(made, "CREATE_COMPLETE")
        return [live] if live is not None else []

    def _outputs(self, template: Template, parameters: dict[str, str]) -> dict[str, str]:
        found = {}
        for name, value in self.compute(template, parameters).outputs().items():
            if not isinstance(value, str | int):
                raise CloudError(f"output {name} is no text: {value}")
            found[name] = str(value)
        return found

    def _remove(self, live: Live) -> None:
        if self.resources.get(live.logical_id) is live:
            del self.resources[live.logical_id]
        if live.deletion_policy in ("Retain", "RetainExceptOnCreate"):
            self._note(live, "DELETE_SKIPPED")
            return
        self._note(live, "DELETE_IN_PROGRESS")
        properties = {**live.properties, "DeletionPolicy": live.deletion_policy}
        with self._failing(live, "DELETE_FAILED"):
            TYPES[live.type].delete(live.physical_id, properties, self.context(live.logical_id))
        self._note(live, "DELETE_COMPLETE")

    def _roll_back(self, before: "Stack", *, creating: bool, reason: str) -> None:
        if creating:
            self.note("ROLLBACK_IN_PROGRESS", reason)
            for live in _dependents_first(list(self.resources.values()), None):
                with contextlib.suppress(Exception):
                    self._remove(replace(live, deletion_policy=""))
            self.resources = {}
            self.note("ROLLBACK_COMPLETE", reason)
            return
        self.note("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        self.tags = before.tags
        try:
            self._converge(parsed(before.template, self.name), before.parameters)
        except Exception as error:  # noqa: BLE001  as above: AWS stops here too
            self.note("UPDATE_ROLLBACK_FAILED", str(error))
            return
        self.note("UPDATE_ROLLBACK_COMPLETE", reason)

    def delete(self) -> None:
        """Take everything down in the order of dependence, keeping what says so."""
        if self.protected:
            raise CloudError(f"Stack [{self.name}] cannot be deleted while TerminationProtection is enabled")
        self.note("DELETE_IN_PROGRESS", "User Initiated")
        try:
            for live in _dependents_first(list(self.resources.values()), self._template()):
                self._remove(live)
        except Exception as error:  # noqa: BLE001  as above
            self.note("DELETE_FAILED", str(error))
            return
        self.note("DELETE_COMPLETE")

    def drift(self) -> list[dict[str, Any]]:
        """Compare what was declared with what describe calls give, resource by resource."""
        found = []
        for live in self.resources.values():
            try:
                actual = TYPES[live.type].read(live.physical_id, live.properties, self.context(live.logical_id))
            except Gone:
                found.append({"live": live, "status": "DELETED", "differences": []})
                continue
            seen = {key: value for key, value in live.properties.items() if key not in TYPES[live.type].unseen}
            differing = sorted(changed(seen, {key: actual.get(key) for key in seen}))
            found.append(
                {
                    "live": live,
                    "status": "MODIFIED" if differing else "IN_SYNC",
                    "differences": [(key, live.properties.get(key), actual.get(key)) for key in differing],
                }
            )
        return found

    def _note(self, live: Live, status: str, reason: str = "") -> None:
        self.events.append(Event(live.logical_id, live.type, live.physical_id, status, reason))

    @contextlib.contextmanager
    def _failing(self, live: Live, status: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._note(live, status, str(error))
            raise CloudError(f"{live.logical_id}: {error}") from error


def ordered(template: Template) -> list[str]:
    """Sort a template's resources so that each comes after all it refers to."""
    done: dict[str, None] = {}

    def visit(logical_id: str, above: tuple[str, ...]) -> None:
        if logical_id in above:
            raise CloudError(f"circular dependency: {' -> '.join((*above, logical_id))}")
        if logical_id not in done:
            for name in sorted(dependencies(template, template.resources[logical_id])):
                visit(name, (*above, logical_id))
            done[logical_id] = None

    for logical_id in template.resources:
        visit(logical_id, ())
    return list(done)


def _dependents_first(leaving: list[Live], template: Template | None) -> list[Live]:
    order = ordered(template) if template else []
    place = {logical_id: position for position, logical_id in enumerate(order)}
    made = {id(live): position for position, live in enumerate(leaving)}
    return sorted(leaving, key=lambda live: (place.get(live.logical_id, made[id(live)]), made[id(live)]), reverse=True)
