"""The verbs of `python -m deploy`, one module a verb.

Each has `register(subparsers)`, which adds its parser and sets `run` as its default, and `run(arguments) -> int`.
A verb's module imports what is slow inside `run`, because every call of any verb registers all of them.
"""

VERBS = (
    "deploy.budget",
    "deploy.closedness.verb",
    "deploy.container.verb",
    "deploy.cost.verb",
    "deploy.doctor.verb",
    "deploy.documents",
    "deploy.init",
    "deploy.inventory",
    "deploy.map.verb",
    "deploy.package",
    "deploy.request",
    "deploy.site.verb",
    "deploy.stacks",
    "deploy.verification",
)
