"""Read CloudFormation templates, ours or a stranger's, without asking AWS.

`source` reads YAML or JSON and keeps the line of everything, `template` gives it names, `evaluation` computes
conditions and intrinsics for given parameters, `assembly` links several templates by their outputs. Whatever cannot
be known stays `Unknown` with its reason; it is never guessed.
"""

from deploy.cfn.assembly import Assembly, assemble
from deploy.cfn.evaluation import Evaluated, Evaluation
from deploy.cfn.source import TemplateError
from deploy.cfn.template import Parameter, Resource, Template
from deploy.cfn.values import NO_VALUE, Reference, Text, Unknown, astray, is_known, unknowns

__all__ = [
    "NO_VALUE",
    "Assembly",
    "Evaluated",
    "Evaluation",
    "Parameter",
    "Reference",
    "Resource",
    "Template",
    "TemplateError",
    "Text",
    "Unknown",
    "assemble",
    "astray",
    "is_known",
    "unknowns",
]
