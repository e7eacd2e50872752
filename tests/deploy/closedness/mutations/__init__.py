"""Holes, each put into our own templates by one change, with what must be found of it: rule and resource.

`python -m tests.deploy.closedness.compare` puts the same changes before other scanners.
"""

from tests.deploy.closedness.mutations.apis import apis
from tests.deploy.closedness.mutations.exposure import EXPOSURE
from tests.deploy.closedness.mutations.graph import GRAPH
from tests.deploy.closedness.mutations.mutation import Finding, Mutation
from tests.deploy.closedness.mutations.policies import POLICY
from tests.deploy.closedness.mutations.remainder import COMPLETENESS, NATURE

MUTATIONS: tuple[Mutation, ...] = (*GRAPH, *EXPOSURE, *POLICY, *COMPLETENESS, *NATURE)

__all__ = ["COMPLETENESS", "EXPOSURE", "GRAPH", "MUTATIONS", "POLICY", "Finding", "Mutation", "apis"]
