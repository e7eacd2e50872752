"""What the deploying side knows of the application: the JSON that project/manifest.py prints, never an import."""

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@functools.cache
def read() -> dict[str, Any]:
    """Return the application's lists and variables; the keys are described in project/manifest.py."""
    command = [sys.executable, "-m", "project.manifest"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    document: dict[str, Any] = json.loads(done.stdout)
    return document
