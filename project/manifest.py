"""Print, as JSON, what `deploy/` may know of the application: `python -m project.manifest`.

Tools that deploy never import the application; they run this with the interpreter at hand, without Django.
"""

import dataclasses
import json
import sys

from project.application import APPLICATION
from project.environment import VARIABLES


def describe() -> dict[str, object]:
    """Return the application's lists and its variables; `needed` is what a deployed stage must set."""
    return {
        **dataclasses.asdict(APPLICATION),
        "variables": [
            {
                "name": variable.name,
                "purpose": variable.purpose,
                "needed": variable.deployed is None,
                "secret": variable.secret,
            }
            for variable in VARIABLES.values()
        ],
    }


if __name__ == "__main__":
    json.dump(describe(), sys.stdout, ensure_ascii=False, indent=2)
