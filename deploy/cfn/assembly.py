"""Several templates as one: a parameter takes the output of the same name of a template that comes before it."""

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any

from deploy.cfn.evaluation import Evaluated, Evaluation
from deploy.cfn.template import Template
from deploy.cfn.values import Reference, Unknown


@dataclass(frozen=True)
class Assembly:
    """Templates evaluated in order, linked by outputs; `parts` maps a template's name to its evaluation."""

    parts: dict[str, Evaluation]

    def resources(self) -> Iterator[Evaluated]:
        """Yield every resource of every template that is, or may be, there."""
        for part in self.parts.values():
            yield from part.resources()

    def find(self, reference: object) -> Evaluated | None:
        """Give the resource that a `Reference` points at, if it is one of ours."""
        if not isinstance(reference, Reference) or reference.template not in self.parts:
            return None
        part = self.parts[reference.template]
        return next((found for found in part.resources() if found.logical_id == reference.logical_id), None)


def assemble(
    templates: list[Template],
    parameters: AnyMapping[str, Any],
    pseudo: AnyMapping[str, Any] | None = None,
    *,
    kept: dict[tuple[str, str, str], Evaluation] | None = None,
) -> Assembly:
    """Evaluate templates in the given order.

    A parameter's value is the one given in `parameters`, else the output of that name, else its default. What one
    template imports and another exports is linked in whatever order they stand. What was evaluated under the same
    values before is taken out of `kept`, where that is given, and put there otherwise.
    """
    exports: dict[str, Any] = {}
    assembly = _once(templates, parameters, pseudo or {}, exports, {} if kept is None else kept)
    for _ in templates:  # an import may stand in an export, and so on: once for each template is enough
        found = _exports(assembly)
        if found == exports:
            break
        exports = found
        assembly = _once(templates, parameters, pseudo or {}, exports, {})
    return assembly


def _exports(assembly: Assembly) -> dict[str, Any]:
    """Give what the templates export; a name that two of them give is nobody's, as AWS refuses the second."""
    found: dict[str, Any] = {}
    for part in assembly.parts.values():
        for name, value in part.exports():
            found[name] = Unknown(f"the export {name} is given twice", astray=True) if name in found else value
    return found


def _once(
    templates: list[Template],
    parameters: AnyMapping[str, Any],
    pseudo: AnyMapping[str, Any],
    imports: AnyMapping[str, Any],
    kept: dict[tuple[str, str, str], Evaluation],
) -> Assembly:
    parts: dict[str, Evaluation] = {}
    outputs: dict[str, Any] = {}
    for template in templates:
        wanted = {
            name: parameters[name] if name in parameters else outputs[name]
            for name in template.parameters
            if name in parameters or name in outputs
        }
        key = (template.name, template.text, repr((wanted, pseudo)))
        part = kept.setdefault(key, Evaluation(template, wanted, pseudo, imports=imports))
        parts[template.name] = part
        outputs |= part.outputs()
    return Assembly(parts)
