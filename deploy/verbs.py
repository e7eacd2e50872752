"""The verbs of `python -m deploy`, one module a verb.

Each has `register(subparsers)`, which adds its parser and sets `run` as its default, and `run(arguments) -> int`.
A verb's module imports what is slow inside `run`, because every call of any verb registers all of them.
"""

ALONE = {"prove": "deploy.closedness.verb"}
"""Verbs that stand in everybody's loop -> their module: registered by itself, since importing all takes a while."""

VERBS = (
    "deploy.admin",
    "deploy.budget",
    "deploy.closedness.verb",
    "deploy.container.verb",
    "deploy.cost.verb",
    "deploy.doctor.verb",
    "deploy.documents",
    "deploy.down",
    "deploy.init",
    "deploy.inventory",
    "deploy.logs",
    "deploy.map.verb",
    "deploy.package",
    "deploy.rehearsal.verb",
    "deploy.request",
    "deploy.restore.check",
    "deploy.restore.verb",
    "deploy.rollback",
    "deploy.rotate",
    "deploy.site.verb",
    "deploy.stacks",
    "deploy.status",
    "deploy.up.verb",
    "deploy.verification",
    "deploy.verify.verb",
)
