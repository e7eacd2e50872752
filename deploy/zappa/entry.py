"""A stage's own entry in zappa_settings.json, as it is written there."""

import json
from pathlib import Path
from typing import Any

from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

SETTINGS = Path(__file__).parents[2] / "zappa_settings.json"
NO_STAGE = Words(
    'zappa_settings.json has no stage {name}. Add beside "poc": "{name}": {{"extends": "common", '
    '"aws_region": "{region}"}}',
    'zappa_settings.json に {name} がありません。"poc" の隣に追加してください: "{name}": {{"extends": "common", '
    '"aws_region": "{region}"}}',
)


def written(stage: Stage) -> dict[str, Any]:
    """Return a stage's keys, with those that it extends; raises `Failure` where there are none."""
    found = held(stage)
    if not found:
        raise Failure(NO_STAGE.say(language(), name=stage.name, region=stage.region))
    return found


def held(stage: Stage) -> dict[str, Any]:
    """Return the same, empty where there are none."""
    document = json.loads(SETTINGS.read_text(encoding="utf-8"))
    own: dict[str, Any] = document.get(stage.name, {})
    return {**document.get(own.get("extends", ""), {}), **own}
