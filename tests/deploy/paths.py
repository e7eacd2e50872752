"""Where things lie in the tree."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "deploy" / "templates"
STAGE_FILE = ROOT / "deploy" / "stages" / "poc.toml"
