"""Every way in which a proposal changes. Nothing else writes these tables.

Verbs with keyword-only arguments: `by` is who does it, `at` when (aware, read from the clock by the edge). Each is
one transaction that holds the change, its audit event and its outbox message. Locks are always taken in the order
proposal, assignment, number, chain head.
"""

from api.proposals.operations.comments import comment
from api.proposals.operations.decisions import decide
from api.proposals.operations.definitions import publish_types
from api.proposals.operations.drafts import create_draft, edit_draft
from api.proposals.operations.submission import plan_route, pull_back, submit, withdraw

__all__ = [
    "comment",
    "create_draft",
    "decide",
    "edit_draft",
    "plan_route",
    "publish_types",
    "pull_back",
    "submit",
    "withdraw",
]
