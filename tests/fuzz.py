"""How long properties are looked for: bounded and the same in every run, or without bound by `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""Examples of each property, chosen anew in each run; 0 for the bounded ones."""


def examples(bounded: int, **more: int) -> settings:
    """Return settings for `bounded` examples that are always the same, or for as many others as were asked for."""
    return settings(
        max_examples=EXAMPLES or bounded,
        derandomize=not EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,  # type: ignore[arg-type]  # numbers only
    )
